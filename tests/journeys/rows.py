"""What is kept of a call, read from the line's store."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select

from models.base import Base
from models.store import Store

PATIENCE = 40.0
Row = TypeVar("Row", bound=Base)
Found = TypeVar("Found")


def find(store: Store, entity: type[Row], *where: ColumnElement[bool]) -> Row | None:
    """The newest such row, if there is one."""
    newest = list(entity.__table__.primary_key)[0].desc()
    with store.session() as session:
        return session.scalars(select(entity).where(*where).order_by(newest).limit(1)).first()


def one(store: Store, entity: type[Row], *where: ColumnElement[bool]) -> Row:
    """The only such row. Raises where there is none or another one."""
    with store.session() as session:
        return session.scalars(select(entity).where(*where)).one()


def count(store: Store, entity: type[Base], *where: ColumnElement[bool]) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(entity).where(*where)) or 0


def wait_for(look: Callable[[], Found | None], what: str = "what should have come", seconds: float = PATIENCE) -> Found:
    """Look until there is something. Raises AssertionError when nothing comes in time."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.05)
    return found


def counts(store: Store, entities: list[type[Any]]) -> dict[str, int]:
    """How many rows of each, by the name of the table."""
    return {entity.__tablename__: count(store, entity) for entity in entities}
