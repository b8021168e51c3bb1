"""Who acts upon a case, when, and what its citizen is told of it."""

from dataclasses import dataclass
from datetime import datetime

from models.deadline import WorkingCalendar
from models.officer import Officer
from models.services.changing import Compose, Text


@dataclass(frozen=True, slots=True)
class Acting:
    """What every act is done with. `calendar` has the working days by which the case is counted.

    `compose` makes the words of the text to the citizen, `template` names the approved text; without, none is written.
    `left_alone` is the text to those who follow a case that ends. On working days of `ringing`, or without it of
    `calendar`, citizens may be rung.
    """

    officer: Officer
    now: datetime
    calendar: WorkingCalendar
    compose: Compose | None = None
    template: str = ""
    left_alone: Text | None = None
    ringing: WorkingCalendar | None = None
