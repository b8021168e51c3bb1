"""Every change that a citizen reads of is told once, in the language of the complaint, in approved words."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.case_texts import EXTENDED, CaseText, change_and_tell, compose_for, compose_template
from ivr.emulator.templates import Templates
from ivr.link_secret import PLACE
from ivr.publishing import seed
from ivr.segments import count_segments
from ivr.wording import TextWords, approved_texts, words_in_force
from models.actor import CITIZEN, RULE, Actor
from models.complaint import Complaint
from models.department import Department
from models.errors import IllegalTransition
from models.message import Message
from models.record import append_event
from models.services import propose
from models.transitions import TRANSITIONS, Transition
from tests.ivr.office import Office
from tests.models.desk_kit import CELL, FRIDAY, MOBILE, WEEK, lay_office, register

NOW = FRIDAY + timedelta(days=3)  # Monday, 2 March 2026
ROLES = {"citizen": CITIZEN, "rule": RULE, "supervisor": CELL, "officer": Actor.staff(4, "officer", level=4)}
REASON = "the ration shop was visited on 1 March and all families had got their share"
EXTREME = {"bn": "খ" * 80, "en": "x" * 80, "hi": "ख" * 80}

# What a citizen reads, by the text's name; {} is the complaint's number.
READS = {
    "sms_forwarded": {
        "bn": "হেল্পলাইন: {} গেছে খাদ্য ও সরবরাহ-এর কাছে।",
        "en": "Helpline: complaint {} is forwarded to Food and Supplies.",
        "hi": "हेल्पलाइन: {} खाद्य एवं आपूर्ति को भेजी गई।",
    },
    "sms_in_progress": {
        "bn": "হেল্পলাইন: {}-এর কাজ চলছে। উত্তর 13 মার্চ-এর মধ্যে।",
        "en": "Helpline: complaint {} is under process. You will have an answer by 13 March.",
        "hi": "हेल्पलाइन: {} पर काम चल रहा है। 13 मार्च तक जवाब मिलेगा।",
    },
    "sms_needs_info": {
        "bn": "হেল্পলাইন: {} নিয়ে আপনার উত্তর চাই। ফোন করুন।",
        "en": "Helpline: complaint {} needs your reply. Please ring us.",
        "hi": "हेल्पलाइन: {} पर आपका जवाब चाहिए। हमें फ़ोन करें।",
    },
    "sms_action_reported": {
        "bn": "হেল্পলাইন: খবর, {} মিটেছে। ঠিক কি না, ফোনে জানান।",
        "en": "Helpline: complaint {} is reported solved. Please confirm it by phone.",
        "hi": "हेल्पलाइन: सूचना है कि {} हल हुई। सही है? फ़ोन पर बताएँ।",
    },
    "sms_raised": {
        "bn": "হেল্পলাইন: {} আবার খোলা হল। এবার উচ্চতর আধিকারিক দেখবেন।",
        "en": "Helpline: complaint {} is open again and goes to a higher officer.",
        "hi": "हेल्पलाइन: {} फिर खुल गई। अब उच्च अधिकारी देखेंगे।",
    },
    "sms_reopened": {
        "bn": "হেল্পলাইন: {} আবার খোলা হল, কাজ চলছে।",
        "en": "Helpline: complaint {} is open again and under process.",
        "hi": "हेल्पलाइन: {} फिर खुल गई, काम चल रहा है।",
    },
    "sms_closed_confirmed": {
        "bn": "হেল্পলাইন: {} মিটেছে, আপনিই জানিয়েছেন। ধন্যবাদ।",
        "en": "Helpline: complaint {} is resolved, as you confirmed. Thank you.",
        "hi": "हेल्पलाइन: {} हल हुई, यह आपने ही बताया। धन्यवाद।",
    },
    "sms_closed_unreachable": {
        "bn": "হেল্পলাইন: পাইনি, {} বন্ধ। 18 মার্চ অবধি খোলা যায়।",
        "en": "Helpline: we could not reach you, so complaint {} is closed. To open it again, ring us by 18 March.",
        "hi": "हेल्पलाइन: आप नहीं मिले, {} बंद। 18 मार्च तक खुल सकेगी।",
    },
    "sms_closed_no_solution": {
        "bn": "হেল্পলাইন: {} মেটেনি, বন্ধ: the ration shop was visited on 1 March and all families... খোলা যায় 18 মার্চ অবধি।",
        "en": "Helpline: complaint {} is closed without solution: the ration shop was visited on 1 March and all "
        "families... To reopen, ring us by 18 March.",
        "hi": "हेल्पलाइन: {} बिना समाधान बंद: the ration shop was visited on 1 March and all families..। "
        "18 मार्च तक खुल सकेगी।",
    },
    "sms_closed_withdrawn": {
        "bn": "হেল্পলাইন: আপনার কথায় {} তুলে নেওয়া হল।",
        "en": "Helpline: complaint {} is withdrawn, as you asked.",
        "hi": "हेल्पलाइन: आपके कहने पर {} वापस ली गई।",
    },
    "sms_rejected": {
        "bn": "হেল্পলাইন: {} গ্রহণ হয়নি: the ration shop was visited on 1 March and all families..। "
        "আপিল ফোনে, 31 মার্চ অবধি।",
        "en": "Helpline: complaint {} is rejected: the ration shop was visited on 1 March and all families... "
        "To appeal, ring us by 31 March.",
        "hi": "हेल्पलाइन: {} स्वीकार नहीं हुई: the ration shop was visited on 1 March and all families..। "
        "अपील 31 मार्च तक, फ़ोन पर।",
    },
    "sms_appealed": {
        "bn": "হেল্পলাইন: {} নিয়ে আপিল চলছে। অন্য আধিকারিক বিচার করবেন।",
        "en": "Helpline: complaint {} is under appeal. Another officer will decide it.",
        "hi": "हेल्पलाइन: {} पर अपील चल रही है। फ़ैसला दूसरे अधिकारी का।",
    },
    "sms_merged": {
        "bn": "হেল্পলাইন: {} একই অভিযোগের সঙ্গে চলবে। নম্বর একই থাকবে।",
        "en": "Helpline: complaint {} goes on together with another about the same matter. It keeps its number.",
        "hi": "हेल्पलाइन: {} इसी विषय की शिकायत के साथ चलेगी। नंबर वही।",
    },
    "sms_unmerged": {
        "bn": "হেল্পলাইন: {} আবার আলাদা করে দেখা হচ্ছে।",
        "en": "Helpline: complaint {} is looked into on its own again.",
        "hi": "हेल्पलाइन: {} फिर से अलग देखी जा रही है।",
    },
}
TWO_PARTS = {"sms_closed_no_solution", "sms_rejected", "sms_extended"}  # those that give a reason
READS["sms_closed_no_solution"]["bn"] = READS["sms_closed_no_solution"]["bn"].replace("families... ", "families..। ")

# (before, after): the text, where it is not the one that is named after the state.
OTHERWISE = {
    ("action_reported", "in_progress"): "sms_raised",
    ("closed", "in_progress"): "sms_raised",
    ("appealed", "in_progress"): "sms_reopened",
    **{("merged", after): "sms_unmerged" for after in ("registered", "forwarded", "in_progress", "needs_info")},
}

EVERY = [(row, outcome) for row in TRANSITIONS for outcome in row.outcomes or (None,)]


def in_words(office: Office) -> TextWords:
    seed(office.store, office.clock.now())
    return replace(words_in_force(office.telephone), citizen_url=None)


def bring(session: Session, row: Transition, language: str, **fields: Any) -> Complaint:
    """A complaint in the state that the row starts from, with what its guard looks for on the record."""
    complaint = register(session, language=language, **fields)
    complaint.state = row.before
    if row.before in ("closed", "rejected"):
        complaint.closed_at = NOW
        append_event(session, complaint, kind=row.before, actor="staff:3", now=NOW, data={})
    if row.guard == "as_before_merging":
        append_event(session, complaint, kind="merged", actor="staff:2", now=NOW, data={"from": row.after})
    if row.guard == "second_officer":
        propose(session, complaint, "rejection_proposed", by=Actor.staff(3, "officer", level=1), now=NOW, note="no")
    if row.guard == "proposed_to_merge":
        propose(session, complaint, "merge_proposed", by=Actor.staff(1, "representative"), now=NOW, master=1)
    return complaint


def what_is_said(row: Transition, outcome: str | None) -> dict[str, Any]:
    whole = {"department": "food", "reason_code": "wrong_office", "note": REASON, "answer": "partly", "master": 1}
    return {name: whole[name] for name in row.needs} | ({"outcome": outcome} if outcome else {})


def test_every_row_of_the_table_is_worded_here() -> None:
    told = {OTHERWISE.get((row.before, row.after), f"sms_{row.after}{f'_{o}' if o else ''}") for row, o in EVERY}
    assert told == set(READS)


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_every_change_is_told_exactly_once(office: Office, language: str) -> None:
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        register(session)  # number 1: a master to merge with
        networks = Templates(approved_texts(words.live)) if words.live else Templates()
        for row, outcome in EVERY:
            for role in sorted(row.roles & ROLES.keys()):
                complaint = bring(session, row, language)
                said = what_is_said(row, outcome)
                preview = compose_for(session, words, complaint, row.after, now=NOW, calendar=WEEK, **said)
                event = change_and_tell(
                    session, words, complaint, row.after, by=ROLES[role], now=NOW, calendar=WEEK, **said
                )
                told = session.scalars(select(Message).where(Message.complaint_id == complaint.id)).all()
                (message,) = [one for one in told if one.purpose == "status"]
                named = OTHERWISE.get((row.before, row.after), f"sms_{row.after}{f'_{outcome}' if outcome else ''}")
                digits = complaint.reference
                number = f"{digits[:2]}-{digits[2:5]}-{digits[5:8]}-{digits[8:]}"
                assert message.template == named, (row, role)
                assert message.body == READS[named][language].format(number), (row, role)
                assert preview == CaseText(message.template, message.body)
                assert (message.language, message.recipient, message.event_n) == (language, MOBILE, event.n)
                assert networks.allow(message.body)

    office.store.transact(work)


def test_without_a_number_nothing_is_told_and_the_state_still_moves(office: Office) -> None:
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        for row, outcome in EVERY:
            complaint = bring(session, row, "en", contact_number=None)
            said = what_is_said(row, outcome) | ({"master": complaint.id} if "master" in row.needs else {})
            if "master" in row.needs:
                propose(session, complaint, "merge_proposed", by=CELL, now=NOW, master=complaint.id)
            by = ROLES[min(row.roles & ROLES.keys())]
            change_and_tell(session, words, complaint, row.after, by=by, now=NOW, calendar=WEEK, **said)
            assert complaint.state == row.after
        assert session.scalars(select(Message)).all() == []

    office.store.transact(work)


def test_what_is_refused_is_not_told(office: Office) -> None:
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        complaint = register(session, language="en")
        with pytest.raises(IllegalTransition):
            change_and_tell(session, words, complaint, "closed", by=RULE, now=NOW, calendar=WEEK, outcome="confirmed")
        assert [one.purpose for one in session.scalars(select(Message))] == ["registered"]

    office.store.transact(work)


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_the_question_carries_a_link_where_there_is_a_page(office: Office, language: str) -> None:
    """With the address of a host of thirteen letters; a longer one costs two parts in Bengali and Hindi."""
    plain = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        complaint = register(session, language=language)
        complaint.state = "in_progress"
        networks = Templates(approved_texts(plain.live)) if plain.live else Templates()
        for url, parts in (("https://" + "x" * 13, 1), ("https://" + "x" * 19, 2 - (language == "en"))):
            words = replace(plain, citizen_url=url)
            template, text = compose_for(session, words, complaint, "action_reported", now=NOW, calendar=WEEK, note="x")
            assert template == "sms_action_reported_link"
            assert f"{url}/a/{PLACE}" in text
            assert networks.allow(text)
            assert count_segments(text).count == parts
        assert words.live is not None
        without = replace(words, live=replace(words.live, approved={}))
        told = compose_for(session, without, complaint, "action_reported", now=NOW, calendar=WEEK, note="x")
        assert told.template == "sms_action_reported"
        # Of one that follows another, whose language has approved words.
        told_too = compose_template(session, without, "sms_action_reported_link", complaint, now=NOW, calendar=WEEK)
        assert told_too == told.words

    office.store.transact(work)


def test_at_the_highest_level_nobody_higher_is_promised(office: Office) -> None:
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        complaint = register(session, language="en")
        complaint.state, complaint.level = "action_reported", 5
        told = compose_for(session, words, complaint, "in_progress", now=NOW, calendar=WEEK, answer="partly")
        assert told.template == "sms_reopened"

    office.store.transact(work)


def test_a_new_date_is_told_with_its_reason(office: Office) -> None:
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        complaint = register(session, language="hi")
        new = date(2026, 3, 20)
        told = compose_for(session, words, complaint, EXTENDED, now=NOW, calendar=WEEK, due_on=new, note="बाढ़ के कारण।")
        assert told.template == "sms_extended"
        assert told.words.endswith("की नई तारीख 20 मार्च। कारण: बाढ़ के कारण।")

    office.store.transact(work)


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_text_fits_into_one_part_and_one_with_a_reason_into_two(office: Office, language: str) -> None:
    """Blanks at their longest: the longest department, a reason without end, dates in the longest month."""
    words = in_words(office)

    def work(session: Session) -> None:
        lay_office(session)
        for department in session.scalars(select(Department)):
            department.names = dict.fromkeys(("bn", "en", "hi"), EXTREME[language])
        complaint = register(session, language=language)
        for month in range(1, 13):
            now = NOW.replace(month=month, day=12)
            complaint.due_on = date(2026, month, 28)
            for state, to, outcome in (
                *(("forwarded", to, None) for to in ("forwarded", "in_progress", "needs_info", "action_reported")),
                *(("forwarded", to, None) for to in ("rejected", "appealed", "merged", EXTENDED)),
                *(("action_reported", "closed", one) for one in ("confirmed", "unreachable", "no_solution")),
                ("forwarded", "closed", "withdrawn"),
                ("action_reported", "in_progress", None),
                ("appealed", "in_progress", None),
                ("merged", "forwarded", None),
            ):
                complaint.state = state
                said = {"outcome": outcome, "note": EXTREME[language]}
                template, text = compose_for(session, words, complaint, to, now=now, calendar=WEEK, **said)
                assert count_segments(text).count <= (2 if template in TWO_PARTS else 1), (template, len(text), text)

    office.store.transact(work)
