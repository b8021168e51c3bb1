"""Signs of life, as the stream process takes them: with real cookies, on both stores."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, select, update

from agent_console.stream import EventStream
from models.presence import Presence
from models.staff import Staff
from models.store import Store
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.stream_in_test import application, cookie_of, listening, run

KEPT, TELL_THE_DESK = 200, 202


class Page:
    """An open page of the desk that shows signs of life to the stream's process."""

    def __init__(self, desk: Desk, login: str) -> None:
        self.desk = desk
        self.browser = desk.client(login)
        kept = self.browser.client.get_cookie("helpline_staff")
        assert kept is not None
        self.cookie = f"helpline_staff={kept.value}"
        self.who = desk.row(Staff, login=login).id

    def tell_desk(self, **said: str) -> int:
        """Tell the web process, and return its status."""
        return int(self.browser.act("/desk/alive", **said).status_code)

    async def show(self, app: EventStream, said: str) -> int:
        """Say it of oneself, to the stream process, and return its status."""
        return await self.say(app, f"who={self.who}&{said}")

    async def say(self, app: EventStream, said: str) -> int:
        own = self.desk.telephone.config.public_url
        async with listening(app, self.cookie, said=said, origin=own) as listener:
            await listener.until(lambda one: bool(one.text))
            return listener.status


def lease_of(desk: Desk, staff_id: int) -> float:
    lease = desk.row(Presence, staff_id=staff_id).lease_until
    assert isinstance(lease, datetime)
    return (lease - desk.clock.now()).total_seconds()


@pytest.mark.every_store
def test_signs_of_life_are_kept_together_each_for_its_own_desk(desk: Desk, monkeypatch: Any) -> None:
    people = [desk.employ(login) for login in ("asha", "bimal", "chitra")]
    asha, bimal, chitra = (Page(desk, login) for login in ("asha", "bimal", "chitra"))
    for page, tab in ((asha, "a"), (bimal, "b"), (chitra, "c")):
        assert page.tell_desk(tab=tab) == 200
    desk.clock.advance(30)
    app = application(desk)
    writes: list[object] = []
    write = desk.store.write

    def count(work: Callable[[Connection], Any]) -> Any:
        writes.append(work)
        return write(work)

    monkeypatch.setattr(desk.store, "write", count)

    async def story() -> None:
        told = await asyncio.gather(
            asha.show(app, "tab=a"),
            bimal.show(app, ""),  # a page beside the desk
            bimal.show(app, "tab=another"),
            chitra.show(app, "tab=&leg=CA1&muted=no"),
        )
        assert list(told) == [KEPT, KEPT, TELL_THE_DESK, KEPT]

    run(story)
    assert len(writes) == 1
    assert [lease_of(desk, one) for one in people] == [45, 45, 45]
    assert desk.row(Presence, staff_id=people[1]).desk == "b"


@pytest.mark.every_store
def test_what_is_new_or_not_known_is_left_to_the_desk_itself(desk: Desk) -> None:
    people = [desk.employ(login) for login in ("asha", "bimal", "chitra", "dipa")]
    asha, bimal, chitra, dipa = (Page(desk, login) for login in ("asha", "bimal", "chitra", "dipa"))
    for page in (asha, bimal, chitra):
        page.tell_desk(tab="one")
    desk.clock.advance(30)
    desk.store.write(
        lambda connection: (
            connection.execute(update(Staff).where(Staff.id == people[1]).values(session_epoch=7)),
            connection.execute(update(Staff).where(Staff.id == people[2]).values(active=False)),
        )
    )
    app = application(desk)

    async def story() -> None:
        for page, said in (
            (asha, "tab=two"),
            (asha, "tab=one&leg=CA1&muted=yes"),
            (bimal, "tab=one"),  # signed out everywhere
            (chitra, "tab=one"),  # may not work any more
            (dipa, "tab=one"),  # was never here
        ):
            assert await page.show(app, said) == TELL_THE_DESK

        # Another person's page that was left open here: what it says is said with the cookie of whoever is here now.
        for said in (f"who={people[1]}&tab=", "tab=one", f"who={people[0]}&tab=%00", f"who={people[0]}&leg=%00"):
            assert await asha.say(app, said) == TELL_THE_DESK

    run(story)
    assert [lease_of(desk, one) for one in people[:3]] == [15, 15, 15]
    assert not desk.rows(Presence, staff_id=people[3])
    assert (asha.tell_desk(tab="two"), bimal.tell_desk(tab="one")) == (409, 401)


@pytest.mark.every_store
def test_an_ended_session_is_told_though_its_person_is_at_work_elsewhere(desk: Desk) -> None:
    asha, before = desk.employ("asha"), Page(desk, "asha")
    desk.store.write(lambda connection: connection.execute(update(Staff).values(session_epoch=7)))
    now = Page(desk, "asha")
    assert now.tell_desk(tab="one") == 200
    desk.clock.advance(30)
    app = application(desk)

    async def story() -> None:
        told = await asyncio.gather(before.show(app, ""), before.show(app, "tab=one"), now.show(app, "tab=one"))
        assert list(told) == [TELL_THE_DESK, TELL_THE_DESK, KEPT]

    run(story)
    assert lease_of(desk, asha) == 45


def test_a_row_in_use_is_not_waited_for(desk: Desk) -> None:
    if not desk.store.url.drivername.startswith("postgresql"):
        pytest.skip("SQLite locks no rows: it has one writer at a time, and it is short")
    asha, page = desk.employ("asha"), Page(desk, "asha")
    page.tell_desk(tab="one")
    desk.clock.advance(30)
    app = application(desk)
    engine = create_engine(desk.store.url)
    with engine.begin() as other:
        other.execute(select(Presence.staff_id).where(Presence.staff_id == asha).with_for_update())

        async def story() -> None:
            assert await page.show(app, "tab=one") == TELL_THE_DESK

        run(story)
    engine.dispose()
    assert lease_of(desk, asha) == 15


def test_signs_of_life_of_strangers_and_other_sites_are_not_taken(desk: Desk) -> None:
    asha = desk.employ("asha")
    good = cookie_of(desk, "asha")
    own = desk.telephone.config.public_url
    app = application(desk)
    nowhere = Store("postgresql://nobody@127.0.0.1:1/nothing")
    limping = EventStream(desk.telephone.config, nowhere, desk.clock)

    async def story() -> None:
        for asked, cookie, origin, said, status in (
            (app, "", own, "tab=a", 401),
            (app, good[:-4] + "AAAA", own, "tab=a", 401),
            (app, good, "https://evil.example", "tab=a", 403),
            (app, good, "", "tab=a", 403),
            (app, good, own, "tab=" + "a" * 1000, 413),
            (limping, good, own, f"who={asha}&tab=a", 503),
        ):
            headers = {"origin": origin} if origin else {}
            async with listening(asked, cookie, said=said, **headers) as listener:
                await listener.until(lambda one: bool(one.status))
                assert listener.status == status, said[:20]

    run(story)
    nowhere.close()
    assert not desk.rows(Presence)
