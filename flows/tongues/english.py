"""English as spoken in India."""

from datetime import date, time

from flows.tongues.numbers_en import ORDINALS, WORDS
from flows.tongues.tongue import CRORE, LAKH, THOUSAND

_AT, _OH = "at", "oh"
# From which hour on a part of the day is called so.
_PARTS = (
    (0, "at night"),
    (4, "in the morning"),
    (12, "in the afternoon"),
    (17, "in the evening"),
    (21, "at night"),
)
_SIZES = {THOUSAND: "thousand", LAKH: "lakh", CRORE: "crore"}


class English:
    numbers = WORDS
    weekdays: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months: tuple[str, ...] = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    today = "today"
    tomorrow = "tomorrow"
    rupees = "rupees"
    paise = "paise"

    def say_hundreds(self, hundreds: int) -> list[str]:
        return [f"{self.numbers[hundreds]} hundred"]

    def name_of(self, size: int) -> str:
        return _SIZES[size]

    def say_date(self, day: date) -> list[str]:
        return [f"the {ORDINALS[day.day - 1]} of", self.months[day.month - 1]]

    def say_clock(self, clock: time) -> list[str]:
        return [*self._face(clock), _part(clock)]

    def say_at(self, clock: time) -> list[str]:
        return [_AT, *self.say_clock(clock)]

    def write_date(self, day: date) -> str:
        return f"{day.day} {self.months[day.month - 1]}"

    def write_clock(self, clock: time) -> str:
        return f"{_on_face(clock.hour)}:{clock.minute:02} {'am' if clock.hour < 12 else 'pm'}"

    def write_at(self, clock: time) -> str:
        return self.write_clock(clock)

    def _face(self, clock: time) -> list[str]:
        hour, after = self.numbers[_on_face(clock.hour)], self.numbers[_on_face(clock.hour + 1)]
        match clock.minute:
            case 0:
                return [hour]
            case 15:
                return [f"quarter past {hour}"]
            case 30:
                return [f"half past {hour}"]
            case 45:
                return [f"quarter to {after}"]
            case minute if minute < 10:
                return [hour, _OH, self.numbers[minute]]
            case minute:
                return [hour, self.numbers[minute]]


def _on_face(hour: int) -> int:
    return hour % 12 or 12


def _part(clock: time) -> str:
    return next(name for start, name in reversed(_PARTS) if clock.hour >= start)
