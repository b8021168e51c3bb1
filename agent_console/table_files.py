"""A table of a page as a file: texts and plain numbers in Latin digits."""

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile

from flask import Response, send_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from agent_console.report_files import BOM, harmless, text_cell

Cell = str | int | float | None
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEMORY = 8 * 1024 * 1024


def as_csv(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as a file that every spreadsheet program reads."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(BOM + out.getvalue(), mimetype="text/csv", headers=headers)


def as_xlsx(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as a workbook. A text that begins with = stays a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append(
            [text_cell(sheet, cell) if isinstance(cell, str) else WriteOnlyCell(sheet, value=cell) for cell in row]
        )
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115  the sender closes it
    book.save(file)
    file.seek(0)
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name=f"{name}.xlsx")
