"""A duty that one process of several may have: a lease in SQL, renewed in time or lost."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from models.insert import InsertOnce
from models.lease import Lease

ROUTER = "router"  # pairs callers, sends commands, sweeps

_insert_lease = InsertOnce(Lease)


def take_duty(connection: Connection, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take or renew the duty. True if `holder` has it now, for `lasts`."""
    until = now + lasts
    taken = connection.execute(
        update(Lease)
        .where(Lease.name == name, (Lease.holder == holder) | (Lease.until <= now))
        .values(holder=holder, until=until)
    )
    if taken.rowcount == 1:
        return True
    return _insert_lease.add(connection, {"name": name, "holder": holder, "until": until})


def free_duty(connection: Connection, name: str, holder: str, now: datetime) -> None:
    """Give the duty up, so that another need not wait for the lease to end."""
    connection.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=now))


def duty_is_free(connection: Connection, name: str, now: datetime) -> bool:
    """True if nobody holds the duty: a look, which takes no lock."""
    until = connection.scalar(select(Lease.until).where(Lease.name == name))
    return until is None or until <= now
