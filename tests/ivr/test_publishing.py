"""Versions of flows and live calendars."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from audio.voices import is_slow, slowly
from flows.calendar_file import BrokenCalendars
from flows.flow_folder import read_folder
from flows.loader import content_hash, read_source
from flows.rehearse import read_rehearsals
from flows.speaking import vocabulary
from ivr.calendars import live_calendars, set_calendars, split_calendars
from ivr.opening import ring_back_by
from ivr.pinned import NoFlow, PinnedFlows
from ivr.publishing import SHIPPED, Refused, list_versions, publish, roll_back, seed, wanted_sounds, withdraw
from models.audit_entry import AuditEntry
from models.closure import Closure
from models.flow_version import FlowVersion
from models.store import Store
from tests.ivr.at_once import at_once
from tests.ivr.line_in_test import MONDAY_NOON, LineInTest


def changed(words: str) -> dict[str, str]:
    source = read_source(SHIPPED)
    source["prompts/en.yaml"] = source["prompts/en.yaml"].replace("How can we help you?", words)
    return source


def numbers(store: Store) -> list[tuple[int, bool]]:
    with store.read() as connection:
        return [(version.number, version.is_live) for version in list_versions(connection, "helpline")]


def test_the_shipped_files_are_the_first_version(store: Store) -> None:
    assert seed(store, MONDAY_NOON)
    assert not seed(store, MONDAY_NOON)
    assert numbers(store) == [(1, True)]
    with store.read() as connection:
        assert "office" in live_calendars(connection)
        row = connection.execute(select(FlowVersion.source, FlowVersion.content_hash)).one()
    assert content_hash(json.loads(row.source)) == row.content_hash
    assert "calendars.yaml" not in json.loads(row.source)


@pytest.mark.every_store
def test_several_processes_seed_once(store: Store) -> None:
    at_once(*[lambda: seed(store, MONDAY_NOON)] * 6)
    assert numbers(store) == [(1, True)]


def test_publishing_rolling_back_and_withdrawing(store: Store) -> None:
    seed(store, MONDAY_NOON)
    second = publish(store, "helpline", changed("Yes?"), by="mina", note="shorter", now=MONDAY_NOON)
    assert (second.number, second.author, second.is_live) == (2, "mina", True)
    third = publish(store, "helpline", changed("What is it?"), by="mina", note="", now=MONDAY_NOON)
    assert numbers(store) == [(3, True), (2, False), (1, False)]
    with pytest.raises(Refused, match="Version 3 is live"):
        withdraw(store, "helpline", third.number, by="mina", now=MONDAY_NOON)
    assert roll_back(store, "helpline", by="mina", note="oops", now=MONDAY_NOON).number == 2
    withdraw(store, "helpline", 3, by="mina", now=MONDAY_NOON)
    with pytest.raises(Refused, match="Version 3 was withdrawn"):
        roll_back(store, "helpline", by="mina", note="", now=MONDAY_NOON, to=3)
    with pytest.raises(Refused, match="This very version was withdrawn"):
        publish(store, "helpline", changed("What is it?"), by="mina", note="", now=MONDAY_NOON)
    with pytest.raises(Refused, match="Version 2 is the one that callers have now"):
        roll_back(store, "helpline", by="mina", note="", now=MONDAY_NOON, to=2)
    with pytest.raises(Refused, match="There is no version 9"):
        roll_back(store, "helpline", by="mina", note="", now=MONDAY_NOON, to=9)
    assert roll_back(store, "helpline", by="mina", note="", now=MONDAY_NOON, to=1).number == 1
    assert numbers(store) == [(3, False), (2, False), (1, True)]
    with store.session() as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts == ["flow_published"] * 4 + ["flow_withdrawn", "flow_published"]


def test_nothing_older_to_go_back_to(store: Store) -> None:
    seed(store, MONDAY_NOON)
    with pytest.raises(Refused, match="no older version"):
        roll_back(store, "helpline", by="mina", note="", now=MONDAY_NOON)


def test_the_same_files_again_are_the_same_version(store: Store) -> None:
    seed(store, MONDAY_NOON)
    assert publish(store, "helpline", read_folder(SHIPPED), by="mina", note="", now=MONDAY_NOON).number == 1
    assert numbers(store) == [(1, True)]


def test_a_flow_with_errors_is_refused_with_its_findings(store: Store) -> None:
    seed(store, MONDAY_NOON)
    source = read_source(SHIPPED)
    source["helpline.yaml"] = source["helpline.yaml"].replace("go: ask_reference", "go: ask_refrence")
    with pytest.raises(Refused, match="callers keep the version that they have") as refused:
        publish(store, "helpline", source, by="mina", note="", now=MONDAY_NOON)
    assert "error E05" in str(refused.value.findings[0])
    assert numbers(store) == [(1, True)]


def test_a_rehearsal_that_goes_otherwise_keeps_a_flow_from_being_published(store: Store) -> None:
    seed(store, MONDAY_NOON)
    rehearsals = read_rehearsals(SHIPPED)
    assert rehearsals
    publish(store, "helpline", changed("Yes?"), by="mina", note="", now=MONDAY_NOON, rehearsals=rehearsals)
    other_keys = changed("Well?")
    other_keys["helpline.yaml"] = other_keys["helpline.yaml"].replace("1: {say: cat_ration,", "6: {say: cat_ration,")
    with pytest.raises(Refused, match="A rehearsal goes otherwise"):
        publish(store, "helpline", other_keys, by="mina", note="", now=MONDAY_NOON, rehearsals=rehearsals)
    assert numbers(store)[0] == (2, True)


def test_an_unpublished_flow_says_what_to_do(store: Store) -> None:
    with pytest.raises(NoFlow, match="helpline flows publish"), store.read() as connection:
        PinnedFlows(store).live(connection, "helpline")


def test_a_version_is_compiled_once_a_process(store: Store) -> None:
    seed(store, MONDAY_NOON)
    flows = PinnedFlows(store)
    flows.warm("helpline")
    with store.read() as connection:
        first = flows.live(connection, "helpline")
        assert flows.live(connection, "helpline") is first
        assert flows.get(connection, first.version_id) is first.flow
        with pytest.raises(NoFlow, match="another database"):
            flows.get(connection, 77)


CALENDARS = """# The office.
office:
  open:
    mon-sat: 10:00-18:00

# At night.
night:
  open:
    mon-sun: 00:00-24:00
"""


def test_a_file_of_calendars_is_kept_one_by_one() -> None:
    parts = split_calendars(CALENDARS)
    assert list(parts) == ["office", "night"]
    assert parts["office"].startswith("# The office.\noffice:")
    assert "".join(parts.values()) == CALENDARS


def test_calendars_change_at_once_and_broken_ones_not_at_all(store: Store) -> None:
    seed(store, MONDAY_NOON)
    assert set_calendars(store, CALENDARS, by="mina", now=MONDAY_NOON) == ["office", "night"]
    with pytest.raises(BrokenCalendars):
        set_calendars(store, CALENDARS.replace("10:00-18:00", "18:00-10:00"), by="mina", now=MONDAY_NOON)
    for week in ("mon-sat: closed", "{}"):
        with pytest.raises(BrokenCalendars, match='"office" is open on no day of the week'):
            set_calendars(store, CALENDARS.replace("mon-sat: 10:00-18:00", week), by="mina", now=MONDAY_NOON)
    with store.read() as connection:
        calendars = live_calendars(connection)
    assert set(calendars) >= {"office", "night"}
    assert calendars["office"].at(MONDAY_NOON).outcome == "open"


def test_a_call_back_is_promised_past_the_midnight_of_an_office_that_never_closes(store: Store) -> None:
    seed(store, MONDAY_NOON)
    set_calendars(store, CALENDARS, by="mina", now=MONDAY_NOON)
    late = MONDAY_NOON.replace(hour=18)  # 23:30 in Kolkata
    with store.read() as connection:
        assert ring_back_by(connection, "night", late) == late + timedelta(hours=2)
        assert ring_back_by(connection, "office", late) == MONDAY_NOON + timedelta(days=1)


def test_a_closure_counts_from_the_next_call(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path)
    line.call().dial().press("2", "1", "1")
    assert line.row().step == "is_this_your_number"
    until = MONDAY_NOON.replace(hour=12)
    closure = {"calendar": "office", "starts_at": MONDAY_NOON, "ends_at": until, "reason": "", "closed_by": "mina"}
    store.transact(lambda session: session.add(Closure(**closure)))
    line.call("CA2", "+919830000002").dial().press("2", "1", "1")
    assert line.row("CA2").step == "closed_now"


def test_all_that_is_spoken_is_rendered_ahead(store: Store) -> None:
    seed(store, MONDAY_NOON)
    with store.read() as connection:
        flow = PinnedFlows(store).live(connection, "helpline").flow
    wanted = set(wanted_sounds(flow))
    assert ("en", "How can we help you?") in wanted
    assert ("en", "One moment, please.") in wanted
    assert {language for language, _ in wanted if not is_slow(language)} == {"bn", "en", "hi"}
    assert {text for language, text in wanted if language == slowly("en")} == set(vocabulary("en")[:10])
