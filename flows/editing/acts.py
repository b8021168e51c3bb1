"""What a person does to a flow at once: change a value, lead a way elsewhere, add a choice or a step, reword it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flows.approvals import FILE as LOCK
from flows.approvals import fingerprint, read_approvals, write_approvals
from flows.editing.blank_steps import blank_step
from flows.editing.splices import Value, add_entry, add_item, remove_part, rename_key, set_value
from flows.editing.text_tree import CannotEdit, Part, Trail, find_part, prompt_words, read_parts, walk_parts
from flows.loading.catalogue import catalogue_file
from flows.loading.grammar import NO_WAYS, RESERVED
from flows.rewording import UnknownWording, reword
from flows.source import Source

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_WAY_WORDS = ("start", "home", "person", "told_in", "on_error")


def change(source: Source, name: str, act: Mapping[str, Any]) -> dict[str, str]:
    """The files with one act of the editor done. Raises CannotEdit, and then nothing is changed."""
    file = f"{name}.yaml"
    text = source.get(file, "")
    match act:
        case {"do": "set", "path": list(path), "value": str(value)}:
            return {**source, file: set_value(text, _trail(path), value)}
        case {"do": "add", "path": list(path), "key": str(key), "value": str() | dict() | list() as value}:
            return {**source, file: add_entry(text, _trail(path), key, value)}
        case {"do": "add_item", "path": list(path), "value": str() | dict() as value}:
            return {**source, file: add_item(text, _trail(path), value)}
        case {"do": "remove", "path": list(path)}:
            return {**source, file: remove_part(text, _trail(path))}
        case {"do": "say", "prompt": str(prompt), "words": dict(words)}:
            return say_otherwise(source, _written_in(text), prompt, words)
        case {"do": "add_choice", "step": str(step), "key": str(key), "prompt": str(prompt), "words": dict(words)}:
            return _add_choice(source, file, step, key, prompt, words, act)
        case {"do": "add_step", "name": str(step), "verb": str(verb), "told": dict(told), "words": dict(words)}:
            added = {**source, file: _add_step(text, step, verb, told, str(act.get("after", "")))}
            spoken = {prompt: said for prompt, said in words.items() if isinstance(said, dict)}
            for prompt, said in spoken.items():
                added = say_otherwise(added, _written_in(text), prompt, said)
            return added
        case {"do": "rename", "step": str(step), "name": str(new)}:
            return {**source, file: _rename(text, step, new)}
    raise CannotEdit("unknown_act")


def say_otherwise(source: Source, written_in: str, prompt: str, words: Mapping[str, Any]) -> dict[str, str]:
    """The files with this prompt said so, by language; one that is not there yet is added.

    Whoever writes a translation compares it with its source: it counts as approved. Raises CannotEdit.
    """
    if not _NAME.fullmatch(prompt):
        raise CannotEdit("bad_name")
    after = dict(source)
    approvals = dict(read_approvals(source.get(LOCK, "")))
    spoken = {language: " ".join(str(said).split()) for language, said in words.items()}
    for language, said in spoken.items():
        if not said or said == " ".join(_words(after, language, prompt).split()):
            continue  # what is said again as it stands was compared, and no letter of it changes
        try:
            after = reword(after, language, {prompt: said})
        except UnknownWording:
            path = catalogue_file(language)
            after[path] = add_entry(after.get(path, ""), ("prompts",), prompt, said)
    for language, said in spoken.items():
        if said and language != written_in:
            original = _words(after, written_in, prompt)
            approvals[prompt, language] = fingerprint(original)
    after[LOCK] = write_approvals(approvals)
    return after


def _add_choice(
    source: Source,
    file: str,
    step: str,
    key: str,
    prompt: str,
    words: Mapping[str, Any],
    act: Mapping[str, Any],
) -> dict[str, str]:
    """One more key of a menu: its line in every language, and the value that it notes."""
    text = source[file]
    root = read_parts(text)
    at = ("steps", step, "choices")
    choices = find_part(root, at)
    choice: dict[str, Value] = {"say": prompt}
    value, to = str(act.get("value", "")), str(act.get("go", ""))
    if value:
        choice["is"] = value
    if to:
        choice["go"] = to
    before = [child.name for child in choices.children if child.name.isdecimal() and child.name < key]
    text = add_entry(text, at, key, choice, after=max(before) if before and key.isdecimal() else None)
    note = find_part(root, ("steps", step)).child("note")
    values = find_part(root, ("notes", note.text, "one_of")) if value and note and note.kind == "scalar" else None
    if note and values and value not in [one.text for one in values.children]:
        text = add_item(text, ("notes", note.text, "one_of"), value)
    return say_otherwise({**source, file: text}, _written_in(text), prompt, words)


def _add_step(text: str, name: str, verb: str, told: Mapping[str, Any], after: str) -> str:
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise CannotEdit("bad_name")
    return add_entry(text, ("steps",), name, blank_step(verb, told), after=after or None, gap=True)


def _rename(text: str, step: str, new: str) -> str:
    """Call a step otherwise, everywhere where somebody is led to it."""
    if not _NAME.fullmatch(new) or new in RESERVED:
        raise CannotEdit("bad_name")
    text = rename_key(text, ("steps", step), new)
    led = [part for path, part in walk_parts(read_parts(text)) if part.text == step and leads_somewhere(path)]
    for part in sorted(led, key=lambda part: part.start, reverse=True):
        text = text[: part.start] + new + text[part.end :]
    return text


def leads_somewhere(path: Trail) -> bool:
    """Whether the name of a step may stand at this path of a flow's file."""
    if len(path) < 3:
        return path[:1] != ("steps",) and bool(path) and path[-1] in (*_WAY_WORDS, "give_up")
    if path[0] != "steps":
        return path[-1] in (*_WAY_WORDS, "give_up") or path[0] == "keys_everywhere"
    word = path[-1]
    return word == "go" or (len(path) == 3 and word not in NO_WAYS) or (len(path) == 4 and path[2] == "results")


def _trail(path: Sequence[Any]) -> Trail:
    return tuple(map(str, path))


def _written_in(text: str) -> str:
    root = read_parts(text)
    named, languages = root.child("written_in"), root.child("languages")
    if named is not None:
        return named.text
    return languages.children[0].text if languages and languages.children else "en"


def _words(source: Source, language: str, prompt: str) -> str:
    try:
        part: Part | None = find_part(read_parts(source.get(catalogue_file(language), "")), ("prompts", prompt))
    except CannotEdit:
        return ""
    return prompt_words(part)
