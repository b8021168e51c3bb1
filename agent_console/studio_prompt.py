"""One prompt: its words in every language beside each other, to be changed, heard and recorded."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from agent_console.answering import done, refused_at
from agent_console.guard import allow
from agent_console.studio import STUDIO
from agent_console.studio_words import findings_by_language, group_title
from agent_console.surroundings import me, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from audio.shelf import ShelfAway
from audio.synthesizer import CannotRender
from audio.take import LONGEST, MOST_BYTES
from ivr.studio.rendering import render_prompt
from ivr.studio.sheet import Row, Sheet, read_sheet
from ivr.studio.wording import (
    ChangedMeanwhile,
    UnknownPrompt,
    Words,
    WordsRefused,
    confirm_words,
    save_words,
    tidy,
    undo_changes,
)

blueprint = Blueprint("studio_prompt", __name__)

_MOST_WORDS = 2_000
_TEMPLATE_DIGITS = 19


@blueprint.get("/desk/studio/prompts/<prompt>")
@allow(*STUDIO)
def page(prompt: str) -> ResponseReturnValue:
    return _page(prompt)


@blueprint.get("/desk/studio/prompts/<prompt>/voice/<language>")
@allow(*STUDIO)
def voice(prompt: str, language: str) -> ResponseReturnValue:
    """The recordings of one language, drawn anew when one was sent or decided about."""
    row = _row(read_sheet(telephone()), prompt)
    if language not in row.cells:
        abort(404)
    return render_template(
        "desk/studio/voice.html", row=row, cell=row.cells[language], artist=artist(), most_bytes=MOST_BYTES
    )


@blueprint.post("/desk/studio/prompts/<prompt>/words")
@allow(*STUDIO)
def save(prompt: str) -> ResponseReturnValue:
    """Keep new words, if the menus can be published with them; else the page again, with all that was typed."""
    sheet = read_sheet(telephone())
    row = _row(sheet, prompt)
    typed = {language: tidy(request.form.get(f"words_{language}", "")) for language in row.cells}
    wanted = {language: _words(row, language, said) for language, said in typed.items()}
    faults = _faults(row, wanted)
    if faults:
        return _page(prompt, faults=faults, status=422)
    try:
        changed = save_words(telephone(), prompt, wanted, by=me().login, actor=me().actor)
    except ChangedMeanwhile as error:
        told = {language: [_overtaken(by)] for language, by in error.by.items()}
        return _page(prompt, faults=told, status=409)
    except WordsRefused as error:
        return _page(prompt, faults=findings_by_language(error.findings), status=422)
    except UnknownPrompt:
        abort(404)
    flash(say("studio.saved") if changed else say("studio.nothing_changed"), "done")
    if changed:
        _render(prompt)
    return redirect(url_for("studio_prompt.page", prompt=prompt))


@blueprint.post("/desk/studio/prompts/<prompt>/<language>/right")
@allow(*STUDIO)
def still_right(prompt: str, language: str) -> ResponseReturnValue:
    """The translation says what its source says now."""
    address = url_for("studio_prompt.page", prompt=prompt)
    try:
        seen = request.form.get("seen", "")
        confirm_words(telephone(), prompt, language, seen=seen, by=me().login, actor=me().actor)
    except UnknownPrompt:
        abort(404)
    except ChangedMeanwhile as error:
        return refused_at(address, _overtaken(next(iter(error.by.values()))), 409)
    flash(say("studio.confirmed"), "done")
    return redirect(address)


@blueprint.post("/desk/studio/prompts/<prompt>/undo")
@allow(*STUDIO)
def undo(prompt: str) -> ResponseReturnValue:
    """Back to what callers hear now."""
    undo_changes(telephone(), prompt, actor=me().actor)
    flash(say("studio.undone"), "done")
    return done(go=url_for("studio_prompt.page", prompt=prompt))


def _page(prompt: str, *, faults: Mapping[str, list[str]] | None = None, status: int = 200) -> ResponseReturnValue:
    sheet = read_sheet(telephone())
    row = _row(sheet, prompt)
    group = next(group for group in sheet.groups if row in group.rows)
    keys = [other.prompt for other in sheet.rows]
    place = keys.index(prompt)
    flow = sheet.working.flow
    with store().session() as rows:
        page = render_template(
            "desk/studio/prompt.html",
            **bar(rows),
            sheet=sheet,
            row=row,
            group=group,
            title=group_title(sheet, group),
            blanks=_blanks(sheet, prompt),
            written_in=flow.written_in,
            templates=flow.approved.get(prompt, {}),
            numbers=flow.approved_under.get(prompt, {}),
            changes={language: sheet.working.changes.get((prompt, language)) for language in row.cells},
            faults=faults or {},
            typed=request.form if faults else None,
            before=keys[place - 1] if place else None,
            after=keys[place + 1] if place + 1 < len(keys) else None,
            artist=artist(),
            most_bytes=MOST_BYTES,
            longest=LONGEST,
        )
    return page, status


def _row(sheet: Sheet, prompt: str) -> Row:
    row = sheet.row(prompt)
    if row is None:
        abort(404)
    return row


def _words(row: Row, language: str, said: str) -> Words:
    seen = request.form.get(f"seen_{language}", "")
    if not row.is_text:
        return Words(said, seen)
    template = tidy(request.form.get(f"template_{language}", ""))
    number = "".join(request.form.get(f"number_{language}", "").split())
    return Words(said, seen, template, number)


def _faults(row: Row, wanted: Mapping[str, Words]) -> dict[str, list[str]]:
    """What can be told without the checker, at its field."""
    faults: dict[str, list[str]] = {}
    for language, words in wanted.items():
        if not words.said:
            faults.setdefault(language, []).append(say("studio.no_words"))
        elif len(words.said) > _MOST_WORDS:
            faults.setdefault(language, []).append(say("studio.too_many_letters", n=_MOST_WORDS))
        if row.is_text and words.said != row.cells[language].words and not _is_template_id(words.template_id or ""):
            faults.setdefault(language, []).append(say("studio.needs_template", n=_TEMPLATE_DIGITS))
    return faults


def _is_template_id(number: str) -> bool:
    return len(number) == _TEMPLATE_DIGITS and number.isascii() and number.isdecimal()


def _blanks(sheet: Sheet, prompt: str) -> list[str]:
    """The blanks of a prompt as they are to be typed."""
    flow = sheet.working.flow
    texts = flow.catalogues[flow.written_in].prompts[prompt].texts
    named = (f"{text.blank}|{text.kind}" if text.kind else text.blank for text in texts if text.blank)
    return [f"{{{name}}}" for name in dict.fromkeys(named)]


def _overtaken(by: str) -> str:
    return say("studio.changed_by", who=by) if by else say("studio.changed_by_version")


def artist() -> str:
    """Whose voice the takes of this browser are: who was named last, else the person themselves."""
    return str(session.get("voice_artist") or me().name)


def _render(prompt: str) -> None:
    """Have the new words spoken by the synthesizer at once, so that they can be listened to before they go live."""
    try:
        render_prompt(telephone(), prompt, list(LANGUAGES))
    except (CannotRender, ShelfAway):
        flash(say("studio.not_rendered"), "error")
