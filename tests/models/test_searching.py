"""Complaints by words: three scripts, misspellings, bounds; and what the index forgets."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, true
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_word import ComplaintWord, KnownWord
from models.draft import Draft
from models.services import searching
from models.services.earlier import add_to_earlier
from models.services.searching import Hits, search_complaints
from models.services.wording import forget_words, index_all
from models.sounds import sounds_in
from models.store import Store
from tests.models.desk_kit import FRIDAY, REPRESENTATIVE, lay_office, register

STORIES = {
    "card": "তিন মাস ধরে রেশন কার্ডের জন্য ঘুরছি, ডিলার ঘুষ চাইছে",
    "water": "আমাদের পাড়ায় জলের লাইন খারাপ",
    "school": "विद्यालय में मिड डे मील नहीं मिलता",
    "road": "The road to Tarakeswar hospital is broken near the station",
}


@pytest.fixture
def stories(store: Store) -> dict[str, int]:
    """The ids of the complaints with STORIES, the oldest first."""

    def work(session: Session) -> dict[str, int]:
        lay_office(session)
        return {name: register(session, FRIDAY, text=text).id for name, text in STORIES.items()}

    return store.transact(work)


def asked(store: Store, words: str, **_: Any) -> Hits:
    with store.session() as session:
        return search_complaints(session, words, true())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ডিলার ঘুষ", "card"),
        ("diler ghush", "card"),
        ("dealer ghoosh", "card"),
        ("डीलर घूस", "card"),
        ("কার্ডের ডিলার", "card"),
        ("jol line kharap", "water"),
        ("জল খারাপ", "water"),
        ("जल खराब", "water"),
        ("vidyalay", "school"),
        ("विद्यालय मील", "school"),
        ("tarakeshwar", "road"),
        ("তারকেশ্বর হাসপাতাল", "road"),
        ("hospitl", "road"),
        ("hospital stashun", "road"),
    ],
)
def test_a_story_is_found_in_any_script_and_misspelt(
    store: Store, stories: dict[str, int], words: str, name: str
) -> None:
    hits = asked(store, words)
    assert stories[name] in hits.ids
    assert hits.has_all
    assert not hits.unknown


def test_two_consonants_alone_do_not_stand_for_another_word() -> None:
    assert sounds_in("জল").keys() == sounds_in("jol").keys() == sounds_in("जल").keys() == sounds_in("জলের").keys()
    assert sounds_in("জল").keys() != sounds_in("জেলা").keys()
    assert sounds_in("ঘুষ").keys() != sounds_in("গ্যাস").keys()


def test_the_end_of_a_sentence_is_no_part_of_its_last_word() -> None:
    assert sounds_in("কার্ডের।রাস্তা॥ सड़कों।").keys() == sounds_in("কার্ডের রাস্তা सड़कों").keys()


@pytest.mark.parametrize(("written", "asked"), [("রায়", "Rai"), ("রয়", "Roy"), ("Dey", "দেই")])
def test_the_shortest_names_are_heard_too(written: str, asked: str) -> None:
    assert sounds_in(written).keys() == sounds_in(asked).keys() != set()


def test_what_is_too_short_is_said(store: Store, stories: dict[str, int]) -> None:
    hits = asked(store, "না ডিলার ke")
    assert (hits.ids, list(hits.too_short), hits.has_all) == ([stories["card"]], ["না", "ke"], True)


def test_what_its_caller_added_is_found_also_after_the_index_was_made_anew(
    store: Store, stories: dict[str, int]
) -> None:
    def add(session: Session) -> None:
        draft = Draft(staff_id=1, created_at=FRIDAY, updated_at=FRIDAY)
        session.add(draft)
        complaint = session.get_one(Complaint, stories["water"])
        add_to_earlier(session, complaint, draft, "Handpump repaired badly", by=REPRESENTATIVE, now=FRIDAY)

    store.transact(add)
    assert asked(store, "handpump").ids == [stories["water"]]
    store.write(lambda connection: [connection.execute(delete(one)) for one in (ComplaintWord, KnownWord)])
    store.write(index_all)
    assert asked(store, "handpump").ids == [stories["water"]]


def test_of_what_may_not_be_read_not_even_a_word_is_told(store: Store, stories: dict[str, int]) -> None:
    with store.session() as session:
        mine = Complaint.id == stories["water"]
        for words in ("tarakeswar", "tarakeswar জল", "জল tarakeswar খারাপ"):
            there = search_complaints(session, words, mine)
            nowhere = search_complaints(session, words.replace("tarakeswar", "helicopter"), mine)
            assert (there.ids, there.has_all) == (nowhere.ids, nowhere.has_all)
            assert (list(there.unknown), list(nowhere.unknown)) == (["tarakeswar"], ["helicopter"])


def test_older_ones_with_a_very_common_word_are_told_of(
    store: Store, stories: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    with store.session() as session:
        oldest = Complaint.id == stories["card"]
        hits = search_complaints(session, "hooghly", oldest)
        assert (hits.ids, hits.is_cut, list(hits.unknown)) == ([], True, [])
        assert search_complaints(session, "hooghly ডিলার", oldest).ids == [stories["card"]]


def test_the_kind_and_the_place_count_as_words(store: Store, stories: dict[str, int]) -> None:
    assert set(asked(store, "ration hugli").ids) == set(stories.values())
    assert asked(store, "রেশন হুগলি কার্ড ঘুষ").ids == [stories["card"]]


def test_where_none_has_all_words_those_with_the_most_come_first(store: Store, stories: dict[str, int]) -> None:
    hits = asked(store, "জল খারাপ station")
    assert not hits.has_all
    assert hits.ids[0] == stories["water"]
    assert stories["road"] in hits.ids
    assert stories["card"] not in hits.ids


def test_those_with_some_words_stand_in_the_order_of_how_many_then_the_newest(store: Store) -> None:
    words = ("জল", "ডিলার", "station", "विद्यालय")
    some = [one for n in (3, 1, 2) for one in itertools.combinations(words, n)]

    def work(session: Session) -> dict[int, int]:
        lay_office(session)
        return {register(session, FRIDAY, text=" ".join(one)).id: len(one) for one in some}

    had = store.transact(work)
    mine = [one for one in had if one % 3]
    with store.session() as session:
        hits = search_complaints(session, " ".join(words), Complaint.id.in_(mine))
    assert hits.ids == sorted(mine, key=lambda one: (-had[one], -one))
    assert not hits.has_all


def test_a_word_that_nothing_is_like_is_told_and_the_others_count(store: Store, stories: dict[str, int]) -> None:
    hits = asked(store, "helicopter ডিলার")
    assert (hits.ids, list(hits.unknown)) == ([stories["card"]], ["helicopter"])
    assert asked(store, "helicopter").ids == []


def test_any_part_of_a_reference(store: Store, stories: dict[str, int]) -> None:
    with store.session() as session:
        reference = session.get_one(Complaint, stories["road"]).reference
    for part in (reference, reference[3:], reference[-6:], f"{reference[2:5]}-{reference[5:8]}"):
        assert stories["road"] in asked(store, part).ids
    assert asked(store, reference[-3:]).ids == []  # three digits stand in too many


def test_an_open_name_is_found_and_a_hidden_one_is_not(store: Store) -> None:
    def work(session: Session) -> tuple[int, int]:
        lay_office(session)
        named = register(session, FRIDAY, complainant_name="Sukumari Hembram")
        return named.id, register(session, FRIDAY, complainant_name="Sukumari Hembram", name_hidden=True).id

    shown, _hidden = store.transact(work)
    assert asked(store, "সুকুমারী হেমব্রম").ids == [shown]


def test_only_what_may_be_read_is_found(store: Store, stories: dict[str, int]) -> None:
    with store.session() as session:
        for words in ("ration", "জল station zebra", "2026", "26"):
            hits = search_complaints(session, words, Complaint.id == stories["water"])
            assert hits.ids == ([] if words in ("2026", "26") else [stories["water"]])


def test_the_newest_come_first_and_more_are_told_of(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LISTED", 3)

    def work(session: Session) -> list[int]:
        lay_office(session)
        return [register(session, FRIDAY + timedelta(minutes=n), text="বিধবা ভাতা").id for n in range(5)]

    made = store.transact(work)
    hits = asked(store, "bidhaba bhata")
    assert hits.ids == made[:1:-1]
    assert hits.has_more


def test_forgotten_words_are_gone_and_shared_ones_stay_known(store: Store, stories: dict[str, int]) -> None:
    store.write(lambda connection: forget_words(connection, [stories["road"]]))
    assert asked(store, "tarakeswar").ids == []
    with store.session() as session:
        mine = select(func.count()).where(ComplaintWord.complaint_id == stories["road"])
        assert session.scalar(mine) == 0
        known = set(session.scalars(select(KnownWord.sound)))
    assert known.isdisjoint(sounds_in("Tarakeswar station"))
    assert known >= sounds_in("ration").keys()


def test_the_index_can_be_made_anew(store: Store, stories: dict[str, int]) -> None:
    def rows(session: Session) -> list[tuple[str, int]]:
        pairs = session.execute(select(ComplaintWord.sound, ComplaintWord.complaint_id))
        return sorted((one.sound, one.complaint_id) for one in pairs)

    with store.session() as session:
        before = rows(session)
    store.write(lambda connection: [connection.execute(delete(one)) for one in (ComplaintWord, KnownWord)])
    store.write(index_all)
    with store.session() as session:
        assert rows(session) == before
    assert asked(store, "dealer ghush").ids == [stories["card"]]


@given(st.text(max_size=80))
def test_no_text_stops_the_index(text: str) -> None:
    for sound, word in sounds_in(text).items():
        assert len(sound) > 1
        assert sounds_in(word).keys() == {sound}
