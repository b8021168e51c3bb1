"""Closing early with a spoken notice: what callers will hear, shown and rendered before; then in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from flows.flow import Flow
from ivr.accounting import account
from ivr.announcing import boards_of, render_words
from ivr.calendars import closing_of, write_closure
from ivr.hours_heard import shut_sentence
from ivr.opening import Closed, calendar_of, find_hours
from ivr.pinned import FLOW
from ivr.telephone import Telephone
from models.announcement import Announcement


@dataclass(frozen=True, slots=True)
class Preview:
    """What callers of one language hear. `sound` is the name of the notice's sound; None: the network's own voice."""

    language: str
    notice: str
    closed: str
    sound: str | None


def preview_closing(telephone: Telephone, until: datetime, words: Mapping[str, str]) -> list[Preview]:
    """The notice and the sentence of a closed office, for each language of the live menu. Raises NoFlow.

    The notice is rendered meanwhile, so that it can be heard now, and by callers from the first one on.
    """
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        flow = telephone.flows.live(connection, FLOW).flow
        calendar = calendar_of_office(flow)
        hours = find_hours(connection, calendar, now)
    closed = hours._replace(closures=[*hours.closures, Closed(now, until)]).at(now)
    notices = {language: words.get(language, "") for language in flow.languages}
    render_words(telephone, notices)
    return [
        Preview(
            language,
            notice,
            shut_sentence(flow, calendar, language, closed, now),
            telephone.sounds.find(notice, language) if notice else None,
        )
        for language, notice in notices.items()
    ]


def close_early(telephone: Telephone, until: datetime, words: Mapping[str, str], *, reason: str, by: str) -> None:
    """Close the office of the live menu up to `until`; callers hear the notice at once.

    Raises NoFlow, UnknownCalendar.
    """
    with telephone.store.read() as connection:
        flow = telephone.flows.live(connection, FLOW).flow
    calendar, boards = calendar_of_office(flow), boards_of(flow)

    def write(connection: Connection) -> None:
        now = telephone.clock.now()
        write_closure(connection, calendar, until, reason=reason, by=by, now=now)
        for board in boards if any(words.values()) else ():
            values = {"board": board, "words": dict(words), "starts_at": now, "ends_at": until}
            connection.execute(insert(Announcement).values(**values, posted_by=closing_of(calendar)))
            account(connection, by, "notice_spoken", board, now, {"words": dict(words)})

    telephone.store.write(write)


def calendar_of_office(flow: Flow) -> str:
    """The calendar of the people who answer."""
    return calendar_of(flow) or "office"
