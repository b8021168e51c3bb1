"""How long the value of a blank can be once it is written into a text message."""

from datetime import datetime, timedelta, timezone
from functools import cache

from flows.saying import written
from flows.texts import LONGEST_NAME
from flows.values import Blank, Line

INDIA = timezone(timedelta(hours=5, minutes=30))
_MOMENTS = [datetime(2026, month, 28, hour, 45, tzinfo=INDIA) for month in range(1, 13) for hour in (4, 9, 13, 17, 22)]
# Where the value comes from outside, its length is nobody's promise (a large amount); what our own texts name is cut.
_SAMPLES = {
    "number": ["9999"],
    "money": ["9999999"],
    "code": ["123456"],
    "digits": ["26482173059", "+919137091370"],
    "name": ["0" * LONGEST_NAME],
    "date": [moment.date().isoformat() for moment in _MOMENTS],
    "time": [moment.strftime("%H:%M") for moment in _MOMENTS],
    "day_time": [moment.isoformat() for moment in _MOMENTS],
}


@cache
def longest_written(language: str, kind: str) -> str:
    """The longest of what a blank of this kind can become. Another kind is taken for a name."""
    samples = _SAMPLES.get(kind, _SAMPLES["name"])
    lines = (Line(language, "", (Blank("", kind or "name", sample),)) for sample in samples)
    return max((written(line) for line in lines), key=len)
