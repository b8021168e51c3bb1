"""Claims of many calls at once: the same rows as one by one, and one that fails takes no other with it."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from models.call import Call
from models.caller import CallerMemory
from models.claim import TurnClaim, claim_together
from models.store import Store
from models.turn import Turn
from models.turns import OutOfTurn, StoredTurn, claim_turn

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)
CALLERS = {"CA1": "+919830000001", "CA2": None, "CA3": "+919830000003"}
TABLES = (Call, Turn, CallerMemory)


def arrivals() -> list[TurnClaim]:
    values = {"flow": "helpline", "started_at": AT, "state": '{"step":"ভাষা"}', "phase": "menus"}
    return [
        TurnClaim(sid, 0, "d0", "<Say>স্বাগত 'ওহে'</Say>", '[[0,"a"]]', AT, {**values, "from_number": number}, number)
        for sid, number in CALLERS.items()
    ]


def turns(n: int, *sids: str) -> list[TurnClaim]:
    values = {"state": f'{{"turn":{n}}}', "step": f"step{n}", "language": "bn", "phase": "queued"}
    language = "hi" if n == 1 else None  # chosen in the first turn, and remembered for the number
    return [TurnClaim(sid, n, f"d{n}", f"<turn{n}/>", "[]", AT, values, CALLERS.get(sid), language) for sid in sids]


def rows(store: Store) -> list[Any]:
    with store.read() as connection:
        tables = [entity.__table__ for entity in TABLES]
        return [tuple(connection.execute(select(table).order_by(*table.primary_key)).all()) for table in tables]


def together(store: Store, claims: list[TurnClaim]) -> None:
    assert store.write(lambda connection: claim_together(connection, claims)) is True


def test_together_writes_the_rows_that_one_by_one_writes(store: Store, tmp_path: Any) -> None:
    one_by_one = Store(f"sqlite:///{tmp_path}/one_by_one.db")
    one_by_one.migrate()
    known = CallerMemory(number="+919830000003", language="en", first_seen_at=AT, last_seen_at=AT, calls=7)
    for each in (store, one_by_one):
        each.transact(lambda session: session.merge(known))
    for claims in (arrivals(), turns(1, *CALLERS), turns(2, "CA3", "CA1")):
        together(store, claims)
        for claim in claims:
            one_by_one.write(lambda connection, claim=claim: claim_turn(connection, claim))  # type: ignore[misc]  # bound now
    assert rows(store) == rows(one_by_one)
    assert [(row.language, row.calls) for row in rows(store)[2]] == [("hi", 1), ("hi", 8)]
    one_by_one.close()


def test_first_and_later_turns_go_together(store: Store) -> None:
    first = arrivals()
    together(store, first[:1])
    together(store, [*first[1:], *turns(1, "CA1")])
    assert [(row.sid, row.turn) for row in rows(store)[0]] == [("CA1", 1), ("CA2", 0), ("CA3", 0)]


@pytest.mark.parametrize(
    "odd",
    [turns(1, "CA1", "CA1"), turns(2, "CA1", "CA2"), [*turns(1, "CA1"), *turns(1, "CA9")]],
    ids=["the same call twice", "a repeat", "an unknown call"],
)
def test_what_cannot_go_together_says_so(store: Store, odd: list[TurnClaim]) -> None:
    together(store, arrivals())
    together(store, turns(1, "CA2"))
    together(store, turns(2, "CA2"))

    def work(connection: Connection) -> None:
        if not claim_together(connection, odd):
            raise ZeroDivisionError

    before = rows(store)
    with pytest.raises(ZeroDivisionError):
        store.write(work)
    assert rows(store) == before


def test_each_of_a_crowd_gets_its_own_answer(store: Store) -> None:
    """Claims that queue up behind a slow unit go in one batch; a repeat and one out of turn are among them."""
    together(store, arrivals())
    inside, go_on = threading.Event(), threading.Event()

    def slow(_connection: Connection) -> None:
        inside.set()
        go_on.wait(20)

    crowd = [*turns(1, "CA1", "CA2"), *arrivals()[2:], *turns(5, "CA3")]
    told: dict[int, Any] = {}

    def ask(number: int) -> None:
        try:
            told[number] = store.claim(crowd[number])
        except OutOfTurn as error:
            told[number] = type(error)

    blocker = threading.Thread(target=store.write, args=(slow,))
    blocker.start()
    assert inside.wait(20)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(crowd))]
    for thread in threads:
        thread.start()
    go_on.set()
    for thread in [blocker, *threads]:
        thread.join()
    assert told == {0: None, 1: None, 2: StoredTurn(0, "d0", "<Say>স্বাগত 'ওহে'</Say>"), 3: OutOfTurn}
    assert [(row.sid, row.turn) for row in rows(store)[0]] == [("CA1", 1), ("CA2", 1), ("CA3", 0)]
