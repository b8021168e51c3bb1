"""A report as a file: plain numbers in Latin digits, so that every spreadsheet program can reckon with them."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell

from agent_console.report import COLUMNS, Column, Number, ReportRow
from agent_console.showing import INDIA
from agent_console.table_files import BOM, csv_line, text_cell, workbook
from agent_console.words import LANGUAGES, say

_FORMATS = {"count": "0", "ratio": "0.0%", "seconds": "0.0"}


def csv_lines(rows: Iterable[ReportRow]) -> Iterator[str]:
    """The report as CSV, line by line, while it is still being read."""
    yield BOM + csv_line(_heads())
    for row in rows:
        yield csv_line([*_place(row), *("" if number is None else str(number) for number in _numbers(row))])


def xlsx_file(rows: Iterable[ReportRow]) -> "SpooledTemporaryFile[bytes]":
    """The report as a workbook, rewound, to be closed by whoever sends it."""

    def cells(sheet: Any, row: ReportRow) -> list[Cell]:
        places = [text_cell(sheet, place) for place in _place(row)]
        return [*places, *(_number_cell(sheet, *one) for one in zip(COLUMNS, _numbers(row), strict=True))]

    return workbook(say("report.title"), "D2", _heads(), rows, cells)


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
