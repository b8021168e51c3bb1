"""What each verb does that asks, records, waits in line or calls outside."""

import pytest

from flows.advance import advance
from flows.entries import example_entry
from flows.flow import Flow
from flows.state_json import to_json
from flows.values import (
    Answered,
    AwaitRecording,
    CheckCode,
    Collect,
    HungUp,
    JoinQueue,
    KeepMessage,
    Keyed,
    PlayRecording,
    Recorded,
    Resumed,
    SendCode,
    TakeRecording,
)
from flows.world import Told
from tests.flows.calls import CLOSED, HOLIDAY, MOBILE, dial, keys_of, said, small_flow

REFERENCE = example_entry("reference")
FOUND = {"complaint.status": "forwarded", "complaint.department": "Food", "complaint.due_on": "2026-12-09"}
NOTES = "notes:\n  number: {kind: mobile}\n  pin: {kind: pin}\n  day: {kind: date}\n  count: {kind: number}\n"
NOTES += "  yes: {one_of: [yes, no]}\n  mark: {one_of: [seen]}\n"


def _ask(kind: str, note: str, *, read_back: str = "no", more: str = "") -> Flow:
    steps = f"  question:\n    ask: question\n    kind: {kind}\n    note: {note}\n    read_back: {read_back}\n{more}"
    return small_flow(steps + "    then: talk\n", head=NOTES, languages="en")


@pytest.mark.parametrize(
    ("kind", "note", "typed", "noted"),
    [
        ("mobile", "number", "9830012345", MOBILE),
        ("pin", "pin", "700001", "700001"),
        ("date", "day", "15081990", "1990-08-15"),
        ("number", "count", "0042", "42"),
        ("yes_no", "yes", "2", "no"),
    ],
)
def test_what_is_typed_is_noted_by_its_kind(kind: str, note: str, typed: str, noted: str) -> None:
    call = dial(_ask(kind, note))
    call.press(typed)
    assert call.closed is not None
    assert call.closed.notes == {note: noted}


@pytest.mark.parametrize(
    ("kind", "note", "typed"),
    [
        ("mobile", "number", "1234567890"),
        ("mobile", "number", "98300"),
        ("pin", "pin", "012345"),
        ("date", "day", "31022026"),
        ("yes_no", "yes", "3"),
    ],
)
def test_what_cannot_be_is_asked_again(kind: str, note: str, typed: str) -> None:
    call = dial(_ask(kind, note))
    call.press(typed)
    assert call.step == "question"
    assert keys_of(call)[-1] in ("question", "std_no")


def test_a_wrong_mobile_is_told_why() -> None:
    call = dial(_ask("mobile", "number"))
    call.press("1234567890")
    assert keys_of(call) == ["std_bad_mobile", "question"]


def test_a_number_is_collected_by_its_length_and_other_digits_until_hash() -> None:
    assert dial(_ask("mobile", "number")).wait == Collect(6.0, 10, "#")
    assert dial(_ask("number", "count")).wait == Collect(6.0, None, "#")


def test_a_number_is_read_back_and_taken_on_one() -> None:
    call = dial(_ask("mobile", "number", read_back="yes"))
    call.press("9830012345")
    assert said(call) == ["en: entered 98300 12345", "en: std_correct, press 1.", "en: std_enter_again, press 2."]
    assert call.state is not None
    assert call.state.notes == {}
    call.press("1")
    assert call.closed is not None
    assert call.closed.notes == {"number": MOBILE}


def test_a_number_read_back_can_be_entered_again() -> None:
    call = dial(_ask("mobile", "number", read_back="yes"))
    call.press("9830012345")
    call.press("2")
    assert keys_of(call) == ["question"]
    call.press("9830054321")
    call.press("1")
    assert call.closed is not None
    assert call.closed.notes == {"number": "+919830054321"}


def test_a_hash_after_the_last_digit_is_no_mistake() -> None:
    call = dial(_ask("mobile", "number", read_back="yes"))
    call.press("9830012345")
    call.press("#")
    assert keys_of(call)[0] == "std_you_entered"


def test_star_in_a_question_goes_back() -> None:
    call = dial()
    for key in "22":
        call.press(key)
    assert call.step == "ask_reference"
    call.press("12*")
    assert call.step == "main_menu"


def test_digits_of_the_keys_everywhere_are_digits_in_a_question() -> None:
    call = dial(_ask("number", "count"))
    call.press("0")
    assert call.closed is not None
    assert call.closed.notes == {"count": "0"}


def test_a_question_is_given_up_after_its_tries() -> None:
    call = dial()
    for key in ("2", "1", "1", "2"):
        call.press(key)
    assert call.step == "ask_number"
    for _ in range(3):
        call.press("123")
    assert isinstance(call.wait, JoinQueue)


def test_a_reference_with_a_wrong_check_digit_is_not_looked_up() -> None:
    call = dial()
    for key in "22":
        call.press(key)
    call.press(REFERENCE[:-1] + str((int(REFERENCE[-1]) + 1) % 10))
    assert keys_of(call) == ["std_bad_reference", "enter_reference"]


def _status(outcome: str, facts: dict[str, str] | None = None) -> tuple[str, list[str]]:
    call = dial(answers={"complaint_status": Told(outcome, facts or {})})
    for keys in ("2", "2", REFERENCE, "1"):
        call.press(keys)
    return call.step, said(call)


def test_a_complaint_found_is_told_with_department_and_date() -> None:
    _, lines = _status("found", FOUND)
    assert lines[0] == f"Your complaint {REFERENCE[:2]}-{REFERENCE[2:5]}-{REFERENCE[5:8]}-{REFERENCE[8:]}"
    assert "sent to Food" in lines[1]
    assert "9 December" in lines[1]


def test_only_what_is_declared_for_an_outcome_becomes_known() -> None:
    call = dial(answers={"complaint_status": Told("not_found", FOUND)})
    for keys in ("2", "2", REFERENCE, "1"):
        call.press(keys)
    assert call.state is not None
    assert not [name for name in call.state.facts if name.startswith("complaint.")]


def test_a_value_that_was_not_declared_counts_as_failed() -> None:
    step, lines = _status("found", {**FOUND, "complaint.status": "eaten_by_dog"})
    assert "We cannot look up complaints just now." in lines[0]
    assert step != "after_status"


def test_an_answer_nobody_declared_counts_as_failed() -> None:
    assert "cannot look up" in _status("perhaps")[1][0]


def test_a_holiday_is_named() -> None:
    call = dial(at=HOLIDAY)
    for key in "211":
        call.press(key)
    assert said(call)[0] == "Today is Republic Day, and the office is closed."


def test_the_caller_joins_with_notes_urgency_and_keys() -> None:
    call = dial()
    for key in "21411":
        call.press(key)
    assert call.joined is not None
    assert call.joined.urgent
    assert call.joined.skills == {"category": "police"}
    assert call.joined.tell["name_hidden"] == "yes"
    assert call.joined.keys == ("1", "2")
    assert call.state is not None
    assert call.state.back == ()


def test_a_stray_key_in_the_queue_costs_no_place() -> None:
    call = dial()
    for key in "2111":
        call.press(key)
    before = call.state
    call.leave_queue("key", key="7")
    assert call.state == before


def test_a_key_of_the_queue_leads_where_the_flow_says() -> None:
    call = dial()
    for key in "2111":
        call.press(key)
    call.leave_queue("key", key="1")
    assert call.is_over
    assert keys_of(call) == ["callback_booked", "goodbye"]
    assert [text.prompt for text in call.texts] == ["sms_callback_booked"]
    assert call.texts[0].to == MOBILE
    assert call.closed is not None
    assert not call.closed.abandoned


def test_a_withheld_number_is_asked_for_before_a_call_back() -> None:
    call = dial(number=None, at=CLOSED)
    for key in "2112":
        call.press(key)
    assert call.step == "ask_callback_number"
    for keys in ("9830012345", "1"):
        call.press(keys)
    assert call.is_over
    assert keys_of(call)[0] == "callback_booked"


NUMBERS = """
  which:
    decide:
      - {when: caller.number is confirmed, go: talk}
    otherwise: mine

  mine:
    menu: is_it_yours
    choices:
      1: {say: yes_it_is, remember: number, go: talk}
      2: {say: no_it_is_not, go: talk}
"""


def test_a_number_called_their_own_is_remembered() -> None:
    call = dial(small_flow(NUMBERS))
    call.press("1")
    assert call.number_confirmed
    assert dial(small_flow(NUMBERS), confirmed=True).step == "talk"


def test_a_number_that_is_not_their_own_is_asked_about_again() -> None:
    call = dial(small_flow(NUMBERS))
    call.press("2")
    assert not call.number_confirmed


def test_a_withheld_number_is_never_a_confirmed_one() -> None:
    assert dial(small_flow(NUMBERS), number=None, confirmed=True).step == "mine"


def test_a_landline_is_asked_for_a_mobile() -> None:
    call = dial(number="+913322145555", kind="landline")
    for key in "211":
        call.press(key)
    assert call.step == "ask_number"


def test_a_code_is_sent_asked_for_in_secret_and_checked() -> None:
    call = dial(number=None)
    for keys in ("2", "1", "1", "9830012345", "1", "1"):
        call.press(keys)
    assert call.wait == Collect(6.0, 6, "#", secret=True)
    call.press("123456")
    assert isinstance(call.wait, JoinQueue)
    assert call.joined is not None
    assert call.joined.tell["number_check"] == "otp_verified"


def test_three_wrong_codes_leave_the_number_unverified() -> None:
    call = dial(number=None)
    for keys in ("2", "1", "1", "9830012345", "1", "1", "111111", "222222"):
        call.press(keys)
    assert keys_of(call) == ["std_code_wrong", "enter_otp"]
    call.press("333333")
    assert isinstance(call.wait, JoinQueue)
    assert call.joined is not None
    assert "number_check" not in call.joined.tell


def test_a_code_that_cannot_be_sent_costs_nobody_the_line() -> None:
    call = dial(number=None, answers={"send_code": Told("cannot_send")})
    for keys in ("2", "1", "1", "9830012345", "1", "1"):
        call.press(keys)
    assert isinstance(call.wait, JoinQueue)


def test_the_digits_of_a_code_are_in_no_state_path_or_fact() -> None:
    call = dial(number=None)
    for keys in ("2", "1", "1", "9830012345", "1", "1"):
        call.press(keys)
    assert call.state is not None
    state, actions = advance(call.flow, call.state, Keyed(call.turn, call.at, "918273"))
    assert actions == [CheckCode(1, MOBILE, "918273")]
    assert "918273" not in to_json(state)
    state, actions = advance(call.flow, state, Answered(state.turn, call.at, 1, "wrong"))
    assert "918273" not in to_json(state) + repr(actions)


def test_a_request_is_put_again_after_one_moment() -> None:
    call = dial(number=None)
    for keys in ("2", "1", "1", "9830012345", "1"):
        call.press(keys)
    state, actions = advance(call.flow, call.state, Keyed(call.turn, call.at, "1"))
    assert actions[-1] == SendCode(1, MOBILE)
    again, actions = advance(call.flow, state, Resumed(state.turn, call.at))
    assert actions == [SendCode(1, MOBILE)]
    assert again == state


def test_a_message_is_recorded_listened_to_and_kept() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    assert call.wait == TakeRecording(120.0, 5.0, "#")
    assert "Press hash when you have finished." in said(call)[-1]
    call.speak(20)
    assert keys_of(call) == ["std_keep_message", "std_record_again"]
    call.press("1")
    assert call.is_over
    assert [text.prompt for text in call.texts] == ["sms_message_kept"]


def test_a_message_can_be_recorded_again() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    call.speak(20)
    call.press("2")
    assert isinstance(call.wait, TakeRecording)


def test_a_message_is_kept_when_the_caller_hangs_up() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    call.speak(20, "hang_up")
    assert call.is_over
    assert call.closed is not None
    assert not call.closed.abandoned


def test_a_message_is_kept_when_the_caller_hangs_up_on_the_question_after_it() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    call.speak(20)
    call.hang_up()
    assert call.is_over
    assert call.closed is not None
    assert not call.closed.abandoned


def test_silence_into_a_recording_is_nothing_recorded() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    call.speak(0, "silence")
    assert keys_of(call) == ["goodbye"]


def test_the_message_is_played_between_the_lines() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    assert call.state is not None
    state, actions = advance(call.flow, call.state, Recorded(call.turn, call.at, "RE7", 12, "key"))
    assert actions == [AwaitRecording(1, "RE7")]
    again, actions = advance(call.flow, state, Resumed(call.turn, call.at))  # after "one moment"
    assert (again, actions) == (state, [AwaitRecording(1, "RE7")])
    _, actions = advance(call.flow, state, Answered(call.turn, call.at, 1, "ready"))
    assert actions[0] == PlayRecording("RE7")


@pytest.mark.parametrize("outcome", ["late", "absent", "failed"])
def test_a_message_that_cannot_be_played_can_be_kept_or_recorded_again(outcome: str) -> None:
    for key, kept in (("1", True), ("2", False)):
        call = dial(at=CLOSED, answers={"recording": Told(outcome)})
        for pressed in "2111":
            call.press(pressed)
        call.speak(20)
        assert keys_of(call) == ["std_keep_message", "std_record_again"]
        call.press(key)
        assert (call.is_over, isinstance(call.wait, TakeRecording)) == (kept, not kept)


def test_a_message_is_kept_when_the_caller_hangs_up_on_the_wait_for_its_sound() -> None:
    call = dial(at=CLOSED)
    for key in "2111":
        call.press(key)
    assert call.state is not None
    waiting, _ = advance(call.flow, call.state, Recorded(call.turn, call.at, "RE7", 12, "key"))
    _, actions = advance(call.flow, waiting, HungUp(call.at))
    assert actions[-1] == KeepMessage(2, "RE7", 12, "complaint")


def test_announcements_are_spoken_in_the_callers_language() -> None:
    call = dial(answers={"announcements": Told("told", lines=("The office moves.",))})
    call.press("2")
    assert said(call)[1] == "The office moves."


def test_announcements_out_of_reach_are_passed_over() -> None:
    call = dial(answers={"announcements": Told("failed")})
    call.press("2")
    assert call.step == "main_menu"


def test_set_writes_notes() -> None:
    steps = "  first:\n    set: {mark: seen}\n    then: talk\n"
    call = dial(small_flow(steps, head=NOTES, languages="en"))
    assert call.closed is not None
    assert call.closed.notes == {"mark": "seen"}
