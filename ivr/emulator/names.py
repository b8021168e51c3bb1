"""How Twilio writes names and times."""

import secrets
from datetime import datetime
from email.utils import format_datetime


def new_sid(prefix: str) -> str:
    """Two letters and 32 lower-case hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(when: datetime | None) -> str | None:
    """As in REST answers and callbacks: Mon, 02 Mar 2026 04:30:00 +0000."""
    return None if when is None else format_datetime(when.replace(microsecond=0))


def whole_seconds(start: datetime | None, end: datetime | None) -> int:
    """Between two times, rounded up as Twilio bills; 0 where either is missing."""
    if start is None or end is None:
        return 0
    return max(0, -int(-(end - start).total_seconds() // 1))
