"""Standing in line: what is heard, the ways out, and the race of a key against an answer."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from audio.render import make_sounds
from flows.values import Line, Words
from ivr.call_control import OfferExpired, accept_offer
from ivr.line_view import minutes_at
from ivr.offers import make_offer
from ivr.waiting import split_lines
from models.call_back import CallBack
from models.leg import Leg
from models.offer import Offer
from models.presence import Presence
from models.store import Store
from models.talk import Talk
from models.turn import Turn
from tests.ivr.at_once import at_once
from tests.ivr.line_in_test import CallInTest, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def wait(call: CallInTest) -> CallInTest:
    """Hear the first document of the queue."""
    call.post(call.last.address("Enqueue", "waitUrl"), QueuePosition="9", QueueSid="QU1", QueueTime="0")
    return call


def go_on(call: CallInTest) -> CallInTest:
    """Hear the next document."""
    call.post(call.last.address("Redirect", ""))
    return call


def ring(line: LineInTest, staff_id: int, sid: str = "CA1") -> int:
    entry_id = line.entry(sid).id
    offer = line.store.write(lambda connection: make_offer(connection, entry_id, staff_id, line.clock.now()))
    assert offer is not None
    return offer


def test_place_and_wait_come_from_our_rows_and_music_between(line: LineInTest) -> None:
    line.work("en")
    line.call("CA0", "+919830000001").join_queue()
    line.clock.advance(1)
    call = wait(line.call().join_queue())
    heard, documents = call.last.said, 1
    while "press 2" not in heard:
        heard += go_on(call).last.said
        documents += 1
    assert "two" in heard
    assert "four" in heard  # two callers, one person who is free, four minutes a talk
    for _ in range(4):
        assert [node.tag for node in next(go_on(call).last.root.iter("Gather"))] == ["Pause"]  # no music is rendered
    again = "".join(go_on(call).last.said for _ in range(documents))
    assert again == heard


def test_the_music_plays_on_section_by_section(line: LineInTest) -> None:
    line.work("en")
    make_sounds(line.telephone.sounds)
    call = wait(line.call().join_queue())
    played = [call.last.address("Play", "") for _ in range(12) if list(go_on(call).last.root.iter("Play"))]
    assert len(set(played)) == 4


def test_what_is_heard_in_the_queue_is_never_stored(line: LineInTest) -> None:
    line.work("en")
    call = wait(line.call().join_queue())
    with line.store.session() as session:
        turns = session.scalar(select(func.count()).select_from(Turn))
    for _ in range(5):
        go_on(call)
    with line.store.session() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == turns


def test_a_key_leads_out_and_keeps_the_place(line: LineInTest) -> None:
    line.work("en")
    call = line.call().join_queue()
    enqueue = call.last
    entered = line.entry().entered_at
    line.clock.advance(60)
    wait(call).press("1")
    assert [node.tag for node in call.last.root] == ["Leave"]
    assert (line.entry().state, line.entry().left_key, line.entry().ended_as) == ("ended", "1", "callback")
    for _ in range(2):
        call.post(enqueue.address("Enqueue"), QueueResult="leave", QueueTime="60")
        assert "We will call" in call.last.said
    with line.store.session() as session:
        assert session.scalars(select(CallBack.ahead_since)).one() == entered


def test_a_stray_key_does_not_lose_the_place(line: LineInTest) -> None:
    line.work("en")
    call = wait(line.call().join_queue())
    for key in ("*", "9", "0", ""):
        call.press(key)
        assert list(call.last.root.iter("Redirect"))
        go_on(call)
    assert line.entry().state == "waiting"


def test_nobody_at_work_leads_on_at_once(line: LineInTest) -> None:
    line.work("bn")  # speaks no English
    call = line.call().join_queue()
    enqueue = call.last
    assert [node.tag for node in wait(call).last.root] == ["Leave"]
    call.post(enqueue.address("Enqueue"), QueueResult="leave")
    assert "All our people are still busy." in call.last.said
    assert line.entry().ended_as == "closed"


def test_too_long_a_wait_leads_on(line: LineInTest) -> None:
    line.work("en")
    call = line.call().join_queue()
    enqueue = call.last
    wait(call)
    line.clock.advance(15 * 60)
    assert [node.tag for node in go_on(call).last.root] == ["Leave"]
    call.post(enqueue.address("Enqueue"), QueueResult="leave")
    assert "All our people are still busy." in call.last.said
    assert line.entry().ended_as == "overflow"


def test_an_answer_beats_a_later_key(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = wait(line.call().join_queue())
    accept_offer(line.telephone, ring(line, staff_id), staff_id)
    call.press("1")
    assert list(call.last.root.iter("Redirect"))
    assert (line.entry().state, line.entry().left_key) == ("accepted", None)


def test_a_key_beats_a_later_answer_and_stops_the_ringing(line: LineInTest) -> None:
    staff_id = line.work("en")
    call = wait(line.call().join_queue())
    offer = ring(line, staff_id)
    call.press("1")
    assert [node.tag for node in call.last.root] == ["Leave"]
    with pytest.raises(OfferExpired):
        accept_offer(line.telephone, offer, staff_id)
    with line.store.session() as session:
        assert session.scalars(select(Offer.state)).all() == ["withdrawn"]
        assert session.scalars(select(Presence.state)).all() == ["ready"]
        assert session.scalars(select(Talk)).all() == []


@pytest.mark.every_store
def test_a_key_races_an_answer_and_exactly_one_wins(line: LineInTest) -> None:
    """Twenty callers press 1 in the very moment in which somebody answers them."""
    key_won = 0
    for n in range(20):
        sid, staff_id = f"CA{n}", line.work("en", login=f"staff{n}")
        call = wait(line.call(sid, f"+9198300001{n:02d}").join_queue())
        offer = ring(line, staff_id, sid)
        answered: list[bool] = []

        def answer(offer: int = offer, staff_id: int = staff_id, answered: list[bool] = answered) -> None:
            try:
                accept_offer(line.telephone, offer, staff_id)
                answered.append(True)
            except OfferExpired:
                answered.append(False)

        at_once(lambda call=call: call.press("1"), answer)  # type: ignore[misc]  # bound now
        left = [node.tag for node in call.last.root] == ["Leave"]
        assert left != answered[0]
        assert line.entry(sid).state == ("ended" if left else "accepted")
        with line.store.session() as session:
            talks = session.scalar(select(func.count()).select_from(Talk).where(Talk.call_sid == sid))
        assert talks == (0 if left else 1)
        key_won += left
        line.store.transact(lambda session: session.execute(update(Presence).values(state="offline")))
    assert 0 <= key_won <= 20


def test_the_second_way_into_the_talk(line: LineInTest) -> None:
    """The move was lost: the next document of the queue lets the caller out, straight into the conference."""
    staff_id = line.work("en")
    call = line.call().join_queue()
    enqueue = call.last
    wait(call)
    accepted = accept_offer(line.telephone, ring(line, staff_id), staff_id)
    assert list(go_on(call).last.root.iter("Gather"))  # nobody is there yet
    line.store.transact(
        lambda session: session.execute(
            update(Leg).where(Leg.talk_id == accepted.talk_id, Leg.role == "representative").values(state="in")
        )
    )
    assert [node.tag for node in go_on(call).last.root] == ["Leave"]
    call.post(enqueue.address("Enqueue"), QueueResult="leave")
    assert call.last.address("Dial").endswith(call.turn(5))
    assert line.entry().state == "talking"


def test_a_queue_whose_rows_are_away_for_a_moment_is_waited_out(line: LineInTest) -> None:
    line.work("en")
    call = wait(line.call().join_queue())
    line.lose_store()
    go_on(call)
    assert [node.tag for node in call.last.root] == ["Pause", "Redirect"]
    go_on(call)
    assert [node.tag for node in call.last.root][-1] == "Hangup"
    assert (line.config.spool_dir / "CA1.json").exists()


def test_long_lines_are_heard_in_documents_of_less_than_ten_seconds() -> None:
    lines = [Line("en", "p", (Words("p", "word " * n),)) for n in (5, 10, 15, 20, 60, 5)]
    groups = split_lines(lines)
    assert [line for group in groups for line in group] == lines
    assert [len(group) for group in groups] == [2, 1, 1, 1, 1]
    assert split_lines([]) == []


@pytest.mark.parametrize(
    ("place", "hands", "free", "minutes"),
    [(1, 1, 0, 4), (3, 2, 0, 6), (1, 20, 0, 1), (5, 0, 0, 20), (1, 1, 1, 1), (3, 2, 1, 4), (1, 4, 3, 1)],
)
def test_the_expected_wait(place: int, hands: int, free: int, minutes: int) -> None:
    assert minutes_at(place, hands, free, 240.0) == minutes
