"""The event stream as an ASGI application, with real cookies, a real store and a real Redis."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, create_engine, select, update

from agent_console import news_feed
from agent_console import stream as stream_module
from agent_console.stream import EventStream
from agent_console.whole_line import read_in_line
from ivr.desk_events import CALL_BACK, EVERYBODY, QUEUE, REPRESENTATIVES, TALK, for_staff, tell_desk
from ivr.wake import RedisWake
from models.errors import StoreUnavailable
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.store import Store
from tests.agent_console.desk_in_test import Desk
from tests.line import HELPLINE, answers, free_ports
from tests.valkey import Valkey

NOWHERE = "unix:///nowhere/valkey.sock"
PATIENCE = 20.0
KEPT, TELL_THE_DESK = 200, 202


class Listener:
    """A browser's EventSource, at the level of ASGI messages."""

    def __init__(self, body: bytes = b"") -> None:
        self._body = body
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self._more = asyncio.Event()
        self._gone = asyncio.Event()
        self._asked = False

    async def receive(self) -> MutableMapping[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()
        self._more.set()

    def events(self) -> list[dict[str, Any]]:
        """The news, without what is told of the line."""
        return [one for one in self._told() if "kind" in one]

    def lines(self) -> list[dict[str, Any]]:
        """Who was told to be in line."""
        return [one for one in self._told() if "waiting" in one]

    def _told(self) -> list[dict[str, Any]]:
        return [json.loads(line[6:]) for line in self.text.splitlines() if line.startswith("data: {")]

    async def until(self, is_there: Callable[["Listener"], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not is_there(self):
                self._more.clear()
                await self._more.wait()

    def leave(self) -> None:
        self._gone.set()


def application(desk: Desk, redis_url: str = NOWHERE) -> EventStream:
    return EventStream(replace(desk.telephone.config, redis_url=redis_url), desk.store, desk.clock)


@asynccontextmanager
async def listening(
    app: EventStream, cookie: str, *, query: str = "", path: str = "/events", said: str | None = None, **headers: str
) -> AsyncIterator[Listener]:
    """Ask for the stream, or with `said` post it to the same address."""
    listener = Listener((said or "").encode())
    names = {"cookie": cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": "GET" if said is None else "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in names.items()],
    }
    task = asyncio.create_task(app(scope, listener.receive, listener.send))
    try:
        yield listener
    finally:
        listener.leave()
        await task


def cookie_of(desk: Desk, login: str) -> str:
    kept = desk.client(login).client.get_cookie("helpline_staff")
    assert kept is not None
    return f"other=1; helpline_staff={kept.value}"


def tell(desk: Desk, subject: str, audience: str = EVERYBODY, *, kind: str = QUEUE) -> None:
    desk.store.write(lambda connection: tell_desk(connection, kind, subject, audience, desk.clock.now()))


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it in a thread of its own: the browser tests keep a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(lambda: asyncio.run(story())).result()


@pytest.mark.every_store
def test_news_come_as_they_happen_and_only_ones_own(desk: Desk) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    cookie = cookie_of(desk, "asha")
    app = application(desk)

    async def story() -> None:
        async with listening(app, cookie, query="after=0", origin="http://127.0.0.1:8000") as listener:
            await listener.until(lambda one: "welcome" in one.text)
            await asyncio.to_thread(tell, desk, "theirs", for_staff(bimal))
            await asyncio.to_thread(tell, desk, "mine", for_staff(asha))
            await asyncio.to_thread(tell, desk, "everybody's")
            await listener.until(lambda one: len(one.events()) == 2)
            assert [event["subject"] for event in listener.events()] == ["mine", "everybody's"]
            assert listener.status == 200
            assert listener.headers["content-type"].startswith("text/event-stream")
            assert listener.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
            assert listener.headers["access-control-allow-credentials"] == "true"
        await app._feed.stop()

    run(story)


@pytest.mark.every_store
def test_with_news_of_the_line_everybody_hears_who_is_in_it(desk: Desk) -> None:
    desk.employ("asha")
    desk.employ("mina", "translator")
    cookie, stranger = cookie_of(desk, "asha"), cookie_of(desk, "mina")
    app = application(desk)

    async def story() -> None:
        async with (
            listening(app, cookie) as one,
            listening(app, cookie) as other,
            listening(app, stranger) as translator,
        ):
            await translator.until(lambda one: "welcome" in one.text)
            await one.until(lambda one: "welcome" in one.text)
            await other.until(lambda one: "welcome" in one.text)
            for language, waiting in (("bn", [["bn", 1]]), ("hi", [["bn", 1], ["hi", 1]])):
                seen = len(one.events())
                await asyncio.to_thread(desk.enqueue, language=language)
                await asyncio.to_thread(tell, desk, "helpline")
                for listener in (one, other):
                    await listener.until(lambda heard, seen=seen: len(heard.events()) > seen)  # type: ignore[misc]  # bound now
                    told = listener.lines()[-1]
                    assert told["waiting"] == waiting
                    assert told["since"] == min(row.entered_at for row in desk.rows(QueueEntry)).timestamp()
                    assert told["after"] == listener.events()[-1]["id"]
            await asyncio.to_thread(tell, desk, "nobody's", for_staff(999))
            await asyncio.to_thread(tell, desk, "1", kind=TALK)
            await one.until(lambda one: one.events()[-1]["kind"] == TALK)
            assert len(one.lines()) == 2  # and with other news it is not read again
            assert "lists" not in one.lines()[-1]
            promised = {"call_backs": 0, "abandoned": 0, "outreach": 0, "feedback": 0, "voice_messages": 0}
            await asyncio.to_thread(tell, desk, "1", kind=CALL_BACK)
            await one.until(lambda one: one.lines()[-1].get("lists") == promised)
            await translator.until(lambda one: one.events()[-1]["kind"] == CALL_BACK)
            assert not translator.lines()  # whose pages have no bar
        await app._feed.stop()

    run(story)


def test_a_stream_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    for number in range(5):
        tell(desk, str(number))
    app = application(desk)

    async def story() -> None:
        async with listening(app, cookie, query="after=1", last_event_id="3") as listener:
            await listener.until(lambda one: len(one.events()) == 2)
            assert [event["subject"] for event in listener.events()] == ["3", "4"]
            await asyncio.to_thread(tell, desk, "5")
            await listener.until(lambda one: len(one.events()) == 3)
            assert "id: 6\n" in listener.text
        await app._feed.stop()

    run(story)


def test_redis_wakes_the_stream(desk: Desk, valkey: Valkey) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    app = application(desk, valkey.url)
    wake = RedisWake(valkey.url)

    async def story() -> None:
        async with listening(app, cookie) as listener, asyncio.timeout(PATIENCE):
            while not app._feed._with_redis:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(tell, desk, "now")
            await asyncio.to_thread(wake.desk)
            await listener.until(lambda one: len(one.events()) == 1)
        await app._feed.stop()

    run(story)


def test_redis_may_die_and_news_go_on(desk: Desk, valkey: Valkey) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    app = application(desk, valkey.url)

    async def story() -> None:
        async with listening(app, cookie) as listener, asyncio.timeout(PATIENCE):
            while not app._feed._with_redis:
                await asyncio.sleep(0.02)
            valkey.stop()
            await asyncio.to_thread(tell, desk, "still")
            await listener.until(lambda one: len(one.events()) == 1)
        await app._feed.stop()

    run(story)


def test_strangers_and_other_sites_hear_nothing(desk: Desk) -> None:
    desk.employ("asha")
    good = cookie_of(desk, "asha")
    forged = good[:-4] + "AAAA"
    app = application(desk)

    async def story() -> None:
        for cookie, origin, path, status in (
            ("", "", "/events", 401),
            (forged, "", "/events", 401),
            ("helpline_staff=junk", "", "/events", 401),
            (good, "https://evil.example", "/events", 403),
            (good, "", "/elsewhere", 404),
            ("", "", "/health", 200),
        ):
            headers = {"origin": origin} if origin else {}
            async with listening(app, cookie, path=path, **headers) as listener:
                await listener.until(lambda one: bool(one.status))
                assert listener.status == status, path

    run(story)


def test_a_deactivated_person_is_cut_off(desk: Desk, monkeypatch: Any) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    monkeypatch.setattr(stream_module, "BEAT_SECONDS", 0.05)
    app = application(desk)
    ended = asyncio.Event()

    async def story() -> None:
        async with listening(app, cookie) as listener:
            await listener.until(lambda one: "event: beat" in one.text)
            await asyncio.to_thread(
                desk.store.write, lambda connection: connection.execute(update(Staff).values(active=False))
            )
            seen = len(listener.text)
            await asyncio.sleep(0.3)
            at_the_end = len(listener.text)
            await asyncio.sleep(0.2)
            assert len(listener.text) == at_the_end
            assert at_the_end - seen < 200
        ended.set()
        await app._feed.stop()

    run(story)
    assert ended.is_set()


def test_news_for_everybody_wait_for_more_and_ones_own_bring_them_at_once(desk: Desk, monkeypatch: Any) -> None:
    desk.employ("asha")
    bimal = desk.employ("bimal")
    first, second = cookie_of(desk, "asha"), cookie_of(desk, "bimal")
    monkeypatch.setattr(news_feed, "GATHER", 3600.0)
    app = application(desk)

    async def story() -> None:
        async with listening(app, first) as asha:
            await asha.until(lambda one: "welcome" in one.text)
            async with listening(app, second) as bimals:
                await bimals.until(lambda one: "welcome" in one.text)
                for number in range(3):
                    await asyncio.to_thread(tell, desk, str(number))
                await asha.until(lambda one: len(one.events()) > 0)  # the first are told at once, the others later
                assert not bimals.events()
                await asyncio.to_thread(tell, desk, "mine", for_staff(bimal))
                await bimals.until(lambda one: len(one.events()) == 4)
                assert [event["subject"] for event in bimals.events()] == ["0", "1", "2", "mine"]
        await app._feed.stop()

    run(story)


def test_a_page_that_leaves_takes_no_news_from_the_others(desk: Desk, monkeypatch: Any) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    monkeypatch.setattr(news_feed, "GATHER", 2.0)
    monkeypatch.setattr(news_feed, "GROUPS", 2)  # the second and the fourth page hear a second later than the others
    app = application(desk)

    async def story() -> None:
        async with AsyncExitStack() as stack:
            leaving = await stack.enter_async_context(listening(app, cookie))
            await leaving.until(lambda one: "welcome" in one.text)
            staying = [await stack.enter_async_context(listening(app, cookie)) for _ in range(3)]
            for page in staying:
                await page.until(lambda one: "welcome" in one.text)
            await asyncio.to_thread(tell, desk, "everybody's")
            await leaving.until(lambda one: len(one.events()) == 1)
            leaving.leave()
            for page in staying:
                await page.until(lambda one: len(one.events()) == 1)
        await app._feed.stop()

    run(story)


def test_the_line_told_after_its_lists_does_not_hide_them() -> None:
    log = news_feed._Log()
    slow = news_feed.Subscriber(frozenset({EVERYBODY, REPRESENTATIVES}), log)

    async def heard() -> list[str]:
        slow.hurry()
        return (await slow.next()).lines

    async def story() -> None:
        log.tell_line("with lists", has_lists=True)
        log.tell_line("later", has_lists=False)
        assert await heard() == ["with lists", "later"]
        log.tell_line("latest", has_lists=False)
        assert await heard() == ["latest"]

    run(story)


def test_what_changes_without_news_is_told_by_the_clock(desk: Desk, monkeypatch: Any) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    monkeypatch.setattr(news_feed, "RETELL_EVERY", 0.05)
    app = application(desk)

    async def story() -> None:
        async with listening(app, cookie) as listener:
            await listener.until(lambda one: len(one.lines()) > 0)
            await asyncio.to_thread(desk.enqueue, language="bn")  # no news of it
            await listener.until(lambda one: one.lines()[-1]["waiting"] == [["bn", 1]])
            assert listener.lines()[-1]["lists"]["call_backs"] == 0
        await app._feed.stop()

    run(story)


def test_a_line_that_could_not_be_read_is_told_a_little_later(desk: Desk, monkeypatch: Any) -> None:
    desk.employ("asha")
    cookie = cookie_of(desk, "asha")
    monkeypatch.setattr(news_feed, "GATHER", 0.1)
    read, failures = read_in_line, [StoreUnavailable("away")]

    def limping(connection: Connection) -> Any:
        if failures:
            raise failures.pop()
        return read(connection)

    monkeypatch.setattr(news_feed, "read_in_line", limping)
    app = application(desk)

    async def story() -> None:
        async with listening(app, cookie) as listener:
            await listener.until(lambda one: "welcome" in one.text)
            await asyncio.to_thread(desk.enqueue, language="bn")
            await asyncio.to_thread(tell, desk, "helpline")
            await listener.until(lambda one: len(one.lines()) > 0)
            assert listener.lines()[-1]["waiting"] == [["bn", 1]]
            assert not failures
        await app._feed.stop()

    run(story)


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
        own = self.desk.telephone.config.public_url
        async with listening(
            app, self.cookie, said=f"who={self.who}&{said}" if self.who else said, origin=own
        ) as listener:
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
            asha.who = 0
            assert await asha.show(app, said) == TELL_THE_DESK

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


def test_the_process_ends_although_a_page_is_open(desk: Desk, valkey: Valkey, tmp_path: Path) -> None:
    desk.employ("asha")
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HELPLINE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": desk.store.url.render_as_string(False),
        "SECRET_KEY": desk.telephone.config.secret_key,
        "REDIS_URL": valkey.url,
        "STREAM_URL": address,
    }
    process = subprocess.Popen([HELPLINE, "stream"], env=environment)
    try:
        for _ in range(600):
            if answers(f"{address}/health"):
                break
            time.sleep(0.1)
        with httpx.stream("GET", f"{address}/events", headers={"Cookie": cookie_of(desk, "asha")}) as page:
            assert next(page.iter_text()).startswith(": welcome")
            process.terminate()
            assert process.wait(timeout=14) == 0  # before whoever runs the line loses patience
    finally:
        process.kill()
        process.wait()
