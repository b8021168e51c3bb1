"""Bengali as spoken in West Bengal."""

from datetime import date, time
from unicodedata import normalize

from flows.tongues.numbers_bn import HUNDREDS, WORDS
from flows.tongues.tongue import CRORE, LAKH, THOUSAND


def _words(text: str) -> tuple[str, ...]:
    return tuple(normalize("NFC", text).split())


_DAYS = _words(
    "পয়লা দোসরা তেসরা চৌঠা পাঁচই ছয়ই সাতই আটই নয়ই দশই এগারোই বারোই তেরোই চোদ্দই পনেরোই ষোলোই সতেরোই আঠারোই "
    "উনিশে বিশে একুশে বাইশে তেইশে চব্বিশে পঁচিশে ছাব্বিশে সাতাশে আঠাশে ঊনত্রিশে ত্রিশে একত্রিশে"
)
_HOURS = _words("একটা দুটো তিনটে চারটে পাঁচটা ছটা সাতটা আটটা নটা দশটা এগারোটা বারোটা")
_PAST, _HALF_PAST, _TO, _STRUCK, _MINUTES = _words("সওয়া সাড়ে পৌনে বেজে মিনিট")
_HALF_PAST_ONE, _HALF_PAST_TWO = _words("দেড়টা আড়াইটে")
_LOCATIVE = normalize("NFC", "য়")
_MINUTES_LOCATIVE = _MINUTES + "ে"
# From which hour on a part of the day is called so.
_PARTS = tuple(zip((0, 4, 6, 12, 15, 18, 20), _words("রাত ভোর সকাল দুপুর বিকেল সন্ধ্যা রাত"), strict=True))
_SIZES = dict(zip((THOUSAND, LAKH, CRORE), _words("হাজার লক্ষ কোটি"), strict=True))


class Bengali:
    numbers = _words(WORDS)
    weekdays = _words("সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার")
    months = _words("জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর")
    today = "আজ"
    tomorrow = "আগামীকাল"
    rupees = "টাকা"
    paise = normalize("NFC", "পয়সা")

    _hundreds = _words(HUNDREDS)

    def say_hundreds(self, hundreds: int) -> list[str]:
        return [self._hundreds[hundreds - 1]]

    def name_of(self, size: int) -> str:
        return _SIZES[size]

    def say_date(self, day: date) -> list[str]:
        return [_DAYS[day.day - 1], self.months[day.month - 1]]

    def say_clock(self, clock: time) -> list[str]:
        face = _face(clock)
        if face is not None:
            return [_part(clock), face]
        return [_part(clock), _hour(clock.hour), _STRUCK, self.numbers[clock.minute], _MINUTES]

    def say_at(self, clock: time) -> list[str]:
        face = _face(clock)
        if face is not None:
            return [_part(clock), face + _LOCATIVE]
        return [_part(clock), _hour(clock.hour), _STRUCK, self.numbers[clock.minute], _MINUTES_LOCATIVE]

    def write_date(self, day: date) -> str:
        return f"{day.day} {self.months[day.month - 1]}"

    def write_clock(self, clock: time) -> str:
        if clock.minute == 0:
            return f"{_part(clock)} {_on_face(clock.hour)}টা"
        return f"{_part(clock)} {_on_face(clock.hour)}:{clock.minute:02}"

    def write_at(self, clock: time) -> str:
        return self.write_clock(clock) + (_LOCATIVE if clock.minute == 0 else "")


def _face(clock: time) -> str | None:
    """What the clock shows at a quarter of an hour; None at any other minute."""
    match clock.minute:
        case 0:
            return _hour(clock.hour)
        case 15:
            return f"{_PAST} {_hour(clock.hour)}"
        case 30 if _on_face(clock.hour) == 1:
            return _HALF_PAST_ONE
        case 30 if _on_face(clock.hour) == 2:
            return _HALF_PAST_TWO
        case 30:
            return f"{_HALF_PAST} {_hour(clock.hour)}"
        case 45:
            return f"{_TO} {_hour(clock.hour + 1)}"
        case _:
            return None


def _hour(hour: int) -> str:
    return _HOURS[_on_face(hour) - 1]


def _on_face(hour: int) -> int:
    return hour % 12 or 12


def _part(clock: time) -> str:
    return next(name for start, name in reversed(_PARTS) if clock.hour >= start)
