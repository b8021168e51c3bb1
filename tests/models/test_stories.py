"""The lives of cases, whole: what each officer sees and does, what the clocks do, what the record says at the end.

Working days of these stories: Monday to Friday until 18:00; 3 and 4 March 2026 are holidays. docs/cases.md tells the
same stories in plain words.
"""

from datetime import date

import pytest

from models.actor import RULE, Actor
from models.errors import Refused
from models.services.feedback import close_unasked
from models.services.holidays import declare_holiday, recount_promises, withdraw_holiday
from models.store import Store
from tests.models.cases import DISTRICT, FIELD, HEAD, SECRETARY
from tests.models.desk_kit import CELL, REPRESENTATIVE, WEEK
from tests.models.tale import Tale


def test_solved_at_level_1(store: Store) -> None:
    tale = Tale(store)
    assert tale.due == date(2026, 3, 13)
    assert tale.counts("chitra") == {"mine": 1, "office": 1}
    assert tale.holders("chitra", "mine") == ["Chitra"]
    assert tale.ledger() == [(1, FIELD, False)]
    assert tale.counts("dipak") == tale.counts("leela") == {"watching": 1}
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.at(6)
    tale.act("report_action", "chitra", note="Card printed and handed over", proof="register, page 12")
    assert tale.counts("chitra") == {}
    tale.at(9)
    tale.citizen("closed", by=REPRESENTATIVE, outcome="confirmed")
    assert tale.record() == [
        "27 Feb registered asha",
        "27 Feb forwarded rule",
        "02 Mar in_progress chitra",
        "06 Mar action_reported chitra",
        "09 Mar closed asha",
    ]
    assert tale.ledger() == [(1, FIELD, True)]
    assert tale.texts() == 4
    tale.at(30)
    assert tale.sweep() == {}


def test_the_clock_of_level_1_and_then_of_level_2(store: Store) -> None:
    """Day 0 is Mon 2 March. Level 1 has until Tue 10, level 2 until Fri 13; level 3 three working days more."""
    tale = Tale(store)
    assert tale.case.hold_on == date(2026, 3, 10)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.at(5, "00:01")
    assert tale.sweep() == {}
    tale.at(6, "00:01")
    assert tale.sweep() == {"half": 1}  # the second of four working days
    assert tale.sweep() == {}
    tale.at(10, "00:01")
    assert tale.sweep() == {"most": 1}
    tale.at(10, "23:59")
    assert tale.sweep() == {}
    tale.at(11, "00:01")
    assert tale.sweep() == {"breached": 1}
    case = tale.case
    assert (case.level, case.office_code, case.state, case.hold_on) == (2, DISTRICT, "in_progress", date(2026, 3, 13))
    assert case.due_on == date(2026, 3, 13)
    assert tale.explanations() == [(1, "chitra", None)]
    assert [stay[0] for stay in tale.ledger() if not stay[2]] == [2]
    tale.at(12)
    assert tale.sweep() == {"half": 1}
    tale.act("open_case", "dipak")
    tale.at(13)
    assert tale.sweep() == {"most": 1}
    tale.at(14, "00:01")
    assert tale.sweep() == {"breached": 1}
    assert (tale.case.level, tale.case.office_code, tale.case.hold_on) == (3, HEAD, date(2026, 3, 19))
    assert tale.counts("leela") == {"watching": 1}
    tale.at(20)
    # A week of nights without a sweep would have lost the warnings, and nothing else.
    assert tale.sweep() == {"digest": 1}
    assert (tale.case.level, tale.case.office_code) == (3, HEAD)
    assert tale.explanations() == [(1, "chitra", None), (2, "dipak", None), (3, "hiran", None)]
    assert tale.counts("leela") == {"watching": 1, "unexplained": 1, "digest": 1}
    tale.act("take_over", "leela")
    assert (tale.case.level, tale.case.office_code) == (4, SECRETARY)
    assert tale.counts("leela") == {"mine": 1, "office": 1, "unexplained": 1}
    tale.at(31)
    assert tale.sweep() == {}
    assert tale.due == date(2026, 3, 13)


def test_breached_to_level_3_and_explained(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.at(11)
    tale.sweep()
    assert tale.counts("chitra") == {"watching": 1, "unexplained": 1}
    assert tale.counts("leela") == {"watching": 1}  # there is time to explain until Mon 16
    tale.act("explain_breach", "chitra", text="The machine was broken; two visits, see the register")
    with pytest.raises(Refused, match="nothing_to_explain"):
        tale.act("explain_breach", "chitra", text="Once more")
    tale.act("open_case", "dipak")
    tale.at(14)
    tale.sweep()
    tale.at(18)
    # Dipak had until Wed 18; from Thu 19 his silence is on the list of the secretary.
    assert tale.counts("leela") == {"watching": 1}
    tale.at(19)
    assert [case.id for case in tale.box("leela", "unexplained")] == [tale.id]
    assert tale.counts("dipak") == {"watching": 1, "unexplained": 1}
    tale.act("explain_breach", "dipak", text="Waited for the machine's spare part")
    assert tale.counts("leela") == {"watching": 1}
    assert tale.case.explanation == "Waited for the machine's spare part"
    tale.act("open_case", "hiran")
    tale.act("report_action", "hiran", note="A new machine; card handed over")
    tale.citizen("closed", outcome="confirmed")
    assert tale.ledger() == [(1, FIELD, True), (2, DISTRICT, True), (3, HEAD, True)]
    assert tale.record()[2:] == [
        "02 Mar in_progress chitra",
        "11 Mar breached rule",
        "11 Mar explained chitra",
        "11 Mar opened dipak",
        "14 Mar breached rule",
        "19 Mar explained dipak",
        "19 Mar opened hiran",
        "19 Mar action_reported hiran",
        "19 Mar closed citizen",
    ]


def test_not_opened_in_two_working_days(store: Store) -> None:
    tale = Tale(store)
    tale.at(6, "23:00")  # Thu 5 and Fri 6: the two working days after Mon 2
    assert tale.sweep() == {"half": 1}
    tale.at(7, "00:01")
    assert tale.sweep() == {"unopened": 1}
    assert tale.ledger() == [(1, FIELD, False), (2, DISTRICT, False)]
    assert tale.explanations() == []
    assert tale.case.hold_on == date(2026, 3, 13)
    tale.at(11, "23:00")
    tale.sweep()
    tale.at(12, "00:01")
    assert tale.sweep() == {"unopened": 1}
    assert tale.case.office_code == HEAD


def test_where_nobody_is_posted_it_does_not_wait(store: Store) -> None:
    tale = Tale(store, place_code="malda")
    assert (tale.case.office_code, tale.case.officer_id) == ("food-field-malda", None)
    tale.at(7)
    assert tale.sweep() == {"unassigned": 1}
    tale.at(12)
    assert tale.sweep() == {"unassigned": 1}
    assert (tale.case.office_code, tale.case.level) == (HEAD, 3)
    assert tale.holders("hiran", "mine") == ["Hiran"]


def test_what_no_rule_knows_rises_to_the_cell(store: Store) -> None:
    tale = Tale(store, category="other")
    assert tale.counts("sumitra") == {"office": 1, "watching": 1}
    tale.at(7)
    assert tale.sweep() == {"unassigned": 1}
    assert (tale.case.state, tale.case.level) == ("registered", 5)
    tale.act("transfer_case", "sumitra", department="food", reason_code="not_ours", note="It is about a ration card")
    assert (tale.case.office_code, tale.case.level, tale.due) == (FIELD, 1, date(2026, 3, 13))
    assert tale.case.hold_on == date(2026, 3, 13)  # its own four working days, and no more than the promise


def test_rejected_appealed_and_overturned(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    with pytest.raises(Refused, match="say_why"):
        tale.act("propose_rejection", "chitra", note="  ")
    tale.act("propose_rejection", "chitra", note="The card of another state")
    assert tale.case.pending == "rejection"
    with pytest.raises(Refused, match="waits_for_decision"):
        tale.act("report_action", "chitra", note="Done after all")
    with pytest.raises(Refused, match="not_yours"):
        tale.act("decide_rejection", "chitra", agrees=True)
    assert [row.pending for row in tale.box("dipak", "mine")] == ["rejection"]
    tale.at(5)
    tale.act("decide_rejection", "dipak", agrees=True)
    assert (tale.case.state, tale.case.reason) == ("rejected", "The card of another state")
    tale.at(20)
    tale.citizen("appealed")
    with pytest.raises(Refused, match="decided_before"):
        tale.act("decide_appeal", "dipak", decision="rejected", note="As before")
    tale.act("decide_appeal", "hiran", decision="taken_up", note="The card is of this state")
    case = tale.case
    assert (case.state, case.office_code, case.reason, case.due_on) == ("in_progress", FIELD, None, date(2026, 3, 13))
    # The promise is broken; from here the field office has its own four working days.
    assert case.hold_on == date(2026, 3, 26)
    assert tale.record()[2:] == [
        "02 Mar in_progress chitra",
        "02 Mar rejection_proposed chitra",
        "05 Mar rejected dipak",
        "20 Mar appealed citizen",
        "20 Mar in_progress hiran",
    ]


def test_a_rejection_that_the_higher_officer_refuses(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.act("propose_rejection", "chitra", note="Incomplete")
    with pytest.raises(Refused, match="say_why"):
        tale.act("decide_rejection", "dipak", agrees=False)
    tale.act("decide_rejection", "dipak", agrees=False, note="Ask for the paper first")
    assert (tale.case.state, tale.case.pending) == ("in_progress", None)
    tale.act("ask_citizen", "chitra", question="Which card, please?")


def test_forty_complaints_of_one_village_are_one_case_and_close_one_by_one(store: Store) -> None:
    tale = Tale(store)
    others = [tale.register() for _ in range(39)]
    tale.at(2)
    for other in others:
        tale.propose("merge_proposed", REPRESENTATIVE, other, master=tale.id)
        tale.citizen("merged", other, by=CELL, master=tale.id)
    assert {tale.of(other).state for other in others} == {"merged"}
    assert tale.counts("chitra") == {"mine": 1, "office": 1}
    tale.act("open_case", "chitra")
    tale.act("report_action", "chitra", note="The dealer is replaced")
    tale.citizen("closed", outcome="confirmed")
    # Each of them keeps a say of its own: it is confirmed or goes on by itself.
    content, bitter = others[0], others[1]
    tale.citizen("closed", content, outcome="confirmed")
    tale.citizen("in_progress", bitter, answer="not_solved")
    assert (tale.of(bitter).office_code, tale.of(content).outcome) == (DISTRICT, "confirmed")
    assert [tale.of(other).state for other in others[2:]] == ["action_reported"] * 37
    assert tale.record(bitter)[2:] == [
        "02 Mar merge_proposed asha",
        "02 Mar merged sumitra",
        "02 Mar action_reported rule",
        "02 Mar in_progress citizen",
    ]


def test_who_left_no_number_is_waited_for_and_then_not_reached(store: Store) -> None:
    tale = Tale(store, contact_number=None)
    asked = tale.register()
    tale.at(2)
    for case in (tale.id, asked):
        tale.act("open_case", "chitra", case)
        tale.act("report_action", "chitra", case, note="The dealer is replaced")
    tale.at(18)  # the tenth working day: the 3rd and the 4th are holidays
    assert close_unasked(store, tale.now, lambda _department: WEEK) == 0
    tale.at(19)
    assert close_unasked(store, tale.now, lambda _department: WEEK) == 1
    assert close_unasked(store, tale.now, lambda _department: WEEK) == 0
    assert (tale.case.state, tale.case.outcome, tale.of(asked).state) == ("closed", "unreachable", "action_reported")
    assert tale.record()[-1] == "19 Mar closed rule"
    tale.citizen("in_progress")  # they may open it again, one level up
    assert tale.case.office_code == DISTRICT


def test_handed_on_twice_the_cell_decides(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    with pytest.raises(Refused, match="unknown_reason"):
        tale.act("transfer_case", "chitra", department="panchayat", reason_code="too_hard", note="Not for us")
    with pytest.raises(Refused, match="unknown_office"):
        tale.act(
            "transfer_case",
            "chitra",
            department="panchayat",
            office=DISTRICT,
            reason_code="not_ours",
            note="Not for us",
        )
    tale.act(
        "transfer_case", "chitra", department="panchayat", reason_code="not_ours", note="A matter of the panchayat"
    )
    assert (tale.case.office_code, tale.due) == ("panchayat-field-hooghly", date(2026, 3, 13))
    assert tale.counts("chitra") == {}  # it is no longer hers to read
    tale.at(5)
    event = tale.act("transfer_case", "rafiq", department="food", reason_code="not_ours", note="It is about rations")
    assert (event.kind, tale.case.office_code, tale.case.pending) == (
        "transfer_proposed",
        "panchayat-field-hooghly",
        "transfer",
    )
    assert [row.pending for row in tale.box("sumitra", "mine")] == ["transfer"]
    with pytest.raises(Refused, match="not_yours"):
        tale.act("decide_transfer", "rafiq", agrees=True, note="Please")
    tale.act("decide_transfer", "sumitra", agrees=False, note="The list is kept by the panchayat: stay")
    assert (tale.case.pending, tale.case.office_code) == (None, "panchayat-field-hooghly")
    tale.at(6)
    tale.act("transfer_case", "rafiq", department="food", reason_code="not_ours", note="The shop was closed by Food")
    tale.act("decide_transfer", "sumitra", agrees=True, note="Agreed, for the last time")
    assert (tale.case.office_code, tale.case.state, tale.due) == (FIELD, "forwarded", date(2026, 3, 13))
    assert [line for line in tale.record() if "transfer" in line or "forwarded" in line] == [
        "27 Feb forwarded rule",
        "02 Mar forwarded chitra",
        "05 Mar transfer_proposed rafiq",
        "05 Mar transfer_refused sumitra",
        "06 Mar transfer_proposed rafiq",
        "06 Mar forwarded sumitra",
    ]


def test_a_complaint_against_an_officer(store: Store) -> None:
    tale = Tale(store, name_hidden=True, complainant_name="Rahima Bibi")
    tale.at(2)
    assert tale.counts("chitra") == {"mine": 1, "office": 1}
    with pytest.raises(Refused, match="not_yours"):
        tale.act("reveal_name", "chitra", reason="I want to know who it is")
    tale.act("accuse", "sumitra", office=FIELD)
    assert (tale.case.office_code, tale.case.level) == (DISTRICT, 2)
    assert tale.counts("chitra") == {}
    with pytest.raises(Refused, match="not_yours"):
        tale.act("add_note", "chitra", note="Not true")
    with pytest.raises(Refused, match="not_yours"):
        tale.act("open_case", "chitra")
    with pytest.raises(Refused, match="not_yours"):
        tale.act("reveal_name", "chitra", reason="Who?")
    tale.act("open_case", "dipak")
    with pytest.raises(Refused, match="not_yours"):
        tale.act("reveal_name", "dipak", reason="To hear her")
    tale.act("reveal_name", "leela", reason="To hear her myself")
    # Handed back down, it goes round the office complained of.
    tale.act(
        "transfer_case", "sumitra", department="food", office=FIELD, reason_code="other_level", note="To the field"
    )
    assert tale.case.office_code == DISTRICT
    tale.act("accuse", "sumitra", office=SECRETARY)
    assert tale.case.office_code is None
    assert tale.case.level == 5
    assert tale.counts("dipak") == tale.counts("leela") == {}
    assert tale.counts("sumitra") == {"office": 1, "watching": 1}
    tale.act("open_case", "sumitra")
    tale.act("report_action", "sumitra", note="Heard by the cell; an inquiry is ordered")
    tale.citizen("closed", outcome="confirmed")
    assert "02 Mar name_shown leela" in tale.record()


def test_a_sudden_holiday(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.at(9)
    assert store.transact(
        lambda session: declare_holiday(session, date(2026, 3, 12), "A storm", by="ops", now=tale.now)
    )
    assert not store.transact(
        lambda session: declare_holiday(session, date(2026, 3, 12), "Again", by="ops", now=tale.now)
    )
    with store.session() as session:
        calendar = tale.calendar(session)
    assert recount_promises(store, tale.now, lambda _: calendar) == 1
    assert recount_promises(store, tale.now, lambda _: calendar) == 0
    assert (tale.due, tale.case.hold_on) == (date(2026, 3, 16), date(2026, 3, 10))
    assert tale.record()[-1] == "09 Mar promise_moved rule"
    # Registered after it was declared, another complaint counts with it from the beginning.
    other = tale.register()
    assert tale.of(other).due_on == date(2026, 3, 18)
    assert store.transact(lambda session: withdraw_holiday(session, date(2026, 3, 12), by="ops", now=tale.now))
    recount_promises(store, tale.now, lambda _: tale.plain)
    assert tale.due == date(2026, 3, 13)


def test_a_wrong_number_still_has_its_case(store: Store) -> None:
    """Nobody is reached under the number: the officer's report stands, and it ends as unreachable, not as solved."""
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.act("report_action", "chitra", note="Card handed over at the camp")
    tale.at(9)
    tale.citizen("closed", by=RULE, outcome="unreachable", note="Three tries; the number is somebody else's")
    assert tale.case.outcome == "unreachable"
    assert tale.ledger() == [(1, FIELD, True)]
    tale.at(20)
    tale.citizen("in_progress", by=Actor.staff(1, "representative"))
    assert (tale.case.state, tale.case.office_code) == ("in_progress", DISTRICT)


def test_the_citizen_who_never_answers(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    tale.act("open_case", "chitra")
    tale.at(5)
    tale.act("ask_citizen", "chitra", question="Which shop, and since when?")
    assert tale.due == date(2026, 3, 13)
    tale.at(12, "23:59")
    assert tale.sweep() == {}
    tale.at(13, "00:01")  # Fri 6, Mon 9 to Thu 12 were lost: five working days
    assert tale.sweep() == {"resumed": 1}
    assert (tale.case.state, tale.due, tale.case.hold_on) == ("in_progress", date(2026, 3, 20), date(2026, 3, 17))
    # Asked once more, the clock does not stop again.
    tale.at(16)
    tale.act("ask_citizen", "chitra", question="Please ring us")
    tale.at(17, "00:01")
    assert tale.sweep() == {"resumed": 1}
    assert tale.due == date(2026, 3, 20)
    tale.act("propose_rejection", "chitra", note="Incomplete: the citizen did not answer")
    tale.act("decide_rejection", "dipak", agrees=True)
    assert tale.record()[-4:] == [
        "16 Mar needs_info chitra",
        "17 Mar in_progress rule",
        "17 Mar rejection_proposed chitra",
        "17 Mar rejected dipak",
    ]


def test_more_time_once_and_a_priority(store: Store) -> None:
    tale = Tale(store)
    tale.at(2)
    with pytest.raises(Refused, match="not_yours"):
        tale.act("extend_case", "chitra", days=5, reason="Hard")
    with pytest.raises(Refused, match="too_many_days"):
        tale.act("extend_case", "dipak", days=16, reason="Very hard")
    tale.act("extend_case", "dipak", days=5, reason="The land must be measured")
    assert (tale.due, tale.case.hold_on) == (date(2026, 3, 20), date(2026, 3, 17))
    with pytest.raises(Refused, match="already_extended"):
        tale.act("extend_case", "leela", days=1, reason="Harder")
    tale.act("set_priority", "sumitra", priority="urgent", reason="A child is hungry")
    assert (tale.case.days, tale.due) == (3, date(2026, 3, 16))
    tale.act("set_priority", "sumitra", priority="normal", reason="Food was brought")
    assert tale.due == date(2026, 3, 20)
    tale.act("recategorise", "sumitra", category="bribery", note="The dealer wants money")
    assert (tale.case.category, tale.due, tale.case.office_code) == ("bribery", date(2026, 3, 20), FIELD)
