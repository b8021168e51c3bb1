"""One change of a YAML text at a path. Everything that is not meant stays, letter by letter."""

import json
from collections.abc import Mapping, Sequence
from typing import Union

import yaml

from flows.editing.text_tree import CannotEdit, Part, Trail, find_part, read_parts

# A type of itself cannot be written with |.
Value = Union[str, Mapping[str, "Value"], Sequence["Value"]]  # noqa: UP007

_INDENT = "  "
_LONGEST_LINE = 120


def set_value(text: str, path: Trail, value: str) -> str:
    """Put another value in place of one. Raises CannotEdit."""
    part = find_part(read_parts(text), path)
    if part.kind != "scalar":
        raise CannotEdit("several")
    if part.start == part.end:
        return _checked(f"{text[: part.start].rstrip(' ')} {as_scalar(value)}{text[part.end :]}", path, value)
    was_quoted = text[part.start] in "\"'"
    ends_line = "\n" if text[part.start] in "|>" else ""
    said = json.dumps(value, ensure_ascii=False) if was_quoted else as_scalar(value)
    return _checked(text[: part.start] + said + ends_line + text[part.end :], path, value)


def add_entry(text: str, path: Trail, key: str, value: Value, *, after: str | None = None, gap: bool = False) -> str:
    """Put an entry into the mapping at `path`: behind the entry `after`, else at its end. `gap` leaves a line free.

    Raises CannotEdit.
    """
    part = find_part(read_parts(text), path)
    if part.kind != "mapping" and part.start != part.end:
        raise CannotEdit("no_mapping")
    if part.child(key) is not None:
        raise CannotEdit("twice")
    if part.is_inline:
        return _checked(_insert_inline(text, part, f"{as_scalar(key)}: {inline(value)}", after), (*path, key), None)
    if not part.children:
        indent = _indent_of_line(text, part.key.start if part.key else 0) + _INDENT
        entry = block(key, value, indent)
        return _checked(f"{text[: part.start].rstrip(' ')}\n{entry}{text[part.end :]}", (*path, key), None)
    before = next((child for child in part.children if child.name == after), part.children[-1])
    first = part.children[0].key
    indent = " " * (first.column - 1 if first else 0)
    return _checked(_insert_line(text, before, block(key, value, indent), gap=gap), (*path, key), None)


def add_item(text: str, path: Trail, value: Value) -> str:
    """Put one more item at the end of the list at `path`. Raises CannotEdit."""
    part = find_part(read_parts(text), path)
    if part.kind != "sequence":
        raise CannotEdit("no_list")
    if part.is_inline or not part.children:
        return _checked(_insert_inline(text, part, inline(value), None), (*path, str(len(part.children))), None)
    last = part.children[-1]
    dash = text.rindex("-", 0, last.start)
    indent = " " * (dash - _line_start(text, dash))
    added = _insert_line(text, last, f"{indent}- {inline(value)}")
    return _checked(added, (*path, str(len(part.children))), None)


def remove_part(text: str, path: Trail) -> str:
    """Take an entry or an item away. The last one of its kind stays. Raises CannotEdit."""
    root = read_parts(text)
    part, parent = find_part(root, path), find_part(root, path[:-1])
    if len(parent.children) == 1:
        raise CannotEdit("last_one")
    begin = part.key.start if part.key else part.start
    if parent.is_inline:
        number = parent.children.index(part)
        if number + 1 < len(parent.children):
            following = parent.children[number + 1]
            until = following.key.start if following.key else following.start
            return text[:begin] + text[until:]
        return text[: parent.children[number - 1].end] + text[part.end :]
    if not part.key:
        begin = text.rindex("-", 0, part.start)
    return text[: _line_start(text, begin)] + text[_line_end(text, part.last) :]


def entry_text(text: str, part: Part) -> str:
    """The lines of an entry as they are written, from its key on."""
    if part.key is None:
        raise CannotEdit("no_mapping")
    return text[part.key.start : _line_end(text, part.last)].rstrip("\n")


def replace_entry(text: str, path: Trail, entry: str) -> str:
    """Put these lines in the place of an entry of a block. They were written with its indent. Raises CannotEdit."""
    root = read_parts(text)
    part, parent = find_part(root, path), find_part(root, path[:-1])
    if part.key is None or parent.is_inline:
        raise CannotEdit("no_mapping")
    end = _line_end(text, part.last)
    ending = "\n" if text[:end].endswith("\n") else ""
    return _checked(f"{text[: part.key.start]}{entry}{ending}{text[end:]}", path, None)


def rename_key(text: str, path: Trail, name: str) -> str:
    """Call an entry otherwise. Raises CannotEdit."""
    root = read_parts(text)
    part, parent = find_part(root, path), find_part(root, path[:-1])
    if part.key is None:
        raise CannotEdit("no_mapping")
    if parent.child(name) is not None:
        raise CannotEdit("twice")
    return text[: part.key.start] + as_scalar(name) + text[part.key.end :]


def as_scalar(value: str) -> str:
    """The value as YAML text that is read as just this, inside braces too; without quotation marks where they are not
    needed."""
    for text in (value, json.dumps(value, ensure_ascii=False)):
        if text == value and (not value or value != value.strip() or "\n" in value or "#" in value):
            continue
        try:
            node = yaml.compose(f"{{a: {text}, b: [{text}]}}", Loader=yaml.BaseLoader)
        except yaml.YAMLError:
            continue
        read = [child for _, child in node.value] if node else []
        if [one.value for one in read[:1]] == [value] and [one.value for one in read[-1].value] == [value]:
            return text
    return json.dumps(value, ensure_ascii=False)


def inline(value: Value) -> str:
    """The value on one line."""
    if isinstance(value, str):
        return as_scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_scalar(key)}: {inline(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]"


def block(key: str, value: Value, indent: str) -> str:
    """An entry with its value as people write it: small things on one line, large ones below each other."""
    head = f"{indent}{as_scalar(key)}:"
    short = f"{head} {inline(value)}"
    if isinstance(value, str) or (isinstance(value, Sequence) and len(short) <= _LONGEST_LINE):
        return short
    if isinstance(value, Mapping):
        is_leaf = indent and all(isinstance(one, str) for one in value.values())
        if is_leaf and len(indent) > len(_INDENT) and len(short) <= _LONGEST_LINE:
            return short
        return "\n".join([head, *(block(name, one, indent + _INDENT) for name, one in value.items())])
    return "\n".join([head, *(f"{indent}{_INDENT}- {inline(one)}" for one in value)])


def _insert_inline(text: str, part: Part, entry: str, after: str | None) -> str:
    if not part.children:
        return f"{text[: part.start + 1]}{entry}{text[part.start + 1 :]}"
    before = next((child for child in part.children if child.name == after), part.children[-1])
    return f"{text[: before.end]}, {entry}{text[before.end :]}"


def _insert_line(text: str, before: Part, entry: str, *, gap: bool = False) -> str:
    end = _line_end(text, before.last)
    head = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
    free = "\n" if gap else ""
    return f"{head}{free}{entry}\n{text[end:]}"


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Where the line after the one with character `at` begins."""
    if at > 0 and text[at - 1 : at] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _indent_of_line(text: str, at: int) -> str:
    start = _line_start(text, at)
    return text[start : start + len(text[start:]) - len(text[start:].lstrip(" "))]


def _checked(text: str, path: Trail, value: str | None) -> str:
    """The text, if what was put into it is read back from there."""
    part = find_part(read_parts(text), path)
    if value is not None and part.text != value:
        raise CannotEdit("not_here")
    return text
