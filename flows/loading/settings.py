"""How a step waits and what it does when nothing comes: its own settings, else the flow's, else the built-in ones."""

from dataclasses import replace

from flows.flow import Defaults, Place
from flows.loading.destination import read_destination
from flows.loading.draft import Draft, Wording
from flows.loading.fields import Fields
from flows.loading.scalars import parse_count


def read_settings(draft: Draft, fields: Fields, inherited: Defaults, step: str) -> Defaults:
    """The settings in force for a step; for the flow's own `defaults`, `step` is empty."""
    changes: dict[str, object] = {}
    for word in ("wait", "longest_in_menus"):
        if fields.has(word):
            changes[word] = fields.duration(word, getattr(inherited, word))
    for word in ("tries", "quiet_caller_tries"):
        if fields.has(word):
            changes[word] = _read_tries(fields, word, getattr(inherited, word))
    if fields.has("interrupt"):
        changes["interrupt"] = fields.yes_no("interrupt", inherited.interrupt)
    for word in ("on_silence", "on_wrong_key"):
        if fields.has(word):
            changes[word] = _read_wordings(draft, fields, word, step)
    if fields.has("on_error"):
        changes["on_error"] = _read_on_error(draft, fields)
    return replace(inherited, **changes) if changes else inherited  # type: ignore[arg-type]  # words are field names


def _read_tries(fields: Fields, word: str, inherited: int) -> int:
    tries = fields.count(word, inherited)
    if tries < 1:
        at: Place = fields.key_at(word)
        fields.report(at, f'{fields.owner}: "{word}" must be at least 1, or callers would never be asked.', "E17")
        return inherited
    return tries


def _read_wordings(draft: Draft, fields: Fields, word: str, step: str) -> dict[int, str]:
    """What is said on the first, second ... silence or wrong key. One word alone counts from the first."""
    wordings: dict[int, str] = {}
    node = Fields(draft, fields.node(word), f'{fields.owner}: "{word}"', fields.at)
    for text, entry in node.entries.items():
        number = parse_count(text)
        scalar = node.as_scalar(entry.value, text)
        if not number:
            sentence = f'{fields.owner}: "{text}" is not a number of times. Write {word} like {{1: not_heard}}.'
            fields.report(entry.key.at, sentence, "E17")
        elif scalar:
            wordings[number] = scalar.text
            draft.wordings.append(Wording(scalar.text, scalar.at, step))
    return wordings


def _read_on_error(draft: Draft, fields: Fields) -> str | None:
    return read_destination(draft, fields.node("on_error"), fields.owner, fields.key_at("on_error")) or None
