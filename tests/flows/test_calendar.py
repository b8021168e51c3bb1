"""Opening hours: what counts at a moment, and when it next opens."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.calendar import Calendar, Span
from flows.calendar_file import BrokenCalendars, load_calendars
from tests.flows.calls import shipped, shipped_calendars

KOLKATA = ZoneInfo("Asia/Kolkata")
TEXT = """
office:
  timezone: Asia/Kolkata
  open:
    mon-fri: 10:00-13:00, 14:00-18:00
    sat: 10:00-14:00
  holidays:
    2027-01-26: republic_day
  special:
    2027-01-27: 12:00-16:00
    2027-01-28: closed
    2027-01-31: 10:00-12:00
"""


@dataclass(frozen=True)
class Shut:
    starts_at: datetime
    ends_at: datetime | None


def _office(text: str = TEXT) -> Calendar:
    return load_calendars(text)["office"]


def _at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=KOLKATA)


@pytest.mark.parametrize(
    ("day", "clock", "outcome", "next_open"),
    [
        ("2027-01-25", "09:59", "closed", "2027-01-25T10:00"),
        ("2027-01-25", "10:00", "open", "2027-01-25T14:00"),
        ("2027-01-25", "12:59", "open", "2027-01-25T14:00"),
        ("2027-01-25", "13:00", "closed", "2027-01-25T14:00"),
        ("2027-01-25", "17:59", "open", "2027-01-27T12:00"),
        ("2027-01-25", "18:00", "closed", "2027-01-27T12:00"),
        ("2027-01-26", "11:00", "holiday", "2027-01-27T12:00"),
        ("2027-01-27", "11:00", "closed", "2027-01-27T12:00"),
        ("2027-01-27", "15:59", "open", "2027-01-29T10:00"),
        ("2027-01-28", "11:00", "closed", "2027-01-29T10:00"),
        ("2027-01-30", "15:00", "closed", "2027-01-31T10:00"),
        ("2027-01-31", "11:00", "open", "2027-02-01T10:00"),
    ],
)
def test_the_hours(day: str, clock: str, outcome: str, next_open: str) -> None:
    opening = _office().at(_at(day, clock))
    assert opening.outcome == outcome
    assert opening.facts["office.next_open"] == f"{next_open}:00+05:30"


def test_the_facts_say_what_a_caller_hears() -> None:
    facts = _office().at(_at("2027-01-26", "11:00")).facts
    assert facts == {
        "office.holiday": "republic_day",
        "office.opens": "12:00",
        "office.closes": "16:00",
        "office.next_open": "2027-01-27T12:00:00+05:30",
    }


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    assert _office().at(datetime(2027, 1, 25, 4, 30, tzinfo=ZoneInfo("UTC"))).outcome == "open"


def test_closing_by_hand_goes_before_everything() -> None:
    shut = Shut(_at("2027-01-25", "11:00"), _at("2027-01-25", "15:00"))
    opening = _office().at(_at("2027-01-25", "12:00"), [shut])
    assert opening.outcome == "closed"
    assert opening.facts["office.next_open"] == "2027-01-25T15:00:00+05:30"
    assert _office().at(_at("2027-01-25", "15:00"), [shut]).outcome == "open"


def test_closed_by_hand_on_a_holiday_is_closed() -> None:
    shut = Shut(_at("2027-01-26", "00:00"), _at("2027-01-27", "00:00"))
    assert _office().at(_at("2027-01-26", "11:00"), [shut]).outcome == "closed"


def test_closed_by_hand_until_further_notice_opens_at_no_known_time() -> None:
    opening = _office().at(_at("2027-01-25", "12:00"), [Shut(_at("2027-01-25", "11:00"), None)])
    assert opening.outcome == "closed"
    assert "office.next_open" not in opening.facts


def test_overlapping_closures_open_after_the_last() -> None:
    shut = [
        Shut(_at("2027-01-25", "09:00"), _at("2027-01-25", "11:00")),
        Shut(_at("2027-01-25", "10:30"), _at("2027-01-25", "12:00")),
    ]
    assert _office().next_open(_at("2027-01-25", "09:30"), shut) == _at("2027-01-25", "12:00")


def test_closing_in_the_middle_of_open_hours_opens_again_the_same_day() -> None:
    """What `helpline close-now --until 15:00` does: nobody is to be sent to the next day."""
    office = _office("office:\n  open:\n    mon-fri: 10:00-18:00\n")
    shut = Shut(_at("2027-01-25", "11:00"), _at("2027-01-25", "15:00"))
    assert office.next_open(_at("2027-01-25", "12:00"), [shut]) == _at("2027-01-25", "15:00")
    assert office.next_open(_at("2027-01-25", "10:30"), [shut]) == _at("2027-01-25", "15:00")
    later = Shut(_at("2027-01-25", "14:00"), _at("2027-01-26", "09:00"))
    assert office.next_open(_at("2027-01-25", "12:00"), [later, shut]) == _at("2027-01-26", "10:00")


NEVER_CLOSES = "office:\n  open:\n    mon-sun: 00:00-24:00\n"
TO_MIDNIGHT = "office:\n  open:\n    mon-fri: 10:00-24:00\n"
AT_NIGHT = "office:\n  open:\n    fri: 22:00-24:00\n    sat: 00:00-02:00, 22:00-24:00\n    sun: 00:00-02:00\n"
WHOLE_DAYS = "office:\n  open:\n    mon-fri: 00:00-24:00\n  holidays:\n    2027-01-26: republic_day\n"


@pytest.mark.parametrize(
    ("text", "day", "clock", "outcome", "next_open", "hours"),
    [
        (NEVER_CLOSES, "2027-01-25", "00:00", "open", None, ("00:00", "00:00")),
        (NEVER_CLOSES, "2027-01-25", "23:59:59.999999", "open", None, ("00:00", "00:00")),
        (TO_MIDNIGHT, "2027-01-25", "23:59:59", "open", "2027-01-26T10:00", ("10:00", "00:00")),
        (TO_MIDNIGHT, "2027-01-26", "00:00", "closed", "2027-01-26T10:00", ("10:00", "00:00")),
        (TO_MIDNIGHT, "2027-01-29", "23:59", "open", "2027-02-01T10:00", ("10:00", "00:00")),
        (TO_MIDNIGHT, "2027-01-30", "00:00", "closed", "2027-02-01T10:00", ("10:00", "00:00")),
        # Friday the 29th and Saturday the 30th, each past midnight.
        (AT_NIGHT, "2027-01-29", "21:59", "closed", "2027-01-29T22:00", ("22:00", "02:00")),
        (AT_NIGHT, "2027-01-29", "23:59", "open", "2027-01-30T22:00", ("22:00", "02:00")),
        (AT_NIGHT, "2027-01-30", "00:00", "open", "2027-01-30T22:00", ("22:00", "02:00")),
        (AT_NIGHT, "2027-01-30", "02:00", "closed", "2027-01-30T22:00", ("22:00", "02:00")),
        (AT_NIGHT, "2027-01-31", "03:00", "closed", "2027-02-05T22:00", ("22:00", "02:00")),
        (WHOLE_DAYS, "2027-01-25", "12:00", "open", "2027-01-27T00:00", ("00:00", "00:00")),
        (WHOLE_DAYS, "2027-01-26", "12:00", "holiday", "2027-01-27T00:00", ("00:00", "00:00")),
        (WHOLE_DAYS, "2027-01-28", "12:00", "open", "2027-02-01T00:00", ("00:00", "00:00")),
        (WHOLE_DAYS, "2027-01-31", "12:00", "closed", "2027-02-01T00:00", ("00:00", "00:00")),
    ],
)
def test_hours_to_midnight_and_past_it(
    text: str, day: str, clock: str, outcome: str, next_open: str | None, hours: tuple[str, str]
) -> None:
    opening = _office(text).at(_at(day, clock))
    facts = opening.facts
    assert opening.outcome == outcome
    assert facts.get("office.next_open") == (f"{next_open}:00+05:30" if next_open else None)
    assert (facts["office.opens"], facts["office.closes"]) == hours


def test_what_never_closes_opens_again_after_it_was_closed_by_hand() -> None:
    office = _office(NEVER_CLOSES)
    shut = Shut(_at("2027-01-25", "11:00"), _at("2027-01-26", "00:00"))
    opening = office.at(_at("2027-01-25", "12:00"), [shut])
    assert opening.outcome == "closed"
    assert opening.facts["office.next_open"] == "2027-01-26T00:00:00+05:30"
    assert office.at(_at("2027-01-26", "00:00"), [shut]).outcome == "open"
    assert office.next_open(_at("2027-01-25", "12:00"), [Shut(_at("2027-01-25", "11:00"), None)]) is None


def test_hours_that_meet_leave_no_gap() -> None:
    office = _office("office:\n  open:\n    mon: 10:00-13:00, 13:00-18:00\n    tue: 18:00-24:00, 10:00-18:00\n")
    assert office.spans(date(2027, 1, 25)) == (Span(time(10), time(18)),)
    assert office.at(_at("2027-01-25", "13:00")).outcome == "open"
    assert office.next_open(_at("2027-01-25", "12:00")) == _at("2027-01-26", "10:00")
    assert office.at(_at("2027-01-26", "18:00")).outcome == "open"
    assert office.next_open(_at("2027-01-26", "12:00")) == _at("2027-02-01", "10:00")


def test_open_to_midnight_counts_the_whole_day() -> None:
    assert _office(TO_MIDNIGHT).closing_time(date(2027, 1, 25)) == time.max


def test_working_days_and_closing_times() -> None:
    office = _office()
    assert [office.is_working(date(2027, 1, day)) for day in range(25, 32)] == [
        True,
        False,
        True,
        False,
        True,
        True,
        True,
    ]
    assert office.working_day(date(2027, 1, 25))
    assert office.closing_time(date(2027, 1, 25)) == time(18)
    assert office.closing_time(date(2027, 1, 26)) == time(0)


def test_a_calendar_that_never_opens_says_so() -> None:
    opening = _office("office:\n  open:\n    mon: closed\n").at(_at("2027-01-25", "12:00"))
    assert opening.outcome == "closed"
    assert opening.facts == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("open:\n    mon: 18:00-10:00", "the office closes (10:00) before it opens (18:00)."),
        (
            "open:\n    mon: 00:00-00:00",
            "the office closes (00:00) before it opens (00:00). Midnight at the end of a day is written 24:00.",
        ),
        ("open:\n    mon: 24:00-24:00", '"24:00-24:00" are no opening hours. Write them like 10:00-18:00.'),
        ("open:\n    mon: 10:00-24:30", '"10:00-24:30" are no opening hours. Write them like 10:00-18:00.'),
        ("open:\n    mon: 10:00-24:00, 20:00-22:00", "the hours 10:00-24:00 and 20:00-22:00 overlap."),
        ("open:\n    mon: ten", '"ten" are no opening hours. Write them like 10:00-18:00.'),
        ("open:\n    mon: 25:00-26:00", '"25:00-26:00" are no opening hours.'),
        ("open:\n    mon: 10:00-13:00, 12:00-14:00", "the hours 10:00-13:00 and 12:00-14:00 overlap."),
        ("open:\n    moon: 10:00-18:00", '"moon" is not a day of the week.'),
        ("open:\n    mon-wed: 10:00-18:00\n    tue: 10:00-12:00", '"tue" has hours twice'),
        ("open: {mon: 10:00-18:00}\n  timezone: Mars/Olympus", 'there is no time zone "Mars/Olympus"'),
        ("open: {mon: 10:00-18:00}\n  holidays: {26-01-2027: x}", '"26-01-2027" is not a day.'),
        ("open: {mon: 10:00-18:00}\n  warn_before_list_ends: soon", '"soon" is not a number of days.'),
        ("open: {mon: 10:00-18:00}\n  shut: yes", '"shut" is not a word a calendar knows.'),
        ("timezone: Asia/Kolkata", 'the calendar "office" does not say when it is open.'),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(BrokenCalendars, match=r"(?s).") as broken:
        load_calendars(f"office:\n  {text}\n")
    assert message in str(broken.value)
    assert str(broken.value).startswith("calendars.yaml:")


def test_the_shipped_calendar_knows_every_holiday_by_name_in_every_language() -> None:
    office = shipped_calendars()["office"]
    assert office.last_holiday() == date(2027, 12, 25)
    for catalogue in shipped().catalogues.values():
        assert {f"holiday_{name}" for name in office.holidays.values()} <= set(catalogue.prompts)


def test_the_shipped_office_is_open_six_days_from_ten_to_six() -> None:
    office = shipped_calendars()["office"]
    monday = date(2026, 11, 30)
    week = [office.spans(monday + timedelta(days=ahead)) for ahead in range(7)]
    assert [bool(spans) for spans in week] == [True] * 6 + [False]
    assert {(span.opens, span.closes) for spans in week for span in spans} == {(time(10), time(18))}
