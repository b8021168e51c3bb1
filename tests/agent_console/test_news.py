from ivr.desk_events import EVERYBODY, QUEUE, SUPERVISORS, TALK, for_staff, tell_desk
from tests.agent_console.desk_in_test import Desk


def test_polling_tells_ones_own_news_after_an_id(desk: Desk) -> None:
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    now = desk.clock.now()

    def write(connection):  # type: ignore[no-untyped-def]  # a connection of the store
        for audience in (for_staff(asha), for_staff(bimal), SUPERVISORS):
            tell_desk(connection, TALK, 7, audience, now)
        tell_desk(connection, QUEUE, "helpline", EVERYBODY, now)

    desk.store.write(write)
    browser = desk.client("asha")
    told = browser.get("/desk/events", after=0).get_json()["events"]
    assert told == [{"id": 1, "kind": "talk", "subject": "7"}, {"id": 4, "kind": "queue", "subject": "helpline"}]
    assert browser.get("/desk/events", after=1).get_json()["events"] == told[1:]
    assert browser.get("/desk/events", after=4).get_json()["events"] == []


def test_a_page_begins_where_it_was_drawn(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    browser.act("/desk/ready")
    last = browser.get("/desk/events", after=0).get_json()["events"][-1]["id"]
    assert (
        f'data-after="{last + 1}"' in browser.get("/desk/calls").text
        or f'data-after="{last}"' in browser.get("/desk/calls").text
    )
