"""The editor of a draft of the menus: saved from the first keystroke, checked with each save, drawn as a tree."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from agent_console.answering import refused
from agent_console.guard import allow
from agent_console.menus import MENUS, WRITERS
from agent_console.menus_figures import ON_TREE
from agent_console.menus_lines import read_difference
from agent_console.menus_step import prompt_names, read_step_form
from agent_console.menus_words import exit_words, word_label
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say, screen_language
from flows.check import Checked, check_and_keep
from flows.drawing import DrawnStep, draw_flow, step_at
from flows.editing.acts import change
from flows.editing.blank_steps import ASKED
from flows.editing.text_tree import CannotEdit
from flows.finding import Finding
from flows.kinds_of_change import ROUTING, kind_of_file
from ivr.calendars import live_calendars
from ivr.lengths import clip_lengths
from ivr.menus.drafts import DraftGone, MenuDraft, UnfitFiles, WrittenMeanwhile, find_draft, name_draft, save_files
from ivr.menus.named_callers import let_be_heard
from ivr.pinned import FLOW
from ivr.publishing import ZONE

blueprint = Blueprint("menus_editor", __name__)


class NotTheirs(ValueError):
    """A translator changes words, and nothing else."""


@blueprint.get("/desk/flows/<int:draft_id>")
@allow(*MENUS)
def page(draft_id: int) -> ResponseReturnValue:
    draft = find_open_draft(draft_id)
    with store().session() as session:
        return render_template(
            "desk/menus/editor.html",
            **bar(session),
            draft=draft,
            state=_state(draft) | {"files": draft.files},
            verbs=ASKED,
            may_write=_may_write(),
            may_route=me().has_role("supervisor"),
            on_tree=ON_TREE,
            label=word_label,
            prompts=prompt_names(draft.files),
            clock=f"{now().astimezone(ZONE):%Y-%m-%dT%H:%M}",
        )


@blueprint.get("/desk/flows/<int:draft_id>/step")
@allow(*MENUS)
def step(draft_id: int) -> ResponseReturnValue:
    """The form of one step, drawn anew after each change of it."""
    draft = find_open_draft(draft_id)
    name = request.args.get("name", "")
    try:
        form = read_step_form(draft.flow, draft.files, name)
    except CannotEdit as error:
        return render_template("desk/menus/no_step.html", why=error.why, line=error.line)
    return render_template(
        "desk/menus/step.html",
        draft=draft,
        form=form,
        label=word_label,
        may_write=_may_write(),
        may_route=me().has_role("supervisor"),
    )


@blueprint.post("/desk/flows/<int:draft_id>/save")
@allow(*WRITERS)
def save(draft_id: int) -> ResponseReturnValue:
    """Keep files as they stand on the page. 409 with what somebody else saved meanwhile."""
    files = _sent("files")
    if files is None or not all(isinstance(text, str | None) for text in files.values()):
        return refused(say("flows.unfit"), 422)
    return keep_files(draft_id, files)


@blueprint.post("/desk/flows/<int:draft_id>/act")
@allow(*WRITERS)
def act(draft_id: int) -> ResponseReturnValue:
    """Do one thing of the forms or the tree to the text. The answer has the files that it changed."""
    wanted = _sent("act")
    draft = find_open_draft(draft_id)
    if draft.version != request.form.get("version", -1, type=int):
        return _overtaken(draft, draft.files)
    try:
        after = change(draft.files, draft.flow, wanted or {})
    except CannotEdit as error:
        return refused(say(f"flows.cannot.{error.why}", n=error.line), 422)
    return keep_files(draft_id, {path: text for path, text in after.items() if draft.files.get(path) != text})


@blueprint.post("/desk/flows/<int:draft_id>/title")
@allow(*WRITERS)
def rename(draft_id: int) -> ResponseReturnValue:
    """Call the draft otherwise."""
    try:
        name_draft(store(), draft_id, " ".join(request.form.get("title", "").split()))
    except DraftGone:
        return refused(say("flows.gone"))
    return {"ok": True}


def keep_files(draft_id: int, files: Mapping[str, str | None]) -> ResponseReturnValue:
    version = request.form.get("version", -1, type=int)
    allow = _allow_everything if me().has_role("supervisor") else _allow_words
    try:
        saved = save_files(store(), draft_id, files, version=version, by=me().login, now=now(), allow=allow)
    except DraftGone:
        return refused(say("flows.gone"), 410)
    except UnfitFiles:
        return refused(say("flows.unfit"), 422)
    except NotTheirs:
        return refused(say("flows.words_only"), 403)
    except WrittenMeanwhile as error:
        return _overtaken(error.draft, files)
    checked = _check(saved)
    let_named_hear(saved, _errors(checked.findings))
    return _tell_state(saved, checked) | {"files": {path: saved.files.get(path) for path in files}}


def _overtaken(theirs: MenuDraft, files: Mapping[str, str | None]) -> ResponseReturnValue:
    """Somebody was first: who, and both texts beside each other."""
    mine = {path: text for path, text in {**theirs.files, **files}.items() if text is not None}
    shown = [
        {"file": one.file, "lines": [[line.mark, line.number, line.text] for line in one.lines]}
        for one in read_difference(theirs.files, mine)
    ]
    who = theirs.saved_by
    told = say("flows.overtaken_self") if who == me().login else say("flows.overtaken", who=who)
    return refused(told, 409, who=who, difference=shown, **(_state(theirs) | {"files": theirs.files}))


def _allow_everything(changed: list[str]) -> None:
    """A supervisor changes what they like."""


def _allow_words(changed: list[str]) -> None:
    if any(kind_of_file(path) == ROUTING for path in changed):
        raise NotTheirs


def _may_write() -> bool:
    return me().has_role(*WRITERS)


def find_open_draft(draft_id: int) -> MenuDraft:
    with store().read() as connection:
        try:
            return find_draft(connection, draft_id)
        except DraftGone:
            abort(404)


def _sent(field: str) -> dict[str, Any] | None:
    try:
        sent = json.loads(request.form.get(field, ""))
    except ValueError:
        return None
    return sent if isinstance(sent, dict) else None


def _state(draft: MenuDraft) -> dict[str, Any]:
    return _tell_state(draft, _check(draft))


def _tell_state(draft: MenuDraft, checked: Checked) -> dict[str, Any]:
    drawing = draw_flow(checked, draft.files, language=screen_language())
    shown = {why: exit_words(why) for why in {way.why for way in drawing.ways}}
    return {
        "version": draft.version,
        "saved_by": draft.saved_by,
        "findings": [_told(draft, finding) for finding in checked.findings],
        "steps": [[one.name, one.verb, one.line, _says(one), one.errors, one.warnings] for one in drawing.steps],
        "ways": [[one.step, one.why, shown[one.why], one.target, list(one.path)] for one in drawing.ways],
        "start": drawing.start,
        "readable": drawing.is_readable,
    }


def _says(step: DrawnStep) -> str:
    """What callers hear first there, or what it does without a word."""
    return step.says or (say(f"flows.verb.{step.verb}") if step.verb else "")


def check_draft(draft: MenuDraft) -> list[Finding]:
    """Everything that is wrong, or may be, with the draft; hours are those in force."""
    return _check(draft).findings


def _check(draft: MenuDraft) -> Checked:
    with store().read() as connection:
        calendars = live_calendars(connection)
    today = now().astimezone(ZONE).date()
    clip = clip_lengths(telephone().sounds)
    return check_and_keep(FLOW, draft.files, today=today, calendars=calendars, clip=clip)


def find_errors(draft: MenuDraft) -> list[Finding]:
    """What keeps the draft from being heard by anybody."""
    return _errors(check_draft(draft))


def let_named_hear(draft: MenuDraft, errors: list[Finding]) -> bool:
    """Have its named callers hear this text, if it has no errors. False where our own voice cannot speak it."""
    return bool(errors) or let_be_heard(telephone(), draft)


def _errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _told(draft: MenuDraft, finding: Finding) -> dict[str, Any]:
    place = finding.place
    step = step_at(draft.flow, draft.files, place.line) if place.file == f"{draft.flow}.yaml" else ""
    return {
        "file": place.file,
        "line": place.line,
        "code": finding.code,
        "severity": finding.severity,
        "text": finding.text,
        "heading": "" if screen_language() == "en" else say(f"flows.finding.{finding.code}"),
        "step": step,
    }
