"""An act upon a case as it was asked for: read from the form, then done in one write that knows no request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.case_forms import Act
from agent_console.case_replies import is_unedited
from agent_console.case_telling import telling
from agent_console.officer_here import Who, find_case
from agent_console.proof_files import read_record_of
from ivr.case_texts import text_to_followers, texts_of
from ivr.proofs import proofs_of
from ivr.telephone import Telephone
from ivr.wording import TextWords, words_in_force
from ivr.working_days import callers_calendar, working_calendar
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.services import casework
from models.services.bridging import RUNG

LONGEST_NOTE = 2000
_YES = {"yes": True, "no": False}
_MAY_BE_WORDLESS = ("decide_rejection", "decide_merge")  # the reason of the proposal stands then

Do = Callable[..., ComplaintEvent | None]

# What the domain calls the note of an act, and the function that does it.
_DOERS: Mapping[str, tuple[Do, str]] = {
    "open": (casework.open_case, ""),
    "explain": (casework.explain_breach, "text"),
    "ask": (casework.ask_citizen, "question"),
    "ring": (casework.ring_citizen, ""),
    "report": (casework.report_action, "note"),
    "decide_appeal": (casework.decide_appeal, "note"),
    "decide_rejection": (casework.decide_rejection, "note"),
    "decide_transfer": (casework.decide_transfer, "note"),
    "transfer": (casework.transfer_case, "note"),
    "forward": (casework.forward_case, ""),
    "decide_merge": (casework.decide_merge, "note"),
    "unmerge": (casework.unmerge, "note"),
    "reveal_name": (casework.reveal_name, "reason"),
    "recategorise": (casework.recategorise, "note"),
    "set_priority": (casework.set_priority, "reason"),
    "extend": (casework.extend_case, "reason"),
    "take_over": (casework.take_over, ""),
    "note": (casework.add_note, "note"),
    "accuse": (casework.accuse, ""),
    "propose_rejection": (casework.propose_rejection, "note"),
    "close": (casework.close_unsolved, "note"),
}


class Unfit(ValueError):
    """A field cannot be taken. `key` names the words that say why, `wrong` the field."""

    def __init__(self, key: str, wrong: str) -> None:
        super().__init__(key)
        self.key = key
        self.wrong = wrong


class Gone(Exception):
    """This person may read no such case."""


class ChangedMeanwhile(Exception):
    """More stands on the record of the case than the person has seen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One act, ready to be done. `said` is what the domain is given."""

    act: str
    reference: str
    seen: int
    by: Who
    said: Mapping[str, Any]
    words: TextWords


def fields_typed(act: Act, form: Mapping[str, str]) -> dict[str, str]:
    """The fields of the act as they were typed, for the form to come back with."""
    named = [*act.fields, *(("proof", "proof_name") if "file" in act.fields else ())]
    # A browser counts the end of a line as one letter and sends two.
    lines = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in named if name != "file"}
    return {name: words[:LONGEST_NOTE] for name, words in lines.items()}


def read_asked(act: Act, reference: str, seen: int, typed: Mapping[str, str], by: Who, telephone: Telephone) -> Asked:
    """Look at what was typed. Raises Unfit, ShelfAway."""
    said: dict[str, Any] = {name: typed[name] or None for name in typed if name not in ("note", "proof_name")}
    if "note" in act.fields:
        said[_DOERS[act.name][1]] = _note(act, typed["note"])
    if "days" in act.fields:
        said["days"] = _days(typed["days"])
    if "agrees" in act.fields:
        said["agrees"] = _agrees(typed["agrees"])
    if "file" in act.fields:
        said["proof"] = _proof(telephone, typed["proof"])
    for name in ("department", "reason_code", "category", "priority", "decision", "office"):
        if name in act.fields and name not in act.optional and not typed[name]:
            raise Unfit("refused.choose", name)
    return Asked(act.name, reference, seen, by, said, words_in_force(telephone))


def act_on(session: Session, asked: Asked) -> list[int]:
    """Do it, and give the texts that wait to be sent. Raises Gone, ChangedMeanwhile, Refused."""
    officer = asked.by.officer(session)
    case = find_case(session, officer, asked.reference)
    if case is None:
        raise Gone
    session.refresh(case, with_for_update=True)
    if case.events != asked.seen and news_of(session, case, asked.seen, asked.by.staff_id):
        raise ChangedMeanwhile
    calendar = working_calendar(session)
    template, compose = telling(session, asked.words, asked.act, asked.said, case, asked.by, calendar)
    do, _ = _DOERS[asked.act]
    left_alone = text_to_followers(session, asked.words, asked.by.at, calendar)
    ringing = callers_calendar(session, asked.words.live)
    acting = casework.Acting(officer, asked.by.at, calendar, compose, template, left_alone, ringing)
    event = do(session, case, acting, **asked.said)
    return texts_of(session, event) if event is not None else []


def news_of(session: Session, case: Complaint, seen: int, staff_id: int) -> list[int]:
    """What stands on the record after the event number `seen`, by its numbers.

    That a call of one's own is over stands there, too, and is no news to whoever made it.
    """
    mine = (ComplaintEvent.kind == RUNG) & (ComplaintEvent.actor == f"staff:{staff_id}")
    newer = (ComplaintEvent.complaint_id == case.id) & (ComplaintEvent.n > seen)
    return list(session.scalars(select(ComplaintEvent.n).where(newer, ~mine).order_by(ComplaintEvent.n)))


def _note(act: Act, note: str) -> str:
    if not note and act.name not in _MAY_BE_WORDLESS:
        raise Unfit("refused.case.say_why", "note")
    if is_unedited(act.name, note):
        raise Unfit("refused.as_template", "note")
    return note


def _days(typed: str) -> int:
    if not typed.isdecimal():
        raise Unfit("refused.days", "days")
    return int(typed)


def _agrees(typed: str) -> bool:
    if typed not in _YES:
        raise Unfit("refused.choose", "agrees")
    return _YES[typed]


def _proof(telephone: Telephone, line: str) -> str:
    """What the record will say of the file. It was kept when it was sent. Raises Unfit, ShelfAway."""
    kept = read_record_of(line)
    if kept is None:
        return ""
    content = proofs_of(telephone.config).read(kept.digest)
    if content is None:
        raise Unfit("refused.proof_gone", "file")
    proofs_of(telephone.config).put(kept.digest, content)  # written anew: no sweep takes it before the record names it
    return line
