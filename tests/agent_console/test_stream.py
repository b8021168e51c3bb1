"""The event stream as an ASGI application, with real cookies, a real store and a real Redis."""

import asyncio
import os
import subprocess
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, update

from agent_console import news_feed
from agent_console import stream as stream_module
from agent_console.whole_line import read_in_line
from ivr.desk_events import CALL_BACK, EVERYBODY, REPRESENTATIVES, TALK, for_staff
from ivr.wake import RedisWake
from models.errors import StoreUnavailable
from models.queue_entry import QueueEntry
from models.staff import Staff
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.stream_in_test import PATIENCE, application, cookie_of, listening, run, tell
from tests.line import HELPLINE, answers, free_ports
from tests.valkey import Valkey


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
