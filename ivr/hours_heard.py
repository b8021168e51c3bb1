"""What a caller would hear of the opening hours at a moment: said by the live menus, from the live calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from flows.calendar import Opening
from flows.compose import compose_line
from flows.flow import Flow, Hours, Menu, Say
from flows.missing import Missing
from flows.speaking import written
from ivr.opening import find_hours


@dataclass(frozen=True, slots=True)
class Heard:
    """Whether a caller is put through to people, and by language what is said where not."""

    outcome: Literal["open", "closed", "holiday"]
    said: Mapping[str, str]
    next_open: datetime | None


def hear_hours(connection: Connection, flow: Flow, calendar_name: str, when: datetime) -> Heard:
    """What the calendar would answer at `when` (aware), closed by hand counted in. Raises UnknownCalendar."""
    hours = find_hours(connection, calendar_name, when)
    opening = hours.at(when)
    said = {language: shut_sentence(flow, calendar_name, language, opening, when) for language in flow.languages}
    return Heard(opening.outcome, said, hours.next_open(when))


def shut_sentence(flow: Flow, calendar_name: str, language: str, opening: Opening, now: datetime) -> str:
    """What is said where the office is shut by this calendar.

    "" where it is open, where the menu does not ask this calendar, or asks more than a calendar knows.
    """
    asking = (step for step in flow.steps.values() if isinstance(step, Hours) and step.calendar == calendar_name)
    hours = next(asking, None)
    if hours is None or opening.outcome == "open":
        return ""
    step = flow.steps.get(hours.holiday if opening.outcome == "holiday" else hours.closed)
    if not isinstance(step, Menu | Say):
        return ""
    prompts = step.prompts if isinstance(step, Say) else (step.prompt,)
    try:
        lines = [compose_line(flow, language, prompt, opening.facts.get, at=now.timestamp()) for prompt in prompts]
        return " ".join(written(line) for line in lines)
    except Missing:
        return ""
