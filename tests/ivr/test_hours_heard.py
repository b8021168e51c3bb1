"""What a caller would hear of opening hours, where the menus ask more than one calendar."""

from dataclasses import replace
from datetime import timedelta

from flows.flow import Hours
from flows.loader import load_flow, read_source
from ivr.calendars import set_calendars
from ivr.hours_heard import hear_hours
from ivr.publishing import SHIPPED
from models.store import Store
from tests.ivr.line_in_test import MONDAY_NOON

CALENDARS = """
office: {open: {mon-sat: 10:00-18:00}}
night: {open: {mon-sun: 22:00-23:00}}
other: {open: {mon: 10:00-11:00}}
"""


def test_each_calendar_is_told_in_the_words_of_the_step_that_asks_it(store: Store) -> None:
    set_calendars(store, CALENDARS, by="test", now=MONDAY_NOON)
    flow = load_flow("helpline", read_source(SHIPPED))
    office = next(step for step in flow.steps.values() if isinstance(step, Hours))
    night = replace(office, name="night", calendar="night", closed="status_unavailable")
    flow = replace(flow, steps={"night": night, **flow.steps})
    late = MONDAY_NOON + timedelta(hours=8)
    with store.read() as connection:
        said = {name: hear_hours(connection, flow, name, late).said["en"] for name in ("office", "night", "other")}
    assert said["office"].startswith("We are open from")
    assert said["night"] == "We cannot look up complaints just now. We will put you through to a person."
    assert said["other"] == ""
