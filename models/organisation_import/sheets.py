"""The two sheets of the register of offices, as CSV or as XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

Name = Literal["offices", "postings"]

COLUMNS: Mapping[Name, tuple[str, ...]] = {
    "offices": ("code", "department", "level", "name_en", "name_bn", "name_hi", "place", "parent", "active"),
    "postings": ("office", "login", "duty", "from", "until"),
}
_NEEDED: Mapping[Name, frozenset[str]] = {
    "offices": frozenset({"code", "department", "level", "name_en"}),
    "postings": frozenset({"office", "login", "duty", "from"}),
}
MOST_ROWS = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableSheet(Exception):
    """The file is none of ours. The message says what was expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet as somebody sees it: `line` counts from 1, the heading is line 1."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


Sheets = Mapping[Name, Sequence[Row]]


def read_sheets(data: bytes, *, is_xlsx: bool) -> Sheets:
    """What stands in the file. The heading of a CSV file tells which of the two it is. Raises UnreadableSheet."""
    if not is_xlsx:
        return dict([_named(_csv_lines(data), "this file")])
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableSheet("This is no XLSX workbook.") from error
    found: dict[Name, Sequence[Row]] = {}
    for sheet in book.worksheets:
        lines = ([_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True))
        name, rows = _named(lines, f"the sheet {sheet.title}")
        if name in found:
            raise UnreadableSheet(f"Two sheets hold {name}: put them together.")
        found[name] = rows
    return found


def write_csv(name: Name, rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet as CSV, which a spreadsheet opens with its scripts intact."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS[name])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(sheets: Mapping[Name, Sequence[Sequence[str]]]) -> bytes:
    """Both sheets as one workbook."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(COLUMNS[name])
        for row in rows:
            sheet.append([_harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSheet("This is no CSV file in UTF-8. Save it as: CSV UTF-8.") from error
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise UnreadableSheet(f"This is no CSV file: {error}.") from error


def _named(lines: Iterable[Sequence[str]], where: str) -> tuple[Name, Sequence[Row]]:
    cells = iter(lines)
    heading = [cell.strip().lower() for cell in next(cells, [])]
    name = next((name for name, needed in _NEEDED.items() if needed <= set(heading)), None)
    if name is None:
        wanted = "; or ".join(", ".join(COLUMNS[name]) for name in COLUMNS)
        raise UnreadableSheet(f"The first line of {where} must name these columns: {wanted}.")
    rows = []
    for line, values in enumerate(cells, start=2):
        if any(value.strip() for value in values):
            rows.append(Row(line, {column: _plain(value) for column, value in zip(heading, values, strict=False)}))
        if len(rows) > MOST_ROWS:
            raise UnreadableSheet(f"{where} has more than {MOST_ROWS} rows.")
    return name, rows


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _plain(cell: str) -> str:
    """Without the sign that `_harmless` puts before what begins like a formula."""
    stripped = cell.strip()
    return stripped[1:] if stripped[:1] == "'" and stripped[1:2] in _FORMULA else stripped


def _harmless(cell: str) -> str:
    """A name that begins like a formula must not be one in somebody's spreadsheet."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
