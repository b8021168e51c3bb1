"""One's own telephone: where an officer is rung before a citizen. It is shown masked, also to its owner."""

from collections.abc import Callable

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused_at
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.officer_here import READERS
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import say
from ivr.accounting import account
from ivr.numbers import identify
from models.staff import Staff

blueprint = Blueprint("own_telephone", __name__)


@blueprint.post("/desk/account/telephone")
@allow(*READERS)
def enter() -> ResponseReturnValue:
    """Keep the number. The first call to it asks for a code on the screen, which proves that it is theirs."""
    caller = identify(latin_digits(request.form.get("telephone", "")))
    number = caller.number
    if number is None or caller.kind not in ("mobile", "landline") or number == telephone().config.helpline_number:
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
