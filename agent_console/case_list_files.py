"""A list of cases as a file: what stands in the columns, and neither the citizen's name, number nor words."""

from collections.abc import Iterable, Sequence

from agent_console.case_rows import CaseRow
from agent_console.showing import INDIA, grouped
from agent_console.table_files import Cell
from agent_console.words import say

_HEADS = (
    "registered.reference",
    "complaint.state",
    "form.category",
    "form.place",
    "act_of_case.field.department",
    "cases.level",
    "act_of_case.field.office",
    "cases.held_by",
    "complaint.registered_at",
    "cases.due",
    "cases.days_left",
)


def case_heads() -> list[str]:
    return [say(head) for head in _HEADS]


def case_cells(rows: Iterable[CaseRow]) -> list[Sequence[Cell]]:
    """Days as a spreadsheet program reads them; below zero it is late by so many working days."""
    return [
        (
            grouped(row.reference),
            say(f"complaint.{row.state}"),
            row.category_name,
            row.place_name,
            row.department_name,
            row.level,
            row.office_name,
            row.officer_name,
            f"{row.registered_at.astimezone(INDIA):%Y-%m-%d}",
            row.due.on.isoformat() if row.due else "",
            row.due.days if row.due else None,
        )
        for row in rows
    ]
