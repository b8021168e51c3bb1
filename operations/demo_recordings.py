"""A handful of the demonstration's talks as sound, in the three languages, spoken by the offline synthesizer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import uuid4

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audio.program import SpeakProgram
from audio.synthesizer import Synthesizer
from audio.telephone import RATE, encode, rest, to_telephone
from ivr.recorded.network_file import check_sound
from ivr.recorded.shelf import recordings_of
from ivr.telephone import Telephone
from models.complaint import Complaint
from models.demo_calls import CONFERENCE
from models.recording_pause import RecordingPause
from models.talk import Talk
from models.talk_recording import TalkRecording

EACH = 2  # talks of each language
_SID = "REdemo"  # so are the recordings called that no network knows
_PAUSE_S = 3  # between greeting and story, in every other one: the waveform shades it
_GREETING = {
    "bn": "নমস্কার, হেল্পলাইন থেকে বলছি। কী হয়েছে বলুন।",
    "hi": "नमस्ते, हेल्पलाइन से बोल रहे हैं। बताइए, क्या हुआ?",
    "en": "Good morning, this is the helpline. Please tell me what happened.",
}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A talk of the demonstration with what its caller told."""

    talk_id: int
    call_sid: str
    staff_id: int
    began_at: datetime
    language: str
    words: str


def record_demo_talks(telephone: Telephone) -> int:
    """Give the newest talks of each language a recording, up to EACH in all. Returns how many were made.

    Raises CannotRender where there is no synthesizer, ShelfAway where the recordings cannot be kept.
    """
    with telephone.store.session() as session:
        wanted = [talk for language in _GREETING for talk in _without_sound(session, language)]
    if not wanted:
        return 0
    with SpeakProgram() as voice:
        # In the order in which they were spoken: so lists of recordings are sorted.
        for nth, talk in enumerate(sorted(wanted, key=attrgetter("began_at"))):
            _record(telephone, voice, talk, paused=nth % EACH == 0)
    return len(wanted)


def _without_sound(session: Session, language: str) -> list[_Spoken]:
    made = select(func.count()).select_from(TalkRecording).where(TalkRecording.sid.startswith(f"{_SID}{language}"))
    recorded = select(TalkRecording.id).where(TalkRecording.talk_id == Talk.id)
    rows = session.execute(
        select(Talk, Complaint.text)
        .join(Complaint, Complaint.call_sid == Talk.call_sid)
        .where(Complaint.language == language, Talk.conference.startswith(CONFERENCE), ~recorded.exists())
        .order_by(Talk.started_at.desc())
        .limit(max(0, EACH - (session.scalar(made) or 0)))
    )
    return [
        _Spoken(talk.id, str(talk.call_sid), talk.staff_id, talk.started_at or talk.created_at, language, text)
        for talk, text in rows
    ]


def _record(telephone: Telephone, voice: Synthesizer, talk: _Spoken, *, paused: bool) -> None:
    said = (_GREETING[talk.language], talk.words)
    greeting, story = (to_telephone(*voice.speak(talk.language, words)) for words in said)
    before = rest(greeting, 100 * _PAUSE_S if paused else 60)
    content = encode(rest(np.concatenate((before, story)), 50))
    sid = f"{_SID}{talk.language}{uuid4().hex}"
    recordings_of(telephone.config).put(sid, content)
    paused_at = talk.began_at + timedelta(seconds=greeting.size / RATE) if paused else None
    telephone.store.transact(lambda session: _keep(session, talk, sid, content, paused_at))


def _keep(session: Session, talk: _Spoken, sid: str, content: bytes, paused_at: datetime | None) -> None:
    row = TalkRecording(talk_id=talk.talk_id, call_sid=talk.call_sid, sid=sid, name=sid, state="stored")
    row.created_at = row.began_at = talk.began_at
    row.seconds, row.size, row.digest = check_sound(content, 0), len(content), hashlib.sha256(content).hexdigest()
    # Nothing is to be deleted at a network.
    row.stored_at = row.left_network_at = talk.began_at + timedelta(seconds=row.seconds)
    session.add(row)
    session.flush()
    if paused_at is not None:
        over = paused_at + timedelta(seconds=_PAUSE_S)
        pause = RecordingPause(recording_id=row.id, reason="representative", staff_id=talk.staff_id)
        pause.began_at, pause.ends_by, pause.ended_at, pause.ended_by = paused_at, over, over, "representative"
        session.add(pause)
