"""What a language must be able to say. A *unit* is one run of words that is recorded or synthesized as a whole."""

from datetime import date, datetime, time, timedelta
from typing import Protocol

CRORE, LAKH, THOUSAND, HUNDRED = 10_000_000, 100_000, 1_000, 100
LARGEST = 99 * CRORE + 9_999_999


class Tongue(Protocol):
    """One language. Every unit that its methods give is in `vocabulary`."""

    numbers: tuple[str, ...]  # 0 to 100
    weekdays: tuple[str, ...]  # from Monday
    months: tuple[str, ...]  # from January
    today: str
    tomorrow: str
    rupees: str
    paise: str

    def say_hundreds(self, hundreds: int) -> list[str]:
        """One to nine hundred, with more to follow or not."""
        ...

    def name_of(self, size: int) -> str:
        """Thousand, lakh, crore."""
        ...

    def say_date(self, day: date) -> list[str]: ...

    def say_clock(self, clock: time) -> list[str]:
        """A time as such: from ten in the morning."""
        ...

    def say_at(self, clock: time) -> list[str]:
        """When something happens: at ten in the morning."""
        ...

    def write_date(self, day: date) -> str: ...

    def write_clock(self, clock: time) -> str: ...

    def write_at(self, clock: time) -> str: ...


def say_number(tongue: Tongue, number: int) -> list[str]:
    """A whole number of at most `LARGEST`, counted as India counts: hundred, thousand, lakh, crore."""
    if number < 0 or number > LARGEST:
        return [tongue.numbers[int(digit)] for digit in str(number) if digit.isdigit()]
    if number <= HUNDRED:
        return [tongue.numbers[number]]
    units: list[str] = []
    for size in (CRORE, LAKH, THOUSAND):
        count, number = divmod(number, size)
        if count:
            units += [tongue.numbers[count], tongue.name_of(size)]
    hundreds, number = divmod(number, HUNDRED)
    if hundreds:
        units += tongue.say_hundreds(hundreds)
    if number:
        units.append(tongue.numbers[number])
    return units


def say_full_date(tongue: Tongue, day: date) -> list[str]:
    """The day of the week with the date: what one goes by when somebody has promised something."""
    return [tongue.weekdays[day.weekday()], *tongue.say_date(day)]


def say_day(tongue: Tongue, day: date, said_on: date | None) -> list[str]:
    """Today, tomorrow, a day of the week if it is less than a week off, else that with the date."""
    if said_on is not None:
        ahead = (day - said_on).days
        if ahead in (0, 1):
            return [(tongue.today, tongue.tomorrow)[ahead]]
        if 1 < ahead < 7:
            return [tongue.weekdays[day.weekday()]]
    return say_full_date(tongue, day)


def say_money(tongue: Tongue, rupees: int, paise: int) -> list[str]:
    units = [*say_number(tongue, rupees), tongue.rupees]
    return [*units, tongue.numbers[paise], tongue.paise] if paise else units


def vocabulary_of(tongue: Tongue) -> list[str]:
    """Every unit the language can say, once each, in an order that does not change."""
    units = [*tongue.numbers, *tongue.weekdays, *tongue.months, tongue.today, tongue.tomorrow]
    units += [tongue.rupees, tongue.paise, *(tongue.name_of(size) for size in (THOUSAND, LAKH, CRORE))]
    units += [unit for hundreds in range(1, 10) for unit in tongue.say_hundreds(hundreds)]
    leap_year = date(2028, 1, 1)
    units += [unit for day in range(366) for unit in tongue.say_date(leap_year + timedelta(days=day))]
    midnight = datetime(2028, 1, 1)  # noqa: DTZ001 - a clock's face has no zone
    for minute in range(24 * 60):
        clock = (midnight + timedelta(minutes=minute)).time()
        units += [*tongue.say_clock(clock), *tongue.say_at(clock)]
    return list(dict.fromkeys(units))
