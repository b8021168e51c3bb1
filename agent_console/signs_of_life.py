"""Signs of life of open pages, as the stream process takes them: many in one short transaction.

It keeps those of which there is nothing to tell but that the page is there. All others it leaves to the web process.
"""

import asyncio
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

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
    """Gathers signs of life for a moment and keeps them together, one such moment after the other."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[tuple[Sign, asyncio.Future[bool]]] = []
        self._keeping: asyncio.Task[None] | None = None

    async def keep(self, sign: Sign) -> bool:
        """True once the lease is longer in the store. False where the web process has to be told: it knows what to do.

        That is the case for a session that has ended, a tab that is not the desk (yet), a closed microphone, or a row
        that somebody is changing. Raises StoreUnavailable.
        """
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((sign, kept))
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_all())
        return await kept

    async def _keep_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER)
            waiting, self._waiting = self._waiting, []
            try:
                kept = await asyncio.to_thread(self._write, {sign for sign, _ in waiting})
            except Exception as error:  # whatever it is belongs to those who wait
                for _, answer in waiting:
                    if not answer.done():  # else its page has left meanwhile
                        answer.set_exception(error)
            else:
                for sign, answer in waiting:
                    if not answer.done():
                        answer.set_result(sign in kept)
        self._keeping = None

    def _write(self, signs: Set[Sign]) -> set[Sign]:
        return self._store.write(lambda connection: keep_signs(connection, signs, self._clock.now()))


def keep_signs(connection: Connection, signs: Set[Sign], now: datetime) -> set[Sign]:
    """Extend the leases of those who are at their desks, and tell of whom there is nothing else to be told."""
    open_ones = [sign for sign in signs if not sign.muted]
    desks = [(sign.staff_id, sign.epoch, sign.tab) for sign in open_ones if sign.tab]
    beside = [(sign.staff_id, sign.epoch) for sign in open_ones if not sign.tab]
    # First of all, and passing by what is locked: whoever holds one of these rows may want another of them.
    found = connection.execute(
        select(Presence.staff_id, Staff.session_epoch, Presence.desk)
        .join(Staff, Staff.id == Presence.staff_id)
        .where(Staff.active)
        .where(
            or_(
                tuple_(Presence.staff_id, Staff.session_epoch, Presence.desk).in_(desks),
                tuple_(Presence.staff_id, Staff.session_epoch).in_(beside),
            )
        )
        .with_for_update(of=Presence, skip_locked=True)
    ).all()
    at_desk = {(row.staff_id, row.session_epoch): row.desk for row in found}
    longer = update(Presence).where(Presence.staff_id.in_([row.staff_id for row in found]))
    connection.execute(longer.values(lease_until=now + LEASE))
    legs = {sign.leg for sign in open_ones if sign.leg}
    closed = set(connection.scalars(select(Leg.sid).where(Leg.sid.in_(legs), Leg.muted_since.is_not(None))))
    return {
        sign
        for sign in open_ones
        if (desk := at_desk.get((sign.staff_id, sign.epoch))) is not None
        and sign.tab in ("", desk)
        and sign.leg not in closed
    }
