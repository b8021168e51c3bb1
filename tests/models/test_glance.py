"""Single SELECTs on the driver itself: the same rows as by the usual way, and the same words when the store is away."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select

from models.announcement import Announcement
from models.errors import StoreUnavailable
from models.glance import Glance
from models.store import Store

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
CURRENT = select(Announcement.words, Announcement.starts_at, Announcement.id).where(
    Announcement.board == bindparam("board"), Announcement.ends_at > bindparam("now")
)


def post(store: Store, *words: str) -> None:
    def add(connection: Connection) -> None:
        for n, told in enumerate(words):
            connection.execute(
                insert(Announcement).values(
                    board="helpline",
                    words={"bn": told},
                    starts_at=NOW + timedelta(hours=n),
                    ends_at=NOW + timedelta(hours=n + 1),
                    posted_by="sumitra",
                )
            )

    store.write(add)


def test_a_glance_sees_what_a_read_sees(store: Store) -> None:
    post(store, "আজ ছুটি", "কাল খোলা")
    asked = {"board": "helpline", "now": NOW + timedelta(minutes=90)}
    with store.read() as connection:
        expected = [tuple(row) for row in connection.execute(CURRENT, asked)]
    assert store.glance(Glance(CURRENT), asked) == expected
    assert [row[0] for row in expected] == [{"bn": "কাল খোলা"}]


def test_the_same_glance_serves_again_with_other_values_and_fixed_ones_in_it(store: Store) -> None:
    post(store, "one", "two", "three")
    latest = Glance(CURRENT.order_by(Announcement.id.desc()).limit(1))
    asked = {"board": "helpline", "now": NOW}
    assert [row[0] for row in store.glance(latest, asked)] == [{"bn": "three"}]
    assert store.glance(latest, {"board": "elsewhere", "now": NOW}) == []
    post(store, "four")
    assert [row[0] for row in store.glance(latest, asked)] == [{"bn": "four"}]


def test_the_connection_serves_transactions_as_before(store: Store) -> None:
    count = select(func.count()).select_from(Announcement)
    for _ in range(30):  # more often than there are connections
        assert store.glance(Glance(count), {}) == [(0,)]
    with store.read() as connection:
        assert connection.scalar(count) == 0
        post(store, "meanwhile")
        assert connection.scalar(count) == 0  # one moment, however long it is looked at
    assert store.glance(Glance(count), {}) == [(1,)]


def test_a_glance_cannot_write(store: Store) -> None:
    class Deletion(Glance):
        def rows(self, raw, dialect, parameters):  # type: ignore[no-untyped-def]
            return raw.execute("DELETE FROM announcement RETURNING id").fetchall()

    post(store, "stays")
    with pytest.raises(StoreUnavailable):
        store.glance(Deletion(CURRENT), {})
    assert len(store.glance(Glance(CURRENT), {"board": "helpline", "now": NOW})) == 1


def test_a_glance_at_a_store_without_tables_says_that_the_store_cannot_be_read(empty_url: str) -> None:
    store = Store(empty_url)
    with pytest.raises(StoreUnavailable):
        store.glance(Glance(CURRENT), {"board": "helpline", "now": NOW})
    store.close()
