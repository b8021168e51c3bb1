"""Values of a compiled flow as they are written in its files."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from flows.flow import Clause, Condition, Place


def write_value(value: object) -> str:
    """`6s`, `yes`, `a, b`, `1: not_heard` or a condition."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value / 60:.0f}m" if value >= 60 and value % 60 == 0 else f"{value:g}s"
        case Condition():
            return " and ".join(_write_clause(clause) for clause in value.clauses)
        case Mapping():
            return ", ".join(f"{name}: {write_value(one)}" for name, one in value.items())
        case tuple():
            return ", ".join(write_value(one) for one in value)
    if is_dataclass(value):
        told = {field.name: getattr(value, field.name) for field in fields(value)}
        return ", ".join(
            f"{name}: {write_value(one)}"
            for name, one in told.items()
            if not isinstance(one, Place) and not is_blank(one)
        )
    return str(value)


def is_blank(value: object) -> bool:
    """Whether nothing is set. False and zero are."""
    return value is None or (isinstance(value, str | tuple | Mapping) and not value)


def _write_clause(clause: Clause) -> str:
    negated = " not" if clause.negated else ""
    if clause.test == "known":
        return f"{clause.subject} is{negated} known"
    many = " one of" if clause.test == "one_of" else ""
    return f"{clause.subject} is{negated}{many} {', '.join(clause.values)}"
