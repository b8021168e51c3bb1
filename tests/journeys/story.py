"""A golden dialogue: a file says who calls and what they do; the rest of it is what was heard and what was kept.

Played through the webhooks with a clock that is moved by hand, so that each word comes out the same every time.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.world import INDIA
from models.call import Call
from models.call_back import CallBack
from models.message import Message
from models.store import Store
from models.turn import Turn
from models.voice_message import VoiceMessage
from tests.ivr.line_in_test import Answer, CallInTest, LineInTest

LANGUAGES = ["bn", "en", "hi"]
WAITS = ("Gather", "Record", "Enqueue", "Redirect", "Hangup")
_LONGEST_WAIT_S = 16 * 60
# A reference is drawn anew in each play; in texts it is grouped.
_MADE_UP = re.compile(r"\b\d{11}\b")
_GROUPED = re.compile(r"\b\d{2}-\d{3}-\d{3}-\d{3}\b")


@dataclass
class Story:
    """What the file says of the caller."""

    story: str
    clock: str  # in Kolkata
    does: list[str]
    caller: str = "+919830012345"
    staff: bool = True  # somebody is at work, and on another call
    remembered: str = ""  # the language that this caller chose last time


@dataclass
class Played:
    """What came of it."""

    call: list[dict[str, str]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    ended: str = ""


def read_story(path: Path) -> Story:
    """The caller's part."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    given = {name: value for name, value in content.items() if name not in Played.__dataclass_fields__}
    given["does"] = [str(act) for act in given["does"]]
    return Story(**given)


def tell(path: Path, played: Played) -> str:
    """The whole file anew: the caller's part as it was written, and what is heard now."""
    given = path.read_text(encoding="utf-8").partition("\ncall:")[0].rstrip()
    heard = yaml.safe_dump(vars(played), allow_unicode=True, sort_keys=False, width=110)
    return f"{given}\n{heard}"


def play(story: Story, store: Store, folder: Path) -> Played:
    """Let the caller do it all. A call that is not over at the end is hung up."""
    now = datetime.strptime(story.clock, "%Y-%m-%d %H:%M").replace(tzinfo=INDIA).astimezone(UTC)
    line = LineInTest(store, folder, now)
    if story.staff:
        line.work(*LANGUAGES)
    if story.remembered:
        _be_known(line, story)
    played = Played()
    call = line.call("CA" + "5" * 32, "anonymous" if story.caller == "withheld" else story.caller)
    _hear(played, call, line.post("/voice/incoming", call.form(CallStatus="ringing")))
    for act in story.does:
        line.clock.advance(4)
        _do(played, call, act)
    if not played.ended:
        call.hang_up()
        played.ended = "the caller hangs up"
    _read_rows(played, store, call.sid)
    return played


def _be_known(line: LineInTest, story: Story) -> None:
    earlier = line.call("CA" + "4" * 32, story.caller).dial()
    earlier.press(str(LANGUAGES.index(story.remembered) + 1)).hang_up()


def _do(played: Played, call: CallInTest, act: str) -> None:
    verb = _wait_of(call.last)
    if act == "silent":
        played.call.append({"caller": "says nothing"})
    elif act.startswith("speaks"):
        played.call.append({"caller": act})
    else:
        played.call.append({"presses": act})
    if verb.tag == "Record":
        spoken = {"RecordingSid": "RE" + "6" * 32, "RecordingUrl": "http://127.0.0.1:1/recording"}
        length = re.search(r"\d+", act)
        if length:  # the network tells of the sound while the caller still hears the line draw breath
            told = call.form(RecordingSid=spoken["RecordingSid"], RecordingStatus="completed")
            call.line.post(verb.attrib["recordingStatusCallback"], told)
        heard = {"RecordingDuration": length[0], "Digits": "#", **spoken} if length else {"RecordingDuration": "0"}
        _hear(played, call, call.post(verb.attrib["action"], **heard))
    elif verb.tag == "Enqueue":
        _press_in_line(played, call, verb, act)
    else:
        _hear(played, call, call.post(verb.attrib["action"], Digits="" if act == "silent" else act))


def _press_in_line(played: Played, call: CallInTest, verb: Element, act: str) -> None:
    """A key that leads out; or patience, until there is nobody to wait for any longer."""
    if act == "silent":
        call.line.clock.advance(_LONGEST_WAIT_S)
        _wait_in_line(played, call, verb)
        return
    waiting = call.line.post(verb.attrib["waitUrl"], call.form())
    after = call.line.post(waiting.address(), call.form(Digits=act))
    assert after.root.find("Leave") is not None, "the key does not lead out of the line"
    _leave(played, call, verb)


def _wait_in_line(played: Played, call: CallInTest, verb: Element) -> None:
    waiting = call.line.post(verb.attrib["waitUrl"], call.form())
    if waiting.root.find("Leave") is not None:
        _leave(played, call, verb)
    else:
        _write_words(played, waiting)


def _leave(played: Played, call: CallInTest, verb: Element) -> None:
    played.call.append({"line": "takes the caller out of the line"})
    _hear(played, call, call.post(verb.attrib["action"], QueueResult="leave", QueueTime="4"))


def _hear(played: Played, call: CallInTest, answer: Answer) -> None:
    """Write down what a document says, and follow it to where it waits for the caller."""
    assert answer.status == 200, answer.body
    call.last = answer
    _write_words(played, answer)
    verb = _wait_of(answer)
    if verb.tag == "Redirect":
        _hear(played, call, call.post(verb.text or ""))
    elif verb.tag == "Record":
        played.call.append({"line": "records"})
    elif verb.tag == "Enqueue":
        played.call.append({"line": "puts the caller in line"})
        _wait_in_line(played, call, verb)
    elif verb.tag == "Hangup":
        played.ended = "the line hangs up"
        call.hang_up()


def _wait_of(answer: Answer) -> Element:
    return [verb for verb in answer.root if verb.tag in WAITS][0]


def _write_words(played: Played, answer: Answer) -> None:
    for said in answer.root.iter("Say"):
        _write(played, said.attrib.get("language", "")[:2], said.text or "")


def _write(played: Played, language: str, words: str) -> None:
    words = _MADE_UP.sub("(reference)", words)
    if played.call and language in played.call[-1]:
        played.call[-1][language] += f" {words}"
    else:
        played.call.append({language: words})


def _read_rows(played: Played, store: Store, sid: str) -> None:
    with store.session() as session:
        for path in session.scalars(select(Turn.path).where(Turn.call_sid == sid).order_by(Turn.n)):
            played.path += [_went(step) for step in json.loads(path)]
        bodies = session.scalars(select(Message.body).where(Message.call_sid == sid).order_by(Message.id))
        played.texts = [_GROUPED.sub("(reference)", body) for body in bodies]
        played.kept = [*_kept(session, sid)]


def _went(step: Any) -> str:
    return " ".join(str(part) for part in step if part) if isinstance(step, list) else str(step)


def _kept(session: Session, sid: str) -> list[str]:
    call = session.scalars(select(Call).where(Call.sid == sid)).one()
    kept = [f"call: {call.outcome}, in {call.language}"]
    for row in session.scalars(select(CallBack).where(CallBack.call_sid == sid)):
        kept.append(f"call-back: {row.reason}, to {row.number}, by {row.due_by.astimezone(INDIA):%Y-%m-%d %H:%M}")
    for message in session.scalars(select(VoiceMessage).where(VoiceMessage.call_sid == sid)):
        kept.append(f"voice message: {message.seconds} s, {message.category or 'no category'}")
    return kept
