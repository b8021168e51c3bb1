"""One's own telephone: where an officer is rung before a citizen. It is shown masked, also to its owner."""

from collections.abc import Callable

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused_at
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.officer_here import READERS
from agent_console.own_account import is_me, own_name
from agent_console.safety import limiter
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.accounting import account
from ivr.numbers import to_e164
from models.ordinary_number import is_ordinary
from models.staff import Staff

blueprint = Blueprint("own_telephone", __name__)


@blueprint.post("/desk/account/telephone")
@allow(*READERS)
@limiter.limit("10/minute;40/hour", key_func=own_name)
def enter() -> ResponseReturnValue:
    """Keep the number, if the password says that it is they who ask. The first call to it asks for a code on the
    screen, which proves that the telephone is theirs."""
    if not is_me(request.form.get("password", "")):
        return refused_at(_here(), say("refused.old_password"))
    number = to_e164(latin_digits(request.form.get("telephone", "")))
    if number is None or not is_ordinary(number) or number == telephone().config.helpline_number:
        return refused_at(_here(), say("refused.own_telephone"))

    def keep(row: Staff) -> None:
        if row.telephone != number:
            row.telephone, row.telephone_confirmed_at = number, None

    _change("telephone_entered", keep)
    return done_at(_here(), say("account.telephone_kept"))


@blueprint.post("/desk/account/telephone/off")
@allow(*READERS)
def forget() -> ResponseReturnValue:
    _change("telephone_removed", Staff.forget_telephone)
    return done_at(_here(), say("account.telephone_gone"))


def _change(action: str, change: Callable[[Staff], None]) -> None:
    staff_id, at = me().id, now()

    def write(rows: Session) -> None:
        change(rows.get_one(Staff, staff_id))
        rows.flush()
        account(rows.connection(), f"staff:{staff_id}", action, f"staff:{staff_id}", at)

    store().transact(write)


def _here() -> str:
    return url_for("own_account.page", _anchor="telephone-title")
