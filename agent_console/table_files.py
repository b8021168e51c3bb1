"""A table of a page as a file: texts and plain numbers in Latin digits."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from flask import Response, abort, send_file
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | None
T = TypeVar("T")
BOM = "\ufeff"  # without it spreadsheet programs read Bengali as junk
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEMORY = 8 * 1024 * 1024


def send_table(ending: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as `csv`, which every spreadsheet program reads, or as an `xlsx` workbook; nothing else is there."""
    if ending == "csv":
        return send_csv(name, [BOM, csv_line(heads), *map(csv_line, rows)])
    check_ending(ending)
    return send_xlsx(name, workbook(name[:31], "A2", heads, rows, _cells))


def check_ending(ending: str) -> None:
    """Answer that it is not there where `ending` is of no kind of file that is sent here."""
    if ending not in ("csv", "xlsx"):
        abort(404)


def send_csv(name: str, lines: Iterable[str]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def send_xlsx(name: str, file: "SpooledTemporaryFile[bytes]") -> Response:
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def csv_line(cells: Iterable[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def workbook(
    title: str, frozen: str, heads: Sequence[str], rows: Iterable[T], cells: Callable[[Any, T], Sequence[SheetCell]]
) -> "SpooledTemporaryFile[bytes]":
    """A workbook of one sheet, rewound, to be closed by whoever sends it. What is above and left of `frozen` stays."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = frozen
    sheet.append([text_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append(cells(sheet, row))
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115  the sender closes it
    book.save(file)
    file.seek(0)
    return file


def text_cell(sheet: Any, text: str, *, bold: bool = False) -> SheetCell:
    """A cell that holds `text` as it is: one that begins with = is no formula."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def harmless(cell: str) -> str:
    """A text that a spreadsheet program would take for a formula gets an apostrophe before it; numbers stay."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not _is_number(cell)) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _cells(sheet: Any, row: Sequence[Cell]) -> list[SheetCell]:
    return [text_cell(sheet, cell) if isinstance(cell, str) else WriteOnlyCell(sheet, value=cell) for cell in row]
