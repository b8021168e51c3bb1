"""Menus, languages, silence and wrong keys."""

from flows.flow import Flow
from flows.values import Collect, HangUp
from tests.flows.calls import CLOSED, dial, keys_of, said, small_flow

MENU = """
  ask_kind:
    menu: kind
    note: kind_note
    choices:
      1: {say: one, is: a}
      2: {say: two, is: b, go: talk}
      9: {say: again, go: repeat}
    then: second
  second:
    menu: second
    choices:
      1: {say: finish, go: talk}
"""
NOTES = "notes:\n  kind_note: {one_of: [a, b]}\n"
WORDINGS = "defaults:\n  on_silence: {1: hush, 2: hush_again}\n  on_wrong_key: {1: wrong}\n  give_up: person\n"
EVERYWHERE = "keys_everywhere:\n  star: back\n  hash: repeat\n  0: person\n  told_in: ask_kind\n"


def _menu(head: str = "") -> Flow:
    return small_flow(MENU, head=NOTES + head, languages="en")


def test_a_new_caller_is_greeted_and_asked_in_every_language() -> None:
    call = dial()
    assert [line.language for line in call.fresh] == ["bn", "en", "hi", "bn", "en", "hi"]
    assert said(call)[-2:] == ["For English, press 2.", "हिन्दी के लिए 3 दबाएँ।"]


def test_the_language_chosen_is_spoken_and_remembered() -> None:
    call = dial()
    call.press("3")
    assert {line.language for line in call.fresh} == {"hi"}
    assert call.remembered == "hi"


def test_the_recording_notice_comes_after_the_language_and_cannot_be_interrupted() -> None:
    call = dial()
    assert "recording_notice" not in keys_of(call)
    call.press("2")
    assert keys_of(call)[0] == "recording_notice"


def test_a_known_caller_goes_on_in_the_language_of_last_time() -> None:
    call = dial(remembered="en")
    assert keys_of(call) == ["welcome", "welcome_back"]
    assert call.wait == Collect(1.0, 1, "")
    call.stay_silent()
    assert call.step == "main_menu"
    assert {line.language for line in call.fresh} == {"en"}


def test_a_known_caller_in_a_hurry_is_not_told_that_a_key_is_wrong() -> None:
    call = dial(remembered="en")
    call.press("1")
    assert call.step == "main_menu"
    assert "wrong_key" not in keys_of(call)
    assert {line.language for line in call.fresh} == {"en"}
    call.press("1")
    assert call.step == "category"


def test_a_known_caller_may_ask_for_a_person_at_once() -> None:
    call = dial(remembered="en")
    call.press("0")
    assert call.step == "is_this_your_number"  # on the way to a person, without the menus


def test_a_known_caller_can_change_the_language() -> None:
    call = dial(remembered="en")
    call.press("9")
    assert keys_of(call) == ["choose_language"] * 3
    call.press("1")
    assert (call.step, call.remembered) == ("main_menu", "bn")


def test_a_remembered_language_that_is_no_longer_offered_is_asked_again() -> None:
    call = dial(remembered="or")
    assert keys_of(call)[-3:] == ["choose_language"] * 3


def test_three_silences_at_the_language_go_on_in_the_flows_own_choice() -> None:
    call = dial()
    for _ in range(3):
        call.stay_silent()
    assert call.step == "main_menu"
    assert {line.language for line in call.fresh} == {"bn"}


def test_a_caller_who_never_pressed_anything_is_asked_once_only() -> None:
    call = dial()
    for _ in range(3):
        call.stay_silent()
    call.stay_silent()
    assert call.step != "main_menu"


def test_a_choice_writes_its_note_and_goes_on() -> None:
    call = dial(_menu())
    call.press("1")
    assert (call.step, call.state and call.state.notes) == ("second", {"kind_note": "a"})


def test_a_choice_of_its_own_way_takes_it() -> None:
    call = dial(_menu())
    call.press("2")
    assert call.closed is not None
    assert call.closed.notes == {"kind_note": "b"}
    assert call.wait == HangUp()


def test_the_lines_of_a_menu_hold_the_keys() -> None:
    call = dial(_menu())
    assert said(call) == ["en: kind", "en: one, press 1.", "en: two, press 2.", "en: again, press 9."]


def test_a_silence_is_worded_by_its_number_then_the_question_comes_again() -> None:
    call = dial(_menu(WORDINGS))
    call.stay_silent()
    assert keys_of(call)[:2] == ["hush", "kind"]
    call.stay_silent()
    assert keys_of(call)[:2] == ["hush_again", "kind"]


def test_silence_and_wrong_keys_count_together_and_the_highest_wording_below_counts() -> None:
    call = dial(_menu(WORDINGS))
    call.stay_silent()
    call.press("7")
    assert keys_of(call)[:2] == ["wrong", "kind"]
    call.stay_silent()
    assert call.is_over


def test_a_repeat_key_in_a_menu_asks_again_and_costs_no_try() -> None:
    call = dial(_menu(WORDINGS))
    for _ in range(5):
        call.press("9")
        assert keys_of(call)[0] == "kind"
    assert not call.is_over


def test_the_keys_everywhere_are_told_once_after_the_named_menu() -> None:
    call = dial(_menu(EVERYWHERE), remembered=None)
    assert keys_of(call)[-1] == "std_keys_everywhere"
    call.press("#")
    assert keys_of(call)[0] == "kind"
    assert "std_keys_everywhere" not in keys_of(call)


def test_star_goes_back_to_the_menu_before_and_on_the_first_asks_again() -> None:
    call = dial(_menu(EVERYWHERE))
    call.press("1")
    call.press("*")
    assert call.step == "ask_kind"
    call.press("*")
    assert (call.step, keys_of(call)[0]) == ("ask_kind", "kind")


def test_the_key_for_a_person_leads_to_one_from_any_menu() -> None:
    steps = "  first:\n    menu: kind\n    choices:\n      1: {say: one, go: talk}\n"
    call = dial(small_flow(steps, head=EVERYWHERE.replace("ask_kind", "first"), languages="en"))
    call.press("0")
    assert call.path[-1].why == "key 0"
    assert call.path[-1].to == "talk"


def test_the_counter_begins_anew_when_the_step_is_entered_again() -> None:
    call = dial(_menu(EVERYWHERE + WORDINGS))
    call.press("7")
    call.press("1")
    call.press("*")
    call.press("7")
    assert keys_of(call)[0] == "wrong"
    call.press("7")
    assert not call.is_over


def test_more_keys_than_a_menu_takes_count_by_the_first() -> None:
    call = dial(_menu())
    call.press("19")
    assert call.step == "second"


def test_too_long_in_menus_is_given_up_on() -> None:
    call = dial(_menu("defaults: {longest_in_menus: 1m}\n"))
    for _ in range(70):
        if not call.is_over:
            call.press("9")
    assert call.is_over
    assert call.path[-1].why == "give_up"


def test_time_in_the_queue_is_no_time_in_menus() -> None:
    call = dial()
    for key in "2111":
        call.press(key)
    call.leave_queue("answered", after=3000, facts={})
    assert call.step == "rate_the_call"


def test_every_step_taken_is_on_the_path() -> None:
    call = dial(_menu())
    call.press("1")
    call.press("1")
    assert [(entry.turn, entry.step, entry.why, entry.to) for entry in call.path] == [
        (0, "", "arrived", "ask_kind"),
        (1, "ask_kind", "key 1", "second"),
        (2, "second", "key 1", "talk"),
    ]


def test_closed_hours_offer_a_message_and_a_call_back() -> None:
    call = dial(at=CLOSED)
    for key in "211":
        call.press(key)
    assert call.step == "closed_now"
    assert "opt_leave_message" in keys_of(call)
    assert "opt_call_me_back" in keys_of(call)
