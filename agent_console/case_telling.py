"""Which text tells the citizen of an act, and its words once the act is done.

Used within a write: nothing here knows a request.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from agent_console.officer_here import Who
from ivr.case_texts import EXTENDED, compose_template, template_for
from ivr.wording import TextWords
from models.complaint import Complaint
from models.deadline import WorkingCalendar
from models.services.changing import Compose

# What an act makes of the case, where it makes the same of it whatever is said.
_BECOMES = {
    "open": "in_progress",
    "ask": "needs_info",
    "report": "action_reported",
    "transfer": "forwarded",
    "decide_transfer": "forwarded",
    "decide_rejection": "rejected",
    "close": "closed",
    "forward": "forwarded",
    "decide_merge": "merged",
    "unmerge": "in_progress",  # or wherever it stood: the text is the same
    "extend": EXTENDED,
    "set_priority": EXTENDED,
}
_APPEALS = {"taken_up": "in_progress", "rejected": "rejected", "no_solution": "closed"}


def telling(
    session: Session,
    words: TextWords,
    act: str,
    said: Mapping[str, Any],
    complaint: Complaint,
    by: Who,
    calendar: WorkingCalendar,
) -> tuple[str, Compose | None]:
    """The approved text and what composes it, judged before the act is done; none where nobody is told.

    A reason is that of the act; where it is left to a proposal, the one that the case then has.
    """
    to = _APPEALS.get(str(said.get("decision"))) if act == "decide_appeal" else _BECOMES.get(act)
    if to is None:
        return "", None
    template = template_for(words, complaint, to, {"outcome": "no_solution"})

    def compose(changed: Complaint) -> str:
        reason = said.get("reason") or said.get("note") or changed.reason or ""
        return compose_template(session, words, template, changed, now=by.at, calendar=calendar, note=reason)

    return template, compose
