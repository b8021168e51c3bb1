"""One's own account: password, second factor, recovery codes, and the telephone of an officer."""

from datetime import datetime

from flask import Blueprint, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy.orm import Session

from agent_console.guard import STAFF, allow
from agent_console.password import LEAST, WeakPassword, hash_password, is_password
from agent_console.safety import limiter
from agent_console.second_factor import (
    app_address,
    codes_left,
    make_recovery_codes,
    new_secret,
    open_sealed,
    picture_of,
    seal,
    step_of,
    turn_off,
)
from agent_console.signed_in import from_row
from agent_console.surroundings import me, now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import say
from ivr.accounting import account
from models.staff import Staff

blueprint = Blueprint("own_account", __name__)

_OFFERED = "second_factor_offered"  # sealed, in the session's cookie, until its first code is typed


def own_name() -> str:
    return f"account:{me().id}"


@blueprint.get("/desk/account")
@allow(*STAFF)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/desk/account/password")
@allow(*STAFF)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def change_password() -> ResponseReturnValue:
    """A new password; every other browser of this person is signed out."""
    new, again = request.form.get("new", ""), request.form.get("again", "")
    if not is_me(request.form.get("old", "")):
        return _page(fault=say("refused.old_password"), field="old"), 422
    if new != again:
        return _page(fault=say("refused.passwords_differ"), field="again"), 422
    if new == request.form.get("old"):
        return _page(fault=say("refused.same_password"), field="new"), 422
    try:
        hashed = hash_password(new)
    except WeakPassword:
        return _page(fault=say("refused.weak_password", n=LEAST), field="new"), 422

    staff_id, at = me().id, now()

    def change(rows: Session) -> Staff:
        row = rows.get_one(Staff, staff_id)
        row.password_hash, row.must_change_password = hashed, False
        row.session_epoch += 1
        _note(rows, "password_changed", staff_id, at)
        return row

    login_user(from_row(store().transact(change)))
    return _page(done=say("account.password_changed"))


@blueprint.post("/desk/account/second-factor")
@allow(*STAFF)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def begin() -> ResponseReturnValue:
    """Offer a secret for the person's app. Nothing changes until a first code of it is typed."""
    if not is_me(request.form.get("password", "")):
        return _page(fault=say("refused.old_password"), field="password"), 422
    session[_OFFERED] = seal(new_secret(), telephone().config.secret_key)
    return _page()


@blueprint.post("/desk/account/second-factor/on")
@allow(*STAFF)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def turn_on() -> ResponseReturnValue:
    key, at, staff_id = telephone().config.secret_key, now(), me().id
    sealed = str(session.get(_OFFERED, ""))
    secret = open_sealed(sealed, key)
    step = step_of(secret, request.form.get("code", ""), at) if secret else None
    if step is None:
        return _page(fault=say("refused.wrong_code"), field="code"), 422

    def on(rows: Session) -> list[str]:
        row = rows.get_one(Staff, staff_id)
        row.second_factor, row.second_factor_step = sealed, step
        rows.flush()
        _note(rows, "second_factor_on", staff_id, at)
        return make_recovery_codes(rows, row.id, key, at)

    codes = store().transact(on)
    session.pop(_OFFERED, None)
    return _page(codes=codes)


@blueprint.post("/desk/account/recovery-codes")
@allow(*STAFF)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def renew_codes() -> ResponseReturnValue:
    if not is_me(request.form.get("password", "")):
        return _page(fault=say("refused.old_password"), field="password"), 422
    key, at, staff_id = telephone().config.secret_key, now(), me().id

    def renew(rows: Session) -> list[str]:
        if rows.get_one(Staff, staff_id).second_factor is None:
            return []
        _note(rows, "recovery_codes_made", staff_id, at)
        return make_recovery_codes(rows, staff_id, key, at)

    return _page(codes=store().transact(renew))


@blueprint.post("/desk/account/second-factor/off")
@allow(*STAFF)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def off() -> ResponseReturnValue:
    if not is_me(request.form.get("password", "")):
        return _page(fault=say("refused.old_password"), field="password"), 422

    staff_id, at = me().id, now()

    def end(rows: Session) -> None:
        turn_off(rows, staff_id)
        _note(rows, "second_factor_off", staff_id, at)

    store().transact(end)
    return _page(done=say("account.factor_off"))


def is_me(password: str) -> bool:
    with store().session() as rows:
        return is_password(rows.get_one(Staff, me().id).password_hash, password)


def _note(rows: Session, action: str, staff_id: int, at: datetime) -> None:
    account(rows.connection(), f"staff:{staff_id}", action, f"staff:{staff_id}", at)


def _page(**shown: object) -> str:
    secret = open_sealed(str(session.get(_OFFERED, "")), telephone().config.secret_key)
    with store().session() as rows:
        row = rows.get_one(Staff, me().id)
        return render_template(
            "desk/account.html",
            **bar(rows),
            has_factor=row.second_factor is not None,
            must_change=row.must_change_password,
            telephone=row.telephone,
            telephone_is_theirs=row.telephone_confirmed_at is not None,
            left=codes_left(rows, row.id),
            secret=secret,
            key_groups=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)) if secret else "",
            address=app_address(secret, me().login) if secret else "",
            picture=picture_of(app_address(secret, me().login)) if secret else "",
            least=LEAST,
            **shown,
        )
