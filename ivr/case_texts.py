"""What a citizen is told of a change in their complaint: which approved text, and its words in their language."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.texts import LONGEST_NAME, shorten
from ivr.link_secret import ADDRESS, PLACE
from ivr.wording import REPORTED_WITH_LINK, TextWords
from models.actor import Actor
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, WorkingCalendar, add_working_days
from models.department import Department
from models.guards import APPEAL_FOR, REOPEN_DAYS
from models.message import Message
from models.officer import CELL_LEVEL
from models.services import change_state
from models.services.changing import Text
from models.services.escalating import Tell

EXTENDED = "extended"  # no state: the promised date was moved, with a reason

GOES_ON = "sms_in_progress"  # the citizen has not answered, and it goes on without
_REPORTED, _RAISED, _REOPENED, _UNMERGED = "sms_action_reported", "sms_raised", "sms_reopened", "sms_unmerged"


class CaseText(NamedTuple):
    """`template` names the text prompt that was approved, `words` is what is sent."""

    template: str
    words: str


def compose_for(
    session: Session,
    words: TextWords,
    complaint: Complaint,
    to: str,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    **said: Any,
) -> CaseText:
    """The text for a complaint that is about to become `to`, or whose date is `EXTENDED`; in the complaint's language.

    `said` is what is said with the change: outcome, note (the reason), department, due_on (the new date). Nothing is
    written, so it serves as a preview too. Ask for `words` before a write begins (ivr/wording.py).
    """
    template = template_for(words, complaint, to, said)
    return CaseText(template, compose_template(session, words, template, complaint, now=now, calendar=calendar, **said))


def compose_template(
    session: Session,
    words: TextWords,
    template: str,
    complaint: Complaint,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    **said: Any,
) -> str:
    """The words of the text `template` about the complaint as it is; chosen by `template_for` before it changed."""
    if template == REPORTED_WITH_LINK and not words.has_link(complaint.language):
        # Chosen for the complaint that this one follows, in whose language the words are approved.
        template = _REPORTED
    link = {"link.address": f"{words.citizen_url}{ADDRESS}", "link.secret": PLACE}
    return words.compose(template, complaint.language, _facts(session, complaint, now, calendar, said) | link)


def change_and_tell(
    session: Session,
    words: TextWords,
    complaint: Complaint,
    to: str,
    *,
    by: Actor,
    now: datetime,
    calendar: WorkingCalendar,
    **said: Any,
) -> ComplaintEvent:
    """Change the state and write the citizen's text in the same transaction: whatever moves a complaint goes this way.

    Raises IllegalTransition, and then nothing is written.
    """
    template = template_for(words, complaint, to, said)

    def compose(changed: Complaint) -> str:
        return compose_template(session, words, template, changed, now=now, calendar=calendar, **said)

    return change_state(
        session,
        complaint,
        to,
        by=by,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        left_alone=text_to_followers(session, words, now, calendar),
        **said,
    )


def text_to_followers(session: Session, words: TextWords, now: datetime, calendar: WorkingCalendar) -> Text:
    """Tells the citizens of those who follow a complaint that ends: theirs is looked into on its own again."""
    tell = teller(words, _UNMERGED, now, calendar)
    return Text(_UNMERGED, lambda changed: tell(session, changed))


def texts_of(session: Session, event: ComplaintEvent) -> list[int]:
    """The ids of the texts that tell of this change, for whoever wakes their sender after the transaction."""
    told = (Message.complaint_id == event.complaint_id) & (Message.event_n == event.n)
    return list(session.scalars(select(Message.id).where(told)))


def teller(words: TextWords, template: str, now: datetime, calendar: WorkingCalendar) -> Tell:
    """Makes the text `template`, of a change that the rules make."""
    return lambda session, changed: compose_template(session, words, template, changed, now=now, calendar=calendar)


def template_for(words: TextWords, complaint: Complaint, to: str, said: Mapping[str, Any]) -> str:
    """Which text tells of it, judged before the change."""
    before = complaint.state
    if before == "merged" and to != "action_reported":
        return _UNMERGED
    if to == "closed":
        return f"sms_closed_{said.get('outcome') or 'no_solution'}"
    if to == "action_reported" and words.has_link(complaint.language):
        return REPORTED_WITH_LINK
    if to == "in_progress" and before in ("action_reported", "closed"):
        return _RAISED if complaint.level < CELL_LEVEL else _REOPENED
    if to == "in_progress" and before == "appealed":
        return _REOPENED
    return f"sms_{to}"


def _facts(
    session: Session, complaint: Complaint, now: datetime, calendar: WorkingCalendar, said: Mapping[str, Any]
) -> dict[str, str]:
    department = session.get_one(Department, said.get("department") or complaint.department_code)
    due_on: date = said.get("due_on") or complaint.due_on
    reason, more = _two_blanks(str(said.get("note") or ""))
    today = now.astimezone(INDIA).date()
    return {
        "reference": complaint.reference,
        "complaint.department": department.names.get(complaint.language) or department.names["en"],
        "complaint.due_on": due_on.isoformat(),
        "complaint.reason": reason,
        "complaint.reason_more": more,
        "complaint.reopen_by": add_working_days(today, REOPEN_DAYS, calendar).isoformat(),
        # Of the last day only a part would count: until the minute of the decision.
        "complaint.appeal_by": (today + APPEAL_FOR - timedelta(days=1)).isoformat(),
    }


def _two_blanks(reason: str) -> tuple[str, str]:
    """As much of a reason as two blanks of an approved text hold, without a line break."""
    words = " ".join(reason.split()).rstrip(" .।!")  # the text goes on with a stop of its own
    if len(words) <= LONGEST_NAME:
        return words, ""
    first = words[: LONGEST_NAME + 1].rpartition(" ")[0] or words[:LONGEST_NAME]
    rest = words.removeprefix(first)
    return first, shorten(rest, LONGEST_NAME)
