"""Conditions of `decide` and `urgent_when`, tried on what a call knows."""

import re
from typing import Protocol

from flows.flow import Clause, Condition

NUMBER_KINDS = frozenset({"mobile", "landline", "foreign", "withheld"})
NUMBER_CONFIRMED = "caller.number_confirmed"  # the fact behind `caller.number is confirmed`
_INDIAN_MOBILE = re.compile(r"(\+91)?[6-9]\d{9}")


class Knowing(Protocol):
    def known(self, name: str) -> str | None: ...


def holds(condition: Condition, call: Knowing) -> bool:
    """Whether every clause is true now. What is not known equals nothing."""
    return all(_clause_holds(clause, call) for clause in condition.clauses)


def is_mobile(number: str) -> bool:
    """Whether this is an Indian mobile number, with or without +91."""
    return _INDIAN_MOBILE.fullmatch(number) is not None


def _clause_holds(clause: Clause, call: Knowing) -> bool:
    if clause.test == "known":
        return (call.known(clause.subject) is not None) != clause.negated
    return any(_equals(clause.subject, value, call) for value in clause.values) != clause.negated


def _equals(subject: str, value: str, call: Knowing) -> bool:
    if subject == "caller.number" and value in NUMBER_KINDS:
        return call.known("caller.number_kind") == value
    if subject == "caller.number" and value == "confirmed":
        return call.known(NUMBER_CONFIRMED) == "yes"
    known = call.known(subject)
    if known is None:
        return value == "withheld"
    return known == value or (value == "mobile" and is_mobile(known))
