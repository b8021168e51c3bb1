"""Who may sign in: added, changed, deactivated, let in again. For admins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.command import BadLogin, clean_login
from agent_console.guard import STAFF, allow
from agent_console.password import hash_password, new_password
from agent_console.second_factor import turn_off
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from ivr.accounting import account
from ivr.call_control import go_offline
from ivr.pinned import FLOW, NoFlow
from models.staff import Staff

blueprint = Blueprint("staff_pages", __name__)


class BadPerson(ValueError):
    """What was typed makes no person of the staff. `key` names the words of it, `field` where it is.

    It is put into words at the edge: whatever writes to the store knows no screen.
    """

    def __init__(self, key: str, field: str, **blanks: str) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.blanks = blanks

    def in_words(self) -> str:
        return say(self.key, **self.blanks)


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when."""

    staff_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Typed:
    """A person as the form says."""

    name: str
    roles: list[str]
    languages: list[str]
    queues: list[str]
    screen: str
    email: str | None


@blueprint.get("/desk/staff")
@allow("admin")
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/staff")
@allow("admin")
def add() -> ResponseReturnValue:
    """Add a person with a password that is shown once, and that they must change."""
    password = new_password()
    try:
        typed, login, by = _typed(), _login(), _by()
        hashed = hash_password(password)  # slow on purpose, so before the store is locked
        row = store().transact(lambda rows: _insert(rows, login, typed, hashed, by))
    except BadPerson as error:
        return _page(fault=error.in_words(), field=error.field, typed=request.form), 422
    return _page(handed=password, about=row.login)


@blueprint.get("/desk/staff/<int:staff_id>")
@allow("admin")
def one(staff_id: int) -> ResponseReturnValue:
    return _page(edited=staff_id)


@blueprint.post("/desk/staff/<int:staff_id>")
@allow("admin")
def change(staff_id: int) -> ResponseReturnValue:
    """Change name, roles, languages, queues. What a role opened is closed at once: rights are read at each request."""
    try:
        typed, by = _typed(), _by()
        answers_no_more = store().transact(lambda rows: _change(rows, staff_id, typed, by))
    except BadPerson as error:
        return _page(fault=error.in_words(), field=error.field, edited=staff_id, typed=request.form), 422
    if answers_no_more:
        _send_home(staff_id)
    return _page(done=say("staff.changed"), edited=staff_id)


@blueprint.post("/desk/staff/<int:staff_id>/deactivate")
@allow("admin")
def deactivate(staff_id: int) -> ResponseReturnValue:
    """Let a person in no more, and sign every browser of theirs out. What they did stays theirs."""

    by = _by()

    def end(row: Staff, rows: Session) -> None:
        if row.id == by.staff_id:
            raise BadPerson("refused.own_account", "active")
        row.active = False
        row.session_epoch += 1
        row.forget_telephone()

    return _act_on(staff_id, "staff_deactivated", end, say("staff.deactivated"), after=_send_home)


@blueprint.post("/desk/staff/<int:staff_id>/activate")
@allow("admin")
def activate(staff_id: int) -> ResponseReturnValue:
    def begin(row: Staff, rows: Session) -> None:
        row.active = True

    return _act_on(staff_id, "staff_activated", begin, say("staff.activated"))


@blueprint.post("/desk/staff/<int:staff_id>/password")
@allow("admin")
def reset_password(staff_id: int) -> ResponseReturnValue:
    """A password that is shown once and must be changed; every browser of the person is signed out."""
    password, by = new_password(), _by()
    hashed = hash_password(password)

    def reset(row: Staff, rows: Session) -> None:
        row.password_hash = hashed
        row.must_change_password = row.id != by.staff_id
        row.session_epoch += 1

    return _act_on(staff_id, "password_reset", reset, handed=password)


@blueprint.post("/desk/staff/<int:staff_id>/second-factor")
@allow("admin")
def remove_factor(staff_id: int) -> ResponseReturnValue:
    """For somebody who has lost both app and recovery codes."""

    def remove(row: Staff, rows: Session) -> None:
        turn_off(rows, row.id)

    return _act_on(staff_id, "second_factor_removed", remove, say("account.factor_off"))


def _act_on(
    staff_id: int,
    action: str,
    act: Callable[[Staff, Session], None],
    words: str = "",
    handed: str = "",
    after: Callable[[int], None] = lambda staff_id: None,
) -> ResponseReturnValue:
    by = _by()

    def write(rows: Session) -> str:
        row = rows.get(Staff, staff_id)
        if row is None:
            raise BadPerson("refused.no_such_person", "")
        act(row, rows)
        _note(rows, action, row.id, {}, by)
        return row.login

    try:
        login = store().transact(write)
    except BadPerson as error:
        return _page(fault=error.in_words(), field=error.field, edited=staff_id), 422
    after(staff_id)
    return _page(done=words, handed=handed, about=login, edited=staff_id)


def _send_home(staff_id: int) -> None:
    """Nobody is rung who cannot answer."""
    go_offline(telephone(), staff_id)


def _insert(rows: Session, login: str, typed: Typed, hashed: str, by: By) -> Staff:
    if rows.scalar(select(Staff.id).where(Staff.login == login)) is not None:
        raise BadPerson("refused.login_taken", "login", login=login)
    _see_email_is_free(rows, typed.email, None)
    row = Staff(
        login=login,
        email=typed.email,
        name=typed.name,
        password_hash=hashed,
        roles=typed.roles,
        languages=typed.languages,
        queues=typed.queues,
        screen_language=typed.screen,
        must_change_password=True,
        created_at=by.at,
    )
    rows.add(row)
    rows.flush()
    _note(rows, "staff_added", row.id, {"roles": typed.roles}, by)
    return row


def _change(rows: Session, staff_id: int, typed: Typed, by: By) -> bool:
    """True if this person was a representative and is one no more."""
    row = rows.get(Staff, staff_id)
    if row is None:
        raise BadPerson("refused.no_such_person", "")
    if row.id == by.staff_id and "admin" not in typed.roles:
        raise BadPerson("refused.own_account", "roles")
    _see_email_is_free(rows, typed.email, staff_id)
    if row.email != typed.email:
        # Another address is another person at the provider, who must prove it anew: what the old one opened ends.
        row.email, row.sso_subject = typed.email, None
        row.session_epoch += 1
    before = list(row.roles)
    row.name, row.roles, row.languages, row.queues = typed.name, typed.roles, typed.languages, typed.queues
    # The event stream and the choice of callers read them when they begin: begin anew.
    row.session_epoch += before != typed.roles and row.id != by.staff_id
    _note(rows, "staff_changed", row.id, {"from": ", ".join(before), "to": ", ".join(typed.roles)}, by)
    return "representative" in before and "representative" not in typed.roles


def _typed() -> Typed:
    name = request.form.get("name", "").strip()[:100]
    roles = [role for role in STAFF if role in request.form.getlist("roles")]
    languages = [code for code in LANGUAGES if code in request.form.getlist("languages")]
    if not name:
        raise BadPerson("refused.name", "name")
    if not roles:
        raise BadPerson("refused.role", "roles")
    if "representative" in roles and not languages:
        raise BadPerson("refused.languages", "languages")
    queues = [one for one in _queues() if one in request.form.getlist("queues")]
    screen = request.form.get("screen", "")
    return Typed(name, roles, languages, queues, screen if screen in LANGUAGES else "en", _email())


def _email() -> str | None:
    """As it is compared: in small letters. Whether it is theirs, the provider of single sign-on says."""
    typed = request.form.get("email", "").strip().lower()
    name, _, host = typed.partition("@")
    if typed and (not name or "." not in host or len(typed) > 254 or not typed.isprintable() or " " in typed):
        raise BadPerson("refused.email", "email")
    return typed or None


def _see_email_is_free(rows: Session, email: str | None, staff_id: int | None) -> None:
    others = select(Staff.id).where(Staff.email == email, Staff.id != (staff_id or 0))
    if email is not None and rows.scalar(others) is not None:
        raise BadPerson("refused.email_taken", "email")


def _login() -> str:
    try:
        return clean_login(request.form.get("login", ""))
    except BadLogin as error:
        raise BadPerson("refused.login", "login") from error


def _by() -> By:
    return By(me().id, now())


def _note(rows: Session, action: str, staff_id: int, data: dict[str, Any], by: By) -> None:
    account(rows.connection(), f"staff:{by.staff_id}", action, f"staff:{staff_id}", by.at, data)


def _queues() -> list[str]:
    """The queues of the live menu: what a representative may be kept to."""
    try:
        with store().read() as connection:
            return list(telephone().flows.live(connection, FLOW).flow.queues)
    except NoFlow:
        return []


def _page(*, edited: int | None = None, typed: Any = None, **shown: object) -> str:
    with store().session() as rows:
        people = list(rows.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)))
        return render_template(
            "desk/staff.html",
            **bar(rows),
            people=people,
            edited=next((person for person in people if person.id == edited), None),
            typed=typed,
            roles=STAFF,
            queues=_queues(),
            **shown,
        )
