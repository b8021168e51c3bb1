"""An officer rings a citizen, through every process of the line: two telephones, one bridge, one line on the record."""

from collections.abc import Iterator

import httpx
import pytest

from ivr.bridges.phrases import CITIZEN_BUSY, NOT_CONNECTED, OFFICE_CALLS, TALK_OVER, TYPE_CODE
from models.bridge import Bridge
from models.complaint import Complaint
from models.staff import Staff
from models.store import Store
from tests.journeys.conftest import NewCitizen
from tests.journeys.desk_officer import DeskOfficer, at_desk, case_of, ends, let_it_be_old
from tests.journeys.rows import count, one, wait_for
from tests.journeys.steps import spoken
from tests.line import NUMBER, RunningLine


@pytest.fixture
def officer(line: RunningLine, line_store: Store) -> Iterator[DeskOfficer]:
    with at_desk(line, line_store) as made:
        yield made


@pytest.mark.every_store
def test_officer_and_citizen_talk_and_neither_sees_the_others_number(
    line_store: Store, new_citizen: NewCitizen, officer: DeskOfficer
) -> None:
    phone = new_citizen()
    case = case_of(line_store, phone.number)
    officer.ring(case)
    officer.reads(case, "Ringing you")
    own = officer.phone.answers()
    assert own.dialogue.lines[0] == f"{officer.phone.number} answers {NUMBER}"
    own.hears("This is the helpline. Complaint number").hears(spoken(case.reference, "en")).hears("press 1").press("1")
    officer.reads(case, "Ringing the citizen")
    theirs = phone.answers()
    assert theirs.dialogue.lines[0] == f"{phone.number} answers {NUMBER}"
    theirs.hears(OFFICE_CALLS["bn"]).talks()
    own.talks()
    officer.reads(case, "Talking")
    theirs.hang_up()
    own.hears(TALK_OVER["en"]).ends()
    bridge = ends(line_store, case, "answered")
    assert bridge.seconds is not None
    shown = officer.reads(case, "answered")
    page = officer.http.get(f"/desk/cases/{case.reference}").text
    for number in (phone.number, officer.phone.number):
        assert number[3:] not in shown + page


def test_the_officer_hears_that_the_citizen_is_busy(
    line_store: Store, new_citizen: NewCitizen, officer: DeskOfficer
) -> None:
    phone = new_citizen()
    case = case_of(line_store, phone.number)
    officer.ring(case)
    own = officer.phone.answers().hears("press 1").press("1")
    phone.rejects()
    own.hears(CITIZEN_BUSY["en"]).ends()
    ends(line_store, case, "busy")
    officer.reads(case, "the citizen&#39;s line was busy")


def test_an_officer_who_hangs_up_early_stops_the_ringing(
    line_store: Store, new_citizen: NewCitizen, officer: DeskOfficer
) -> None:
    phone = new_citizen()
    case = case_of(line_store, phone.number)
    officer.ring(case)
    own = officer.phone.answers().hears("press 1").press("1")
    wait_for(lambda: phone.rings, "the citizen's telephone to ring")
    own.hang_up()
    ends(line_store, case, "hung_up")
    wait_for(lambda: not phone.rings, "the citizen's telephone to fall silent")


def test_a_telephone_that_is_not_proved_asks_for_the_code_and_a_stranger_hears_of_no_complaint(
    line: RunningLine, line_store: Store, new_citizen: NewCitizen
) -> None:
    phone = new_citizen()
    first, second = case_of(line_store, phone.number), case_of(line_store, phone.number)
    with at_desk(line, line_store, proved=False) as officer:
        officer.ring(first)
        stranger = officer.phone.answers()
        for _ in range(3):
            stranger.hears(TYPE_CODE["en"]).press("0" * 4 if code_of(line_store, first) != "0000" else "1" * 4)
        stranger.hears(NOT_CONNECTED["en"]).ends()
        assert spoken(first.reference, "en") not in str(stranger.dialogue)
        ends(line_store, first, "officer_no_key")
        officer.ring(second)
        code = code_of(line_store, second)
        assert code in officer.reads(second, "Ringing you")
        officer.phone.answers().hears(TYPE_CODE["en"]).press(code)
        phone.answers().hears(OFFICE_CALLS["bn"]).talks().hang_up()
        ends(line_store, second, "answered")
        assert one(line_store, Staff, Staff.login == officer.login).telephone_confirmed_at is not None


def code_of(store: Store, case: Complaint) -> str:
    return str(one(store, Bridge, Bridge.complaint_id == case.id).code)


def test_webhooks_that_come_twice_late_or_swapped_change_nothing(
    line: RunningLine, line_store: Store, new_citizen: NewCitizen, officer: DeskOfficer
) -> None:
    phone = new_citizen()
    case = case_of(line_store, phone.number)
    faults = {"duplicate": True, "duplicate_delay": 1.0, "reorder_callbacks": True, "delay_callbacks": 2.0}
    usual: dict[str, object] = dict.fromkeys(faults, False) | {"duplicate_delay": 0.0, "delay_callbacks": 0.0}
    httpx.post(f"{line.emulator_url}/local/faults", json=faults).raise_for_status()
    try:
        officer.ring(case)
        own = officer.phone.answers().hears("press 1").press("1")
        phone.answers().hears(OFFICE_CALLS["bn"]).talks()
        own.talks().hang_up()
        ends(line_store, case, "answered")
    finally:
        httpx.post(f"{line.emulator_url}/local/faults", json=usual).raise_for_status()
    assert count(line_store, Bridge, Bridge.complaint_id == case.id) == 1
    assert not phone.rings


def test_an_end_of_which_nobody_told_is_found_by_the_sweep(
    line: RunningLine, line_store: Store, new_citizen: NewCitizen, officer: DeskOfficer
) -> None:
    phone = new_citizen()
    case = case_of(line_store, phone.number)
    usual: dict[str, object] = {"lose_kinds": [], "dial_action_after_hangup": True}
    lost: dict[str, object] = {"lose_kinds": ["call"], "dial_action_after_hangup": False}
    officer.ring(case)
    own = officer.phone.answers().hears("press 1").press("1")
    phone.answers().hears(OFFICE_CALLS["bn"]).talks()
    own.talks()
    httpx.post(f"{line.emulator_url}/local/faults", json=lost).raise_for_status()
    try:
        own.hang_up()
    finally:
        httpx.post(f"{line.emulator_url}/local/faults", json=usual).raise_for_status()
    let_it_be_old(line_store, case)
    ends(line_store, case, "answered")
