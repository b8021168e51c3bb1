"""The connection overrides that an application writes behind the # of a webhook's address."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_MILLISECONDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Seconds for connecting, reading and all of it; how often and after what to try again."""

    connect: float
    read: float
    total: float
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, trouble: str) -> bool:
        """`trouble` is ct, rt, 4xx or 5xx."""
        return "all" in self.retry_on or trouble in self.retry_on


def read_overrides(url: str, *, connect: float, total: float) -> Overrides:
    """Read them from `url`; what is missing or out of its range stays at the defaults given."""
    seconds: dict[str, float] = {}
    retries, retry_on = 1, frozenset({"ct"})
    for name, value in parse_qsl(urlsplit(url).fragment):
        if name in _MILLISECONDS and value.isdecimal():
            low, high = _MILLISECONDS[name]
            if low <= int(value) <= high:
                seconds[name] = int(value) / 1000
        elif name == "rc" and value.isdecimal() and int(value) <= 5:
            retries = int(value)
        elif name == "rp":
            retry_on = frozenset(value.split(",")) & {"4xx", "5xx", "ct", "rt", "all"} or retry_on
    whole = min(seconds.get("tt", total), total)
    return Overrides(
        min(seconds.get("ct", connect), whole), min(seconds.get("rt", whole), whole), whole, retries, retry_on
    )
