"""Reads `calendars.yaml`: opening hours as a supervisor writes them."""

import re
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.calendar import MIDNIGHT, Calendar, Span
from flows.finding import Finding
from flows.flow import Place
from flows.nodes import Entry, Mapping, Node, Scalar, read_nodes

FILE = "calendars.yaml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
END_OF_DAY = "24:00"
WORDS = ("timezone", "open", "holidays", "special", "warn_before_list_ends")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_LENGTH_IN_DAYS = re.compile(r"(\d{1,3}) days?")


class BrokenCalendars(ValueError):
    """The text cannot be used as calendars; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def load_calendars(text: str, *, may_stay_shut: bool = True) -> dict[str, Calendar]:
    """The calendars of a file by name; raises `BrokenCalendars` for one that makes no sense.

    One that is in force already `may_stay_shut` all week: its callers hear so, which is better than a fault.
    """
    calendars, findings = read_calendars(FILE, text, may_stay_shut=may_stay_shut)
    if findings:
        raise BrokenCalendars(findings)
    return calendars


def read_calendars(file: str, text: str, *, may_stay_shut: bool = False) -> tuple[dict[str, Calendar], list[Finding]]:
    """What can be read of the calendars, and what is wrong with the rest (E01, E02, E03, E16)."""
    root, findings = read_nodes(file, text)
    reader = _Reader([*findings], may_stay_shut=may_stay_shut)
    calendars = {entry.key.text: reader.read(entry) for entry in reader.entries(root, "a list of calendars")}
    return calendars, reader.findings


class _Reader:
    def __init__(self, findings: list[Finding], *, may_stay_shut: bool) -> None:
        self.findings = findings
        self._may_stay_shut = may_stay_shut

    def report(self, at: Place, sentence: str, code: str = "E16") -> None:
        self.findings.append(Finding(at, code, sentence))

    def entries(self, node: Node | None, what: str) -> list[Entry]:
        """The entries of a mapping, each key once."""
        if node is None:
            return []
        if not isinstance(node, Mapping):
            self.report(node.at, f"this should be {what}.", "E03")
            return []
        kept: dict[str, Entry] = {}
        for entry in node.entries:
            first = kept.setdefault(entry.key.text, entry)
            if first is not entry:
                sentence = f'"{entry.key.text}" is written twice in the same place; the first is on line'
                self.report(entry.key.at, f"{sentence} {first.key.at.line}. Only one can count.", "E02")
        return list(kept.values())

    def read(self, calendar: Entry) -> Calendar:
        name = calendar.key.text
        words = {entry.key.text: entry for entry in self.entries(calendar.value, "the hours of one calendar")}
        for word, entry in words.items():
            if word not in WORDS:
                known = ", ".join(WORDS)
                self.report(entry.key.at, f'"{word}" is not a word a calendar knows. It knows: {known}.', "E03")
        if "open" not in words:
            self.report(calendar.key.at, f'the calendar "{name}" does not say when it is open. Add "open".')
        faults = len(self.findings)
        week = self.week(words.get("open"))
        # Hours that cannot be read may be those of its only day: that is told already.
        if not any(week.values()) and "open" in words and len(self.findings) == faults and not self._may_stay_shut:
            sentence = f'the calendar "{name}" is open on no day of the week: nothing could be promised by it.'
            self.report(calendar.key.at, f"{sentence} Give one day its hours.")
        return Calendar(
            name=name,
            zone=self.zone(words.get("timezone")),
            week=week,
            holidays=self.holidays(words.get("holidays")),
            special=self.special(words.get("special")),
            warn_before_days=self.warning(words.get("warn_before_list_ends")),
        )

    def text(self, entry: Entry) -> str:
        if isinstance(entry.value, Scalar):
            return entry.value.text
        self.report(entry.value.at, f'"{entry.key.text}" should be followed by one value.', "E03")
        return ""

    def zone(self, entry: Entry | None) -> ZoneInfo:
        name = self.text(entry) if entry else "Asia/Kolkata"
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if entry:
                self.report(entry.value.at, f'there is no time zone "{name}". Write it like Asia/Kolkata.')
            return ZoneInfo("Asia/Kolkata")

    def week(self, entry: Entry | None) -> dict[int, tuple[Span, ...]]:
        week: dict[int, tuple[Span, ...]] = {}
        for row in self.entries(entry.value, "days with their hours") if entry else ():
            hours = self.hours(row)
            for day in self.days(row.key):
                if day in week:
                    self.report(row.key.at, f'"{DAYS[day]}" has hours twice; only one can count.', "E02")
                week[day] = hours
        return week

    def days(self, key: Scalar) -> list[int]:
        """The days of `mon-sat` or of `mon, wed`."""
        days: list[int] = []
        for part in key.text.split(","):
            first, _, last = (piece.strip().lower() for piece in part.partition("-"))
            last = last or first
            if first not in DAYS or last not in DAYS:
                self.report(key.at, f'"{part.strip()}" is not a day of the week. Write it like mon or mon-sat.')
                continue
            length = (DAYS.index(last) - DAYS.index(first)) % 7 + 1
            days += [(DAYS.index(first) + step) % 7 for step in range(length)]
        return days

    def hours(self, entry: Entry) -> tuple[Span, ...]:
        """The spans of `10:00-18:00`, of `10:00-13:00, 14:00-18:00`, or none for `closed`."""
        text = self.text(entry)
        if text.strip().lower() == "closed":
            return ()
        spans = [span for part in text.split(",") if (span := self.span(part.strip(), entry.value.at))]
        for earlier, later in zip(sorted(spans), sorted(spans)[1:], strict=False):
            if earlier.ends_after(later.opens):
                self.report(entry.value.at, f"the hours {write_hours(earlier)} and {write_hours(later)} overlap.")
        return _join(sorted(spans))

    def span(self, text: str, at: Place) -> Span | None:
        found = _SPAN.fullmatch(text)
        try:
            numbers = [int(number) for number in found.groups()] if found else []
            span = Span(time(numbers[0], numbers[1]), _closing(numbers[2], numbers[3]))
        except (ValueError, IndexError):
            self.report(at, f'"{text}" are no opening hours. Write them like 10:00-18:00.')
            return None
        closes = text.partition("-")[2].strip()
        if not span.ends_after(span.opens) or (span.closes == MIDNIGHT and closes != END_OF_DAY):
            mend = f" Midnight at the end of a day is written {END_OF_DAY}." if span.closes == MIDNIGHT else ""
            self.report(at, f"the office closes ({span.closes:%H:%M}) before it opens ({span.opens:%H:%M}).{mend}")
            return None
        return span

    def day(self, key: Scalar) -> date | None:
        try:
            return date.fromisoformat(key.text)
        except ValueError:
            self.report(key.at, f'"{key.text}" is not a day. Write it like 2027-01-26.')
            return None

    def holidays(self, entry: Entry | None) -> dict[date, str]:
        rows = self.entries(entry.value, "days with the name of the holiday") if entry else []
        return {day: self.text(row) for row in rows if (day := self.day(row.key))}

    def special(self, entry: Entry | None) -> dict[date, tuple[Span, ...]]:
        rows = self.entries(entry.value, "days with their hours") if entry else []
        return {day: self.hours(row) for row in rows if (day := self.day(row.key))}

    def warning(self, entry: Entry | None) -> int:
        text = self.text(entry) if entry else "60 days"
        found = _LENGTH_IN_DAYS.fullmatch(text)
        if found is None:
            if entry:
                self.report(entry.value.at, f'"{text}" is not a number of days. Write it like 60 days.')
            return 60
        return int(found[1])


def _closing(hour: int, minute: int) -> time:
    """When a span closes. Raises ValueError if that is no time."""
    return MIDNIGHT if (hour, minute) == (24, 0) else time(hour, minute)


def _join(spans: list[Span]) -> tuple[Span, ...]:
    """Spans of which one begins when the other ends are one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].closes == span.opens != MIDNIGHT:
            joined[-1] = Span(joined[-1].opens, span.closes)
        else:
            joined.append(span)
    return tuple(joined)


def write_hours(span: Span) -> str:
    """The hours as they are written in a calendar: 10:00-18:00."""
    closes = END_OF_DAY if span.closes == MIDNIGHT else f"{span.closes:%H:%M}"
    return f"{span.opens:%H:%M}-{closes}"
