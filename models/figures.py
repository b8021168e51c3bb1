"""The numbers of the line, defined once (docs/figures.md). All are counted from rows; none is kept as a counter."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil

from models.micros import SECOND

FAST_S = 20  # answered within so many seconds is in time
PATIENT_S = 5  # who hangs up within so many seconds was not abandoned: they had dialled wrong, or thought again
ENDINGS = ("answered", "abandoned", "callback", "voicemail", "overflow", "closed", "error", "waiting")


@dataclass(slots=True)
class Figures:
    """What happened in one stretch of time, or in several added up. A call counts where it came into the queue."""

    ended: Counter[str] = field(default_factory=Counter)
    """Stays in the queue by how they ended; `waiting` has not ended yet, a talk that runs is `answered`."""
    waits: Counter[int] = field(default_factory=Counter)
    """Answered calls by the seconds that they waited, begun ones counted whole."""
    waited: int = 0
    """Microseconds that the answered waited, together."""
    gone: Counter[int] = field(default_factory=Counter)
    """Abandoned calls by the seconds after which they hung up, begun ones counted whole."""
    talks: int = 0
    """Conversations that are over, with callers and with people who were rung back."""
    talked: int = 0
    """Microseconds of talk and hold in them."""
    wrapped: int = 0
    """Microseconds of wrap-up after them."""
    busy: int = 0
    """Microseconds in which representatives talked or wrapped up in this stretch."""
    ready: int = 0
    """Microseconds in which representatives were ready in this stretch, ringing included."""

    @property
    def queued(self) -> int:
        """Everybody who came into the queue."""
        return self.ended.total()

    @property
    def answered(self) -> int:
        return self.ended["answered"]

    @property
    def answered_fast(self) -> int:
        """Answered within 20 seconds."""
        return sum(calls for seconds, calls in self.waits.items() if seconds <= FAST_S)

    @property
    def abandoned(self) -> int:
        """Hung up after more than 5 seconds in the queue."""
        return sum(calls for seconds, calls in self.gone.items() if seconds > PATIENT_S)

    @property
    def service_level(self) -> float | None:
        """Answered within 20 s ÷ (answered + abandoned after more than 5 s). Who chose a call-back is in neither."""
        return _ratio(self.answered_fast, self.answered + self.abandoned)

    @property
    def abandonment(self) -> float | None:
        """Abandoned after more than 5 s ÷ queued."""
        return _ratio(self.abandoned, self.queued)

    @property
    def mean_wait_s(self) -> float | None:
        """Average speed of answer: the mean wait of the answered, in seconds."""
        return _ratio(self.waited / SECOND, self.answered)

    @property
    def p90_wait_s(self) -> int | None:
        """Nine of ten answered calls waited no longer than so many seconds (nearest rank, begun seconds whole)."""
        left = ceil(self.waits.total() * 0.9)
        for seconds in sorted(self.waits):
            left -= self.waits[seconds]
            if left <= 0:
                return seconds
        return None

    @property
    def handle_s(self) -> float | None:
        """Average handling time in seconds: talk, hold and wrap-up of the conversations that are over."""
        return _ratio((self.talked + self.wrapped) / SECOND, self.talks)

    @property
    def occupancy(self) -> float | None:
        """(Talk + hold + wrap-up) ÷ (that + ready)."""
        return _ratio(self.busy, self.busy + self.ready)

    def add(self, other: "Figures") -> None:
        """Count `other` in: ratios of a sum are made from its counts, never from ratios."""
        self.ended.update(other.ended)
        self.waits.update(other.waits)
        self.gone.update(other.gone)
        self.waited += other.waited
        self.talks += other.talks
        self.talked += other.talked
        self.wrapped += other.wrapped
        self.busy += other.busy
        self.ready += other.ready


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def total_of(parts: "list[Figures]") -> Figures:
    """All of them as one."""
    whole = Figures()
    for part in parts:
        whole.add(part)
    return whole
