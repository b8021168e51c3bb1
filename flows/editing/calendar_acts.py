"""What a person does to a calendar: other hours, a holiday more or less, other hours on one day. Remarks stay."""

from collections.abc import Iterator, Mapping

from flows.calendar_file import DAYS
from flows.editing.splices import add_entry, remove_part, set_value
from flows.editing.text_tree import CannotEdit, Part, find_part, read_parts

CLOSED = "closed"
SECTIONS = ("holidays", "special")


def set_week(text: str, name: str, hours: Mapping[str, str]) -> str:
    """The calendar with these hours of the week, by day (`mon` …); a day without hours is closed."""
    spoken = dict(_grouped({day: hours.get(day, "").strip() or CLOSED for day in DAYS}))
    if len(find_part(read_parts(text), (name,)).children) == 1:
        text = add_entry(text, (name,), "timezone", "Asia/Kolkata")  # what counts where nothing is said
    if find_part(read_parts(text), (name,)).child("open") is not None:
        text = remove_part(text, (name, "open"))
    return add_entry(text, (name,), "open", spoken, after="timezone")


def set_day(text: str, name: str, section: str, day: str, value: str) -> str:
    """The calendar with one day more in `section`, or with another value for it. Raises CannotEdit."""
    known = _section(text, name, section)
    if known is None:
        return add_entry(text, (name,), section, {day: value})
    if known.child(day) is not None:
        return set_value(text, (name, section, day), value)
    earlier = [child.name for child in known.children if child.name < day]
    return add_entry(text, (name, section), day, value, after=max(earlier, default=None))


def remove_day(text: str, name: str, section: str, day: str) -> str:
    """The calendar with one day less in `section`. Raises CannotEdit where it is not there."""
    known = _section(text, name, section)
    if known is None or known.child(day) is None:
        raise CannotEdit("gone")
    path = (name, section) if len(known.children) == 1 else (name, section, day)
    return remove_part(text, path)


def _section(text: str, name: str, section: str) -> Part | None:
    if section not in SECTIONS:
        raise CannotEdit("unknown_act")
    found = find_part(read_parts(text), (name,)).child(section)
    return found if found is not None and found.children else None


def _grouped(hours: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Neighbouring days with the same hours as one line: `mon-fri`. A week that is shut says so."""
    first = 0
    for number, day in enumerate(DAYS):
        following = DAYS[number + 1] if number + 1 < len(DAYS) else None
        if following is not None and hours[following] == hours[day]:
            continue
        if hours[day] != CLOSED or (first == 0 and following is None):
            yield (day if first == number else f"{DAYS[first]}-{day}"), hours[day]
        first = number + 1
