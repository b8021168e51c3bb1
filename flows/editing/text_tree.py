"""A YAML file as a tree that knows where in the text each of its parts begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import yaml

Trail = tuple[str, ...]
"""The keys, and numbers in lists, that lead from the top to a part."""

_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what the reader of YAML counts as the end of a line


class CannotEdit(ValueError):
    """This cannot be changed here. `why` is a constant name, `line` where, if a line is to blame."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"{why} {line}" if line else why)
        self.why = why
        self.line = line


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the text, from character `start` to `end`. `key` is what stands before it in a mapping.

    `line` and `column` count from 1, as those of the checker do.
    """

    kind: Literal["scalar", "mapping", "sequence"]
    start: int
    end: int
    line: int
    column: int
    text: str = ""
    is_inline: bool = False  # in braces or brackets
    children: tuple["Part", ...] = ()
    key: "Part | None" = None

    @property
    def name(self) -> str:
        return self.key.text if self.key else ""

    @property
    def last(self) -> int:
        """Where its last character that is no remark or blank stands: a block ends before what follows it."""
        if self.children and not self.is_inline:
            return self.children[-1].last
        return self.end

    def child(self, name: str) -> "Part | None":
        """The entry of this name; in a list the item of this number."""
        if self.kind == "sequence":
            return self.children[int(name)] if name.isdecimal() and int(name) < len(self.children) else None
        return next((child for child in self.children if child.name == name), None)


@lru_cache(maxsize=8)  # the drawing, the form and an act of one step read the same text one after the other
def read_parts(text: str) -> Part:
    """The whole file. Raises CannotEdit where it cannot be read."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CannotEdit("unreadable", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise CannotEdit("unreadable", 1) from error
    if root is None:
        raise CannotEdit("unreadable", 1)
    starts = [0, *(found.end() for found in _BREAKS.finditer(text))]
    return _part(root, starts, None)


def _part(node: yaml.Node, starts: list[int], key: Part | None) -> Part:
    start, end = _offset(node.start_mark, starts), _offset(node.end_mark, starts)
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return Part("scalar", start, end, line, column, node.value, key=key)
    is_inline = bool(getattr(node, "flow_style", False))
    if isinstance(node, yaml.MappingNode):
        children = tuple(
            _part(value, starts, _part(name, starts, None))
            for name, value in node.value
            if isinstance(name, yaml.ScalarNode)
        )
        return Part("mapping", start, end, line, column, "", is_inline, children, key)
    children = tuple(_part(item, starts, None) for item in node.value)
    return Part("sequence", start, end, line, column, "", is_inline, children, key)


def _offset(mark: yaml.Mark, starts: list[int]) -> int:
    # The marks' own index counts bytes in some releases of libyaml; line and column always count characters.
    return starts[mark.line] + mark.column if mark.line < len(starts) else starts[-1] + mark.column


def find_part(root: Part, path: Trail) -> Part:
    """The part at `path`. Raises CannotEdit where there is none."""
    part: Part | None = root
    for name in path:
        part = part.child(name) if part else None
    if part is None:
        raise CannotEdit("gone")
    return part


def prompt_words(part: Part | None) -> str:
    """What a prompt of a catalogue says: written alone, or as `text` beside its line for a key or its recording."""
    words = part.child("text") if part and part.kind == "mapping" else part
    return words.text if words else ""


def walk_parts(part: Part, path: Trail = ()) -> Iterator[tuple[Trail, Part]]:
    """Every part below, with its path, from top to bottom."""
    yield path, part
    for number, child in enumerate(part.children):
        yield from walk_parts(child, (*path, child.name if child.key else str(number)))
