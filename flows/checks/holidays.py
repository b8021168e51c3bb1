"""W06: lists of holidays that are about to end, and the wording that holidays need."""

from collections.abc import Iterator, Mapping
from datetime import date

from flows.calendar import Calendar
from flows.flow import Place
from flows.loading.draft import Draft, Wording
from flows.source import CALENDARS


def holiday_wordings(calendars: Mapping[str, Calendar], places: Mapping[str, Place]) -> Iterator[Wording]:
    """Each holiday is said by the prompt `holiday_NAME`."""
    for calendar in calendars.values():
        at = places.get(calendar.name, Place(CALENDARS, 1, 1))
        for name in dict.fromkeys(calendar.holidays.values()):
            if name:
                yield Wording(f"holiday_{name}", at, "")


def check_holidays(draft: Draft, calendars: Mapping[str, Calendar], places: Mapping[str, Place], today: date) -> None:
    """W06: on a holiday that nobody has entered, callers would wait for people who are not there."""
    for calendar in calendars.values():
        last = calendar.last_holiday()
        at = places.get(calendar.name, Place(CALENDARS, 1, 1))
        mend = "Enter the holidays of the next year."
        if last is None:
            draft.report(at, "W06", f'the holiday list of "{calendar.name}" is empty. {mend}')
        elif (days := (last - today).days) < 0:
            draft.report(at, "W06", f'the holiday list of "{calendar.name}" ended {_days(-days)} ago. {mend}')
        elif days <= calendar.warn_before_days:
            draft.report(at, "W06", f'the holiday list of "{calendar.name}" ends in {_days(days)}. {mend}')


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
