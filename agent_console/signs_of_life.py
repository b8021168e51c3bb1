"""Signs of life of open pages, as the stream process takes them: many in one short transaction.

It keeps those of which there is nothing to tell but that the page is there. All others it leaves to the web process.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, tuple_, update

from clock import Clock
from ivr.presences import LEASE
from models.leg import Leg
from models.presence import Presence
from models.staff import Staff
from models.store import Store

GATHER = 1.0  # seconds that a sign of life waits for others; its lease lasts for 45


@dataclass(frozen=True, slots=True)
class Sign:
    """What a page says of itself. `epoch` is its session's; `tab` is empty on a page beside the desk."""

    staff_id: int
    epoch: int
    tab: str
    leg: str = ""  # its own line, where it has voice
    muted: bool = False


class SignKeeper:
    """Gathers signs of life for a moment and keeps them together."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[tuple[Sign, asyncio.Future[bool]]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def keep(self, sign: Sign) -> bool:
        """True once the lease is longer in the store. False where the web process has to be told: it knows what to do.

        That is the case for a stranger, a tab that is not the desk (yet), a closed microphone, or a row that is being
        changed just now. Raises StoreUnavailable.
        """
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((sign, kept))
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._gather())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await kept

    async def _gather(self) -> None:
        await asyncio.sleep(GATHER)
        waiting, self._waiting = self._waiting, []
        signs = list({sign for sign, _ in waiting})
        try:
            kept = await asyncio.to_thread(self._write, signs)
        except Exception as error:  # whatever it is belongs to those who wait
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
            return
        for sign, answer in waiting:
            if not answer.done():  # its page has not left meanwhile
                answer.set_result(sign in kept)

    def _write(self, signs: Sequence[Sign]) -> set[Sign]:
        return self._store.write(lambda connection: keep_signs(connection, signs, self._clock))


def keep_signs(connection: Connection, signs: Sequence[Sign], clock: Clock) -> set[Sign]:
    """Extend the leases of those who show nothing else, and tell which these were."""
    lines = {sign.leg for sign in signs if sign.leg}
    closed = set(connection.scalars(select(Leg.sid).where(Leg.sid.in_(lines), Leg.muted_since.is_not(None))))
    plain = [sign for sign in signs if not sign.muted and sign.leg not in closed]
    desks = [(sign.staff_id, sign.epoch, sign.tab) for sign in plain if sign.tab]
    beside = [(sign.staff_id, sign.epoch) for sign in plain if not sign.tab]
    known = (
        select(Presence.staff_id)
        .join(Staff, Staff.id == Presence.staff_id)
        .where(Staff.active)
        .where(
            or_(
                tuple_(Presence.staff_id, Staff.session_epoch, Presence.desk).in_(desks),
                tuple_(Presence.staff_id, Staff.session_epoch).in_(beside),
            )
        )
        # Whoever holds one of these rows may want another of them: this never waits for anybody.
        .with_for_update(of=Presence, skip_locked=True)
    )
    longer = update(Presence).where(Presence.staff_id.in_(known)).values(lease_until=clock.now() + LEASE)
    held = {row.staff_id: row.desk for row in connection.execute(longer.returning(Presence.staff_id, Presence.desk))}
    return {sign for sign in plain if sign.staff_id in held and sign.tab in ("", held[sign.staff_id])}
