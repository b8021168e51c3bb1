"""The message of the day, and what a supervisor has done to one's own work: told at the top of each page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from agent_console.answering import done, done_at, refused
from agent_console.guard import STAFF, allow
from agent_console.periods import today_began
from agent_console.surroundings import me, now, store, telephone
from agent_console.words import LANGUAGES, name_in, say
from ivr.accounting import account
from ivr.desk_events import DAY_MESSAGE, EVERYBODY, tell_desk
from models.day_message import DayMessage
from models.staff import Staff
from models.staff_notice import StaffNotice

blueprint = Blueprint("day_messages", __name__)

LONGEST = 300  # letters: it stands above the call


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Something to be read and put away."""

    id: int
    words: str
    at: datetime


@blueprint.get("/desk/parts/told")
@allow(*STAFF)
def told() -> ResponseReturnValue:
    with store().session() as session:
        return render_template("desk/parts/told.html", told=read_told(session, me().id, now()))


@blueprint.post("/desk/notices/<int:notice_id>/read")
@allow(*STAFF)
def put_away(notice_id: int) -> ResponseReturnValue:
    staff_id, at = me().id, now()
    mine = (StaffNotice.id == notice_id) & (StaffNotice.staff_id == staff_id)
    store().write(lambda connection: connection.execute(update(StaffNotice).where(mine).values(read_at=at)))
    return done()


@blueprint.post("/desk/board/message")
@allow("supervisor")
def post() -> ResponseReturnValue:
    """Show a message to everybody until the end of the day. A newer one takes its place."""
    words = {code: request.form.get(f"words_{code}", "").strip()[:LONGEST] for code in LANGUAGES}
    words = {code: text for code, text in words.items() if text}
    if not words:
        return refused(say("refused.empty_message"), 422, field="words_en")
    at, by = now(), me().id

    def write(connection: Connection) -> None:
        _end_now(connection, at)
        values = {"words": words, "posted_by": by, "posted_at": at, "ends_at": today_began(at) + timedelta(days=1)}
        message_id = connection.execute(insert(DayMessage).values(**values).returning(DayMessage.id)).scalar_one()
        account(connection, f"staff:{by}", "day_message_posted", f"day_message:{message_id}", at, {"words": words})
        tell_desk(connection, DAY_MESSAGE, message_id, EVERYBODY, at)

    store().write(write)
    telephone().wake.desk()
    return done_at(url_for("board.page"), say("day_message.posted"))


@blueprint.post("/desk/board/message/withdraw")
@allow("supervisor")
def withdraw() -> ResponseReturnValue:
    at, by = now(), me().id

    def write(connection: Connection) -> None:
        if _end_now(connection, at):
            account(connection, f"staff:{by}", "day_message_withdrawn", "day_message", at)
            tell_desk(connection, DAY_MESSAGE, 0, EVERYBODY, at)

    store().write(write)
    telephone().wake.desk()
    return done_at(url_for("board.page"), say("day_message.withdrawn"))


def read_told(session: Session, staff_id: int, at: datetime) -> dict[str, object]:
    """The message of the day in this person's language, and what they have not read yet."""
    message = day_message(session, at)
    return {"message": name_in(message.words) if message else "", "notices": _unread(session, staff_id)}


def day_message(session: Session, at: datetime) -> DayMessage | None:
    """The message that is shown now."""
    shown = select(DayMessage).where(DayMessage.posted_at <= at, DayMessage.ends_at > at)
    return session.scalars(shown.order_by(DayMessage.id.desc()).limit(1)).first()


def _unread(session: Session, staff_id: int) -> list[NoticeLine]:
    rows = session.execute(
        select(StaffNotice, Staff.name)
        .join(Staff, Staff.id == StaffNotice.by_staff)
        .where(StaffNotice.staff_id == staff_id, StaffNotice.read_at.is_(None))
        .order_by(StaffNotice.id)
    )
    return [NoticeLine(notice.id, _words(notice, name), notice.at) for notice, name in rows]


def _words(notice: StaffNotice, who: str) -> str:
    match notice.kind:
        case "state_forced":
            return say("notice.state_forced", who=who, state=say(f"state.{notice.about}"), why=notice.reason)
        case "talk_ended":
            return say("notice.talk_ended", who=who, why=notice.reason)
        case kind:
            return say(f"notice.{kind}", who=who, what=say(f"work.{notice.about}"))


def _end_now(connection: Connection, at: datetime) -> bool:
    over = (DayMessage.posted_at <= at) & (DayMessage.ends_at > at)
    return connection.execute(update(DayMessage).where(over).values(ends_at=at)).rowcount > 0
