"""News as rows: read after an id, by one reader or for one person."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models.event import DeskEvent

AT_MOST = 500  # after a longer absence the page draws everything anew anyway


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One piece of news. It carries no personal data."""

    id: int
    kind: str
    subject: str
    audience: str

    def as_told(self) -> dict[str, object]:
        """What the page gets."""
        return {"id": self.id, "kind": self.kind, "subject": self.subject}


def read_news(connection: Connection, after: int, audiences: Collection[str] | None = None) -> list[NewsRow]:
    """News after the id `after`, oldest first; of these audiences only, or all of it."""
    wanted = select(DeskEvent.id, DeskEvent.kind, DeskEvent.subject, DeskEvent.audience).where(DeskEvent.id > after)
    if audiences is not None:
        wanted = wanted.where(DeskEvent.audience.in_(audiences))
    return [NewsRow(*row) for row in connection.execute(wanted.order_by(DeskEvent.id).limit(AT_MOST))]


def newest_id(connection: Connection) -> int:
    """Id of the last news; 0 before the first."""
    return connection.scalar(select(func.max(DeskEvent.id))) or 0
