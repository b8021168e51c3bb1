"""The doctor's look at this machine: room on the disk, promises that lie on it, its clock. Changes nothing."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from ivr.telephone import Telephone
from operations.doctor import Finding
from operations.running import CLOCKS_APART_S, clocks_apart_s, promises_in

_ROOM = 2 * 1024**3  # bytes; a talk of an hour is 60 MB


def look_at_machine(telephone: Telephone, now: datetime) -> Iterator[Finding]:
    """`now` is what this machine's clock says."""
    folder = telephone.config.data_dir
    if folder.exists():
        free = shutil.disk_usage(folder).free
        says = f"{free / 1024**3:.1f} GB are free where {folder} stands."
        yield Finding("disk", free >= _ROOM, says if free >= _ROOM else f"{says} Make room, or name a larger disk.")
    late, unreadable = promises_in(telephone.config.spool_dir, now)
    if late or unreadable:
        says = f"{late} wait and {unreadable} cannot be read in {telephone.config.spool_dir}: callers to be rung back."
        yield Finding("promises", False, f"{says} Run helpline router on this machine; read *.unreadable yourself.")


def look_at_clock(telephone: Telephone) -> Iterator[Finding]:
    """Raises StoreUnavailable where the database does not answer."""
    with telephone.store.read() as connection:
        apart = clocks_apart_s(connection, telephone.clock.now())
    if apart > CLOCKS_APART_S:
        says = f"It is {apart:.0f} s from that of the database. See that both machines keep time (chrony or ntp)."
        yield Finding("clock", False, says)
