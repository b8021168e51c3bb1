"""A report as a file: plain numbers in Latin digits, so that every spreadsheet program can reckon with them."""

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from agent_console.report import COLUMNS, Column, Number, ReportRow
from agent_console.showing import INDIA
from agent_console.words import LANGUAGES, say

BOM = "\ufeff"  # without it spreadsheet programs read Bengali as junk
_MEMORY = 8 * 1024 * 1024
_FORMATS = {"count": "0", "ratio": "0.0%", "seconds": "0.0"}


def csv_lines(rows: Iterable[ReportRow]) -> Iterator[str]:
    """The report as CSV, line by line, while it is still being read."""
    yield BOM + _line(_heads())
    for row in rows:
        yield _line([*_place(row), *("" if number is None else str(number) for number in _numbers(row))])


def xlsx_file(rows: Iterable[ReportRow]) -> "SpooledTemporaryFile[bytes]":
    """The report as a workbook, rewound, to be closed by whoever sends it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("report.title"))
    sheet.freeze_panes = "D2"
    sheet.append([text_cell(sheet, head, bold=True) for head in _heads()])
    for row in rows:
        places = [text_cell(sheet, place) for place in _place(row)]
        numbers = [_number_cell(sheet, column, value) for column, value in zip(COLUMNS, _numbers(row), strict=True)]
        sheet.append([*places, *numbers])
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115  the sender closes it
    book.save(file)
    file.seek(0)
    return file


def text_cell(sheet: Any, text: str, *, bold: bool = False) -> Cell:
    """A cell that holds `text` as it is: one that begins with = is no formula."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _number_cell(sheet: Any, column: Column, value: Number) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = _FORMATS[column.kind]
    return cell


def _heads() -> list[str]:
    places = [say("report.day"), say("report.from_hour"), say("call.language")]
    return [*places, *(say(f"report.{column.name}") for column in COLUMNS)]


def _place(row: ReportRow) -> list[str]:
    local = row.begins.astimezone(INDIA)
    language = LANGUAGES.get(row.language, row.language) if row.language else say("report.all")
    return [f"{local:%Y-%m-%d}", f"{local:%H:%M}", language]


def _numbers(row: ReportRow) -> list[Number]:
    return [_rounded(column, row) for column in COLUMNS]


def _rounded(column: Column, row: ReportRow) -> Number:
    value = None if column.of_all and row.language else column.value(row.figures)
    if value is None or column.kind == "count":
        return value
    return round(value, 4 if column.kind == "ratio" else 1)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A text that a spreadsheet program would take for a formula gets an apostrophe before it; numbers stay."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not _is_number(cell)) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
