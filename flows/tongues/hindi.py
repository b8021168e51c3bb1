"""Hindi."""

from datetime import date, time
from unicodedata import normalize

from flows.tongues.numbers_hi import WORDS
from flows.tongues.tongue import CRORE, LAKH, THOUSAND


def _words(text: str) -> tuple[str, ...]:
    return tuple(normalize("NFC", text).split())


_PAST, _HALF_PAST, _TO, _STRUCK, _PAST_STRUCK, _MINUTES = _words("सवा साढ़े पौने बजे बजकर मिनट")
_HALF_PAST_ONE, _HALF_PAST_TWO = _words("डेढ़ ढाई")
_HUNDRED = "सौ"
# From which hour on a part of the day is called so.
_PARTS = tuple(zip((0, 4, 12, 16, 20), _words("रात सुबह दोपहर शाम रात"), strict=True))
_SIZES = dict(zip((THOUSAND, LAKH, CRORE), _words("हज़ार लाख करोड़"), strict=True))


class Hindi:
    numbers = _words(WORDS)
    weekdays = _words("सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार")
    months = _words("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर")
    today = "आज"
    tomorrow = "कल"
    rupees = "रुपये"
    paise = "पैसे"

    def say_hundreds(self, hundreds: int) -> list[str]:
        return [self.numbers[hundreds], _HUNDRED]

    def name_of(self, size: int) -> str:
        return _SIZES[size]

    def say_date(self, day: date) -> list[str]:
        return [self.numbers[day.day], self.months[day.month - 1]]

    def say_clock(self, clock: time) -> list[str]:
        face = self._face(clock)
        if face is not None:
            return [_part(clock), f"{face} {_STRUCK}"]
        hour = self.numbers[_on_face(clock.hour)]
        return [_part(clock), f"{hour} {_PAST_STRUCK}", self.numbers[clock.minute], _MINUTES]

    def say_at(self, clock: time) -> list[str]:
        return self.say_clock(clock)

    def write_date(self, day: date) -> str:
        return f"{day.day} {self.months[day.month - 1]}"

    def write_clock(self, clock: time) -> str:
        minutes = f":{clock.minute:02}" if clock.minute else ""
        return f"{_part(clock)} {_on_face(clock.hour)}{minutes} {_STRUCK}"

    def write_at(self, clock: time) -> str:
        return self.write_clock(clock)

    def _face(self, clock: time) -> str | None:
        """What the clock shows at a quarter of an hour; None at any other minute."""
        hour, after = _on_face(clock.hour), _on_face(clock.hour + 1)
        match clock.minute:
            case 0:
                return self.numbers[hour]
            case 15:
                return f"{_PAST} {self.numbers[hour]}"
            case 30 if hour == 1:
                return _HALF_PAST_ONE
            case 30 if hour == 2:
                return _HALF_PAST_TWO
            case 30:
                return f"{_HALF_PAST} {self.numbers[hour]}"
            case 45:
                return f"{_TO} {self.numbers[after]}"
            case _:
                return None


def _on_face(hour: int) -> int:
    return hour % 12 or 12


def _part(clock: time) -> str:
    return next(name for start, name in reversed(_PARTS) if clock.hour >= start)
