"""Any keys, silence, hang-ups, repeats and late webhooks, in any order: valid documents, and a call that ends."""

import random
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.call_back import CallBack
from models.message import Message
from models.queue_entry import QueueEntry
from models.store import Store
from models.turn import Turn
from tests.ivr.line_in_test import MONDAY_NOON, SUNDAY, Answer, CallInTest, LineInTest

Posted = tuple[str, dict[str, str], bytes]
KEYS = ["1", "2", "3", "9", "0", "*", "#", "", "9830012345", "26482173059"]


def play(line: LineInTest, call: CallInTest, dice: random.Random) -> None:
    """One call at random, at most sixty webhooks long. What was posted before may be posted again at any time."""
    posted: list[Posted] = []
    address, form = "/voice/incoming", call.form(CallStatus="ringing")
    for _ in range(60):
        answer = line.post(address, form)
        assert answer.status == 200
        if "/waiting/" not in address:
            posted.append((address, form, answer.body))
        if dice.random() < 0.3:
            repeat(line, dice.choice(posted))
        onward = next_request(call, answer, dice)
        if onward is None or dice.random() < 0.03:
            break
        address, form = onward
        line.clock.advance(dice.choice([0.2, 3.0, 11.0]))
    call.hang_up()
    for old in dice.sample(posted, min(3, len(posted))):
        line.post(old[0], old[1])
    assert line.row(call.sid).ended_at is not None


def repeat(line: LineInTest, old: Posted) -> None:
    address, form, body = old
    if "until=" not in address:  # a slice of "one moment" may have gone on meanwhile
        assert line.post(address, form).body == body or "/turns/" in address


def next_request(call: CallInTest, answer: Answer, dice: random.Random) -> tuple[str, dict[str, str]] | None:
    """What the telephone would ask for next."""
    verbs = {node.tag: node for node in answer.root}
    if "Gather" in verbs:
        key = dice.choice(KEYS)
        if key or verbs["Gather"].get("actionOnEmptyResult"):
            return verbs["Gather"].attrib["action"], call.form(Digits=key)
    if "Enqueue" in verbs:
        if dice.random() < 0.2:
            result = dice.choice(["queue-full", "error", "redirected"])
            return verbs["Enqueue"].attrib["action"], call.form(QueueResult=result)
        call.last = answer
        return verbs["Enqueue"].attrib["waitUrl"], call.form(QueueSid="QU1")
    if "Leave" in verbs:
        return call.last.address("Enqueue"), call.form(QueueResult="leave")
    if "Record" in verbs and dice.random() < 0.8:
        done = {"RecordingSid": f"RE{dice.random()}", "RecordingDuration": "4", "Digits": dice.choice(["#", "hangup"])}
        return verbs["Record"].attrib["action"], call.form(**done)
    if "Redirect" in verbs:
        return verbs["Redirect"].text or "", call.form()
    return None


def play_many(store: Store, folder: Path, count: int) -> None:
    dice = random.Random(20)
    line = LineInTest(store, folder, MONDAY_NOON)
    line.work("en", "bn", "hi")
    for n in range(count):
        if n == count // 2:
            line.clock.advance((SUNDAY.timestamp() + 7 * 86_400) - line.clock.now().timestamp())
        number = dice.choice(["anonymous", f"+91983{dice.randrange(10**7):07d}", "+913322145000"])
        play(line, line.call(f"CA{n}", number), dice)
    with store.session() as session:
        live = session.scalar(select(func.count()).select_from(QueueEntry).where(QueueEntry.ended_at.is_(None)))
        doubled = select(Turn.call_sid, Turn.n).group_by(Turn.call_sid, Turn.n).having(func.count() > 1)
        promised = session.scalars(select(CallBack.effect_key)).all()
        texts = session.scalars(select(Message.effect_key).where(Message.effect_key.is_not(None))).all()
        assert live == 0
        assert session.execute(doubled).all() == []
    assert len(promised) == len(set(promised))
    assert len(texts) == len(set(texts))


def test_random_calls_end(store: Store, tmp_path: Path) -> None:
    play_many(store, tmp_path, 25)


@pytest.mark.soak
def test_very_many_random_calls_end(store: Store, tmp_path: Path) -> None:
    play_many(store, tmp_path, 2_000)
