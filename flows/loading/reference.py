"""Names of notes and facts inside a step: whether they exist and can hold what is put there (E13)."""

from flows.flow import NoteType, Place
from flows.loading.draft import Draft
from flows.loading.facts import check_value, is_fact, report_unknown
from flows.loading.fields import Fields
from flows.nodes import Scalar


def read_fact_names(draft: Draft, fields: Fields, word: str) -> tuple[str, ...]:
    """One or more notes or facts, each of which must be declared."""
    scalars = fields.scalars(word)
    for scalar in scalars:
        report_unknown(draft, scalar.at, scalar.text, f'{fields.owner} uses "{scalar.text}" in "{word}"')
    return tuple(scalar.text for scalar in scalars)


def read_note_name(draft: Draft, fields: Fields, word: str) -> str | None:
    """The note that a step writes."""
    scalar = fields.scalar(word)
    if scalar is None:
        return None
    return scalar.text if _is_note(draft, scalar, fields.owner) else None


def read_assignments(draft: Draft, fields: Fields, word: str) -> dict[str, str]:
    """Notes and what is written into them: a value, or the name of a note or fact to copy."""
    node = fields.node(word)
    inner = Fields(draft, node, f'{fields.owner}: "{word}"', fields.at)
    assigned = {}
    for name, entry in inner.entries.items():
        value = inner.as_scalar(entry.value, name)
        if value and _is_note(draft, entry.key, fields.owner):
            check_assigned(draft, name, value)
            assigned[name] = value.text
    return assigned


def check_assigned(draft: Draft, note: str, value: Scalar) -> None:
    """E13 unless the note can hold this value, or what the named fact can be."""
    kept = draft.notes[note]
    if is_fact(draft, value.text):
        given = draft.facts.get(value.text, NoteType())
        for one in given.values if kept.values and given.kind is None else ():
            check_value(draft, value.at, note, kept, one)
    elif kept.values:
        check_value(draft, value.at, note, kept, value.text)
    elif kept.kind != "name":
        report_unknown(draft, value.at, value.text, f'"{note}" is to be copied from "{value.text}"')


def check_kind(draft: Draft, at: Place, note: str, kind: str) -> None:
    """E13 unless digits of this kind fit the note."""
    kept = draft.notes[note]
    fits = kept.kind in (None, kind) and (not kept.values or kind in ("yes_no", "number"))
    if not fits:
        holds = f"one of {', '.join(kept.values)}" if kept.values else f'a "{kept.kind}"'
        draft.report(at, "E13", f'"{note}" holds {holds}, but here it would get a "{kind}". Use another note.')


def _is_note(draft: Draft, scalar: Scalar, owner: str) -> bool:
    if scalar.text in draft.notes:
        return True
    hint = draft.suggest(scalar.text, draft.notes) or " Declare it under notes."
    draft.report(scalar.at, "E13", f'{owner} writes "{scalar.text}", but there is no note with that name.{hint}')
    return False
