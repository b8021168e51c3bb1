"""Texts speak the words of the published menu, and every one of them is what was approved."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from flows.checks.segments import count_segments
from flows.loader import read_source
from flows.texts import texts_of
from ivr.codes import request_code
from ivr.emulator.templates import Templates
from ivr.publishing import SHIPPED, publish, roll_back, seed
from ivr.wording import CODE, REGISTERED, approved_texts, words_in_force
from models.message import Message
from models.store import Store
from tests.ivr.line_in_test import CALLER, LineInTest
from tests.ivr.office import Office

FACTS = {
    "reference": "26482173059",
    "complaint.due_on": "2026-09-28",
    "complaint.department": "Urban Development and Municipal Affairs",  # longer than a blank
    "complaint.reason": "x" * 40,
    "complaint.reason_more": "",
    "link.address": "https://cmhelp.gov.in/a/",
    "link.secret": "*" * 12,
    "complaint.reopen_by": "2026-02-28",
    "complaint.appeal_by": "2026-02-28",
}


def without(name: str) -> dict[str, str]:
    """The shipped files without one text: neither its words nor its template."""
    source = dict(read_source(SHIPPED))
    for path, text in source.items():
        if path.startswith("prompts"):
            source[path] = re.sub(rf"^.*\b{name}\b.*\n", "", text, flags=re.MULTILINE)
    templates = re.sub(rf"^\w+:\n  prompt: {name}\n(  .*\n)+", "", source["templates.yaml"], flags=re.MULTILINE)
    assert templates != source["templates.yaml"]
    return {**source, "templates.yaml": templates}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bn", "হেল্পলাইন: অভিযোগ 26-482-173-059 জমা। 28 সেপ্টেম্বর-এর মধ্যে উত্তর।"),
        ("hi", "हेल्पलाइन: शिकायत 26-482-173-059 दर्ज हुई। 28 सितंबर तक जवाब मिलेगा।"),
        (
            "en",
            "Helpline: your complaint is registered. Its number is 26-482-173-059. "
            "You will have an answer by 28 September.",
        ),
    ],
)
def test_a_registration_is_told_in_one_part(office: Office, language: str, text: str) -> None:
    seed(office.store, office.clock.now())
    said = words_in_force(office.telephone).compose(REGISTERED, language, FACTS)
    assert said == text
    assert count_segments(said) == 1


def test_a_language_that_the_menu_does_not_speak_gets_the_one_it_is_written_in(office: Office) -> None:
    seed(office.store, office.clock.now())
    words = words_in_force(office.telephone)
    assert words.compose(CODE, "ta", {"code": "1"}) == words.compose(CODE, "en", {"code": "1"})


def test_the_live_version_is_what_speaks_and_a_rollback_takes_it_back(office: Office) -> None:
    now = office.clock.now()
    seed(office.store, now)
    shipped = words_in_force(office.telephone).compose(CODE, "en", {"code": "1"})
    source = dict(read_source(SHIPPED))
    for path in ("prompts/en.yaml", "templates.yaml"):
        source[path] = source[path].replace("Tell it to nobody.", "Keep it secret.")
    publish(office.store, "helpline", source, by="mina", note="", now=now + timedelta(seconds=1))
    assert "Keep it secret." in words_in_force(office.telephone).compose(CODE, "en", {"code": "1"})
    roll_back(office.store, "helpline", by="mina", note="", now=now + timedelta(seconds=2))
    assert words_in_force(office.telephone).compose(CODE, "en", {"code": "1"}) == shipped


def test_nobody_goes_without_a_text_because_a_version_lacks_its_words(office: Office) -> None:
    before = words_in_force(office.telephone).compose(CODE, "bn", {"code": "1"})  # nothing is published yet
    seed(office.store, office.clock.now())
    publish(office.store, "helpline", without(CODE), by="mina", note="", now=office.clock.now())
    assert words_in_force(office.telephone).compose(CODE, "bn", {"code": "1"}) == before


def test_every_text_of_the_shipped_menu_passes_the_networks_of_india(office: Office) -> None:
    """Whatever is filled in: the networks compare with the templates, and blanks hold 30 characters."""
    seed(office.store, office.clock.now())
    words = words_in_force(office.telephone)
    assert words.live is not None
    networks = Templates(approved_texts(words.live))
    facts = {
        **FACTS,
        "code": "000000",
        "request.reference": "26482173059",
        "callback.by": "2026-02-28T17:45:00+05:30",
    }
    for prompt in texts_of(words.live):
        for language in words.live.languages:
            said = words.compose(prompt, language, facts)
            assert networks.allow(said), said
            assert not networks.allow(f"{said} ")
            assert ("26-482-173-059" in said) == (prompt != CODE)  # grouped, as people read it


def test_the_row_of_a_code_holds_its_place_in_the_words_of_the_call(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path)
    seed(store, line.clock.now())
    line.call().join_queue()
    request_code(line.telephone, "CA1", CALLER, line.clock.now())
    with line.store.session() as session:
        message = session.query(Message).filter_by(purpose="code").one()
    assert (message.template, message.language) == (CODE, "en")
    assert message.body == "{code} is your code for the helpline. It is good for five minutes. Tell it to nobody."
