"""What a citizen would be told, before it is done: the act is done, its texts are read, and all is taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.segments import count_segments
from models.message import Message
from models.store import Store


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would leave, with what it costs."""

    body: str
    language: str
    segments: int
    letters: int


class _TakenBack(Exception):
    """Carries what was seen out of a transaction that leaves nothing behind."""

    def __init__(self, texts: list[Preview]) -> None:
        super().__init__("rehearsed")
        self.texts = texts


def rehearse(store: Store, act: Callable[[Session], Sequence[int]]) -> list[Preview]:
    """The texts to the citizen that `act` writes, whose ids it gives. Nothing of it is kept. Raises what it raises."""

    def try_it(session: Session) -> None:
        written = select(Message).where(Message.id.in_(act(session))).order_by(Message.id)
        raise _TakenBack([preview_of(one) for one in session.scalars(written)])

    try:
        store.transact(try_it)
    except _TakenBack as seen:
        return seen.texts
    raise AssertionError("a rehearsal always ends in being taken back")


def preview_of(message: Message) -> Preview:
    return Preview(message.body, message.language, count_segments(message.body).count, len(message.body))
