"""A list of cases as a file: what stands in the columns, and neither the citizen's name, number nor words."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile

from openpyxl import Workbook

from agent_console.case_rows import CaseRow
from agent_console.report_files import BOM, csv_line, text_cell
from agent_console.showing import INDIA, grouped
from agent_console.words import say

_MEMORY = 8 * 1024 * 1024
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


def case_csv(rows: Sequence[CaseRow]) -> Iterator[str]:
    yield BOM + csv_line([say(head) for head in _HEADS])
    for row in rows:
        yield csv_line([*_texts(row), str(row.level), *_holder(row), *_dates(row), _left(row)])


def case_xlsx(rows: Sequence[CaseRow]) -> "SpooledTemporaryFile[bytes]":
    """The list as a workbook, rewound, to be closed by whoever sends it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("cases.title"))
    sheet.freeze_panes = "B2"
    sheet.append([text_cell(sheet, say(head), bold=True) for head in _HEADS])
    for row in rows:
        texts = [text_cell(sheet, one) for one in _texts(row)]
        holder = [text_cell(sheet, one) for one in (*_holder(row), *_dates(row))]
        sheet.append([*texts, row.level, *holder, row.due.days if row.due else None])
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115  the sender closes it
    book.save(file)
    file.seek(0)
    return file


def _texts(row: CaseRow) -> list[str]:
    state = say(f"complaint.{row.state}")
    return [grouped(row.reference), state, row.category_name, row.place_name, row.department_name]


def _holder(row: CaseRow) -> list[str]:
    return [row.office_name, row.officer_name]


def _dates(row: CaseRow) -> list[str]:
    due = row.due.on.isoformat() if row.due else ""
    return [f"{row.registered_at.astimezone(INDIA):%Y-%m-%d}", due]


def _left(row: CaseRow) -> str:
    return str(row.due.days) if row.due else ""
