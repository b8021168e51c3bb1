"""The studio of the voice: every prompt with its words, its seconds and who speaks it, and what is still to be done."""

import unicodedata
from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_console.guard import allow
from agent_console.studio_words import group_title
from agent_console.surroundings import store, telephone
from agent_console.view_of_desk import bar
from ivr.studio.sheet import Cell, Row, read_sheet

blueprint = Blueprint("studio", __name__)

STUDIO = ("translator", "supervisor")


def _any(wanted: Callable[[Cell], bool]) -> Callable[[Row], bool]:
    return lambda row: any(wanted(cell) for cell in row.cells.values())


FILTERS: Mapping[str, Callable[[Row], bool]] = {
    "all": lambda row: True,
    "missing": _any(lambda cell: cell.lacks_recording),
    "stale": _any(lambda cell: cell.is_stale),
    "long": lambda row: row.is_too_long,
    "waiting": _any(lambda cell: cell.waits),
    "unpublished": _any(lambda cell: cell.is_unpublished),
    "texts": lambda row: row.is_text,
}


@blueprint.get("/desk/studio")
@allow(*STUDIO)
def page() -> ResponseReturnValue:
    shown = request.args.get("show", "all")
    shown = shown if shown in FILTERS else "all"
    sought = request.args.get("words", "").strip()[:100]
    sheet = read_sheet(telephone())
    found = [row for row in sheet.rows if FILTERS[shown](row) and _says(row, sought)]
    names = {row.prompt for row in found}
    groups = [(group, [row for row in group.rows if row.prompt in names]) for group in sheet.groups]
    with store().session() as session:
        return render_template(
            "desk/studio/list.html",
            **bar(session),
            sheet=sheet,
            groups=[(group, rows, group_title(sheet, group)) for group, rows in groups if rows],
            counts={name: sum(map(wanted, sheet.rows)) for name, wanted in FILTERS.items()},
            shown=shown,
            sought=sought,
            found=len(found),
        )


def _says(row: Row, sought: str) -> bool:
    """Whether a prompt has these words, in any script, however its letters are composed."""
    wanted = _plain(sought)
    return wanted in _plain(row.prompt) or any(wanted in _plain(cell.words) for cell in row.cells.values())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
