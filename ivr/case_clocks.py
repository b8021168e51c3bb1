"""The clocks of the cases, looked at by the router's sweep: one short transaction at a time, so that no call waits."""

from collections import Counter
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from ivr.case_texts import GOES_ON, teller, template_for, text_to_followers
from ivr.opening import UnknownCalendar
from ivr.telephone import Telephone
from ivr.wording import words_in_force
from ivr.working_days import calendars_now, recount_if_changed, working_calendar
from models.complaint import Complaint
from models.services.changing import Text
from models.services.escalating import BATCH, due_cases, escalate_due
from models.services.feedback import REPORTED, close_unasked
from models.services.letting_go import Texts, let_stranded_go
from models.services.naming import name_officers, settle_cases

log = structlog.get_logger()


def recount(telephone: Telephone) -> None:
    """Count the open promises anew, if somebody has changed the working days."""
    try:
        moved = recount_if_changed(telephone.store, telephone.clock.now())
    except UnknownCalendar:
        return
    if moved:
        log.info("promises_moved", moved=moved)


def settle(telephone: Telephone) -> int:
    """Give every open case an office and its officer of today, at once. Without a calendar none; how many changed."""
    try:
        calendars = calendars_now(telephone.store)
    except UnknownCalendar:
        log.warning("cases_without_calendar")
        return 0
    return settle_cases(telephone.store, telephone.clock.now(), calendars)


def name_anew(telephone: Telephone) -> None:
    """Put today's officers on the cases of those who have moved away; let go of whoever follows what is over; close
    what nobody can be asked about."""
    try:
        calendars = calendars_now(telephone.store)
    except UnknownCalendar:
        log.warning("cases_without_calendar")
        return
    named = name_officers(telephone.store, telephone.clock.now(), calendars)
    if named:
        log.info("case_officers", named=named)
    released = let_stranded_go(telephone.store, telephone.clock.now(), calendars, _texts_to_stranded(telephone))
    if released:
        log.info("followers_let_go", **released)
    closed = close_unasked(telephone.store, telephone.clock.now(), calendars)
    if closed:
        log.info("cases_closed_unasked", closed=closed)


def _texts_to_stranded(telephone: Telephone) -> Callable[[Session, Complaint], Texts]:
    """Made within the write, of words that are asked for before."""
    words, now = words_in_force(telephone), telephone.clock.now()

    def texts(session: Session, master: Complaint) -> Texts:
        calendar = working_calendar(session)
        template = template_for(words, master, REPORTED, {})
        tell = teller(words, template, now, calendar)
        reported = Text(template, lambda changed: tell(session, changed))
        return Texts(reported, text_to_followers(session, words, now, calendar))

    return texts


def sweep_cases(telephone: Telephone) -> bool:
    """Say what one batch of clocks has to say. True if there may be more at once."""
    now = telephone.clock.now()
    if not due_cases(telephone.store, now, limit=1):
        return False
    try:
        counts = run_clocks(telephone, batches=1)
    except UnknownCalendar:
        log.warning("cases_without_calendar")  # `helpline calendar set` mends it
        return False
    log.info("case_clocks", **counts)
    return counts["looked"] >= BATCH


def run_clocks(telephone: Telephone, *, batches: int | None = None) -> Counter[str]:
    """`escalate_due`, with the text for the citizen whose case goes on without their answer. Raises UnknownCalendar."""
    now, calendars = telephone.clock.now(), calendars_now(telephone.store)
    with telephone.store.session() as session:
        tell = teller(words_in_force(telephone), GOES_ON, now, working_calendar(session))
    return escalate_due(telephone.store, now, calendars, batches=batches, tell=tell, template=GOES_ON)
