"""Conditions such as `category is one of police, bribery and caller.number is known`, read and judged."""

import re

from flows.flow import Clause, Condition, NoteType
from flows.loading.draft import Draft
from flows.loading.facts import check_value, report_unknown
from flows.nodes import Scalar

_CLAUSE = re.compile(r"(?P<subject>[^\s]+)\s+is(?P<negated>\s+not)?\s+(?:(?P<many>one\s+of)\s+)?(?P<values>\S.*)")
_HOW = 'Write it like "category is police", "category is one of police, bribery" or "reference is known".'


def read_condition(draft: Draft, scalar: Scalar) -> Condition | None:
    """The condition, or None with E17 (not understood) or E13 (names something undeclared) reported."""
    clauses = [_read_clause(draft, scalar, part) for part in re.split(r"\s+and\s+", scalar.text.strip())]
    return None if None in clauses else Condition(tuple(clause for clause in clauses if clause))


def _read_clause(draft: Draft, scalar: Scalar, text: str) -> Clause | None:
    found = _CLAUSE.fullmatch(text.strip())
    values = tuple(value.strip() for value in found["values"].split(",")) if found else ()
    if found is None or not all(values) or (len(values) > 1 and not found["many"]):
        draft.report(scalar.at, "E17", f'"{text}" is not a condition. {_HOW}')
        return None
    if any(" " in value for value in values):
        draft.report(scalar.at, "E17", f'"{text}" is not a condition. {_HOW}')
        return None
    subject, negated = found["subject"], bool(found["negated"])
    kept = draft.facts.get(subject)
    if kept is None:
        report_unknown(draft, scalar.at, subject, f'a condition asks for "{subject}"')
        return None
    if values == ("known",) and not found["many"]:
        return Clause(subject, "known", (), negated)
    if values == ("withheld",) and subject == "caller.number" and not found["many"]:
        return Clause(subject, "known", (), not negated)
    if not _values_fit(draft, scalar, subject, kept, values):
        return None
    return Clause(subject, "one_of" if found["many"] else "is", values, negated)


def _values_fit(draft: Draft, scalar: Scalar, subject: str, kept: NoteType, values: tuple[str, ...]) -> bool:
    fits = [check_value(draft, scalar.at, subject, kept, value) for value in values]  # all wrong values are told
    return all(fits)
