"""Who is rung for whom: a pure function of who waits and who is ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

PRIORITY_S = 60.0  # one step of priority is worth so many seconds of waiting


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in line. `since` may lie before they joined: a kept place."""

    entry_id: int
    queue: str
    language: str
    priority: int
    urgent: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Ready:
    """A representative who may be rung. Without `queues` they serve every queue."""

    staff_id: int
    languages: frozenset[str]
    queues: frozenset[str]
    since: datetime

    def serves(self, caller: Waiting) -> bool:
        """True if this person speaks the caller's language and serves their queue."""
        return caller.language in self.languages and (not self.queues or caller.queue in self.queues)


def pair(waiting: Iterable[Waiting], ready: Iterable[Ready], now: datetime) -> list[tuple[Waiting, Ready]]:
    """Highest rank first, each with whoever has been ready longest and can serve them.

    Rank is seconds waited plus a head start for priority: it grows for everybody alike, so nobody starves behind
    urgent callers who came later than the head start is long.
    """
    free = sorted(ready, key=lambda one: (one.since, one.staff_id))
    pairs = []
    for caller in in_line(waiting, now):
        chosen = next((one for one in free if one.serves(caller)), None)
        if chosen is None:
            continue
        free.remove(chosen)
        pairs.append((caller, chosen))
    return pairs


def in_line(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """The callers in the order in which they are served."""
    return sorted(waiting, key=lambda caller: (-rank(caller, now), not caller.urgent, caller.entry_id))


def rank(caller: Waiting, now: datetime) -> float:
    """Seconds that count for this caller."""
    return (now - caller.since).total_seconds() + PRIORITY_S * caller.priority
