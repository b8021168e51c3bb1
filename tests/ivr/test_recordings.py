"""Recordings of talks: announced, told of, paused, fetched, kept, deleted; on both stores."""

import hashlib
import io
import signal
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
import soundfile
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from flows.loader import load_flow, read_source
from ivr.call_control import NothingRecorded, TalkOver, pause_recording, resume_recording
from ivr.call_control.recording import pause_at_keypad
from ivr.conference import conference_document
from ivr.gateway import GatewayError
from ivr.keypad_checks import begin_check, end_check
from ivr.publishing import SHIPPED
from ivr.queues import JOB_SECONDS, JOBS, TEND_RECORDING
from ivr.recorded.control import resume
from ivr.recorded.notice import heard_on
from ivr.recorded.pauses import LONGEST, REPRESENTATIVE
from ivr.recorded.rows import take_report
from ivr.recorded.shelf import recordings_of
from ivr.recorded.sweeping import _give_up, sweep_recordings
from ivr.recorded.tending import IN_HAND, PAUSES, tend_recording
from ivr.sending import send_commands
from ivr.talks import begin_talk, open_talk
from models.complaint import Complaint
from models.feedback_call import FeedbackCall
from models.message import Message
from models.recording_pause import RecordingPause
from models.seed import seed
from models.talk import Talk
from models.talk_recording import TalkRecording
from tests.ivr.at_once import at_once
from tests.ivr.office import Office
from tests.models.desk_kit import MOBILE, register

SID = "RE" + "a" * 32
ROOM = "CF" + "b" * 32
FILE = f"/Recordings/{SID}.wav"
CURRENT = f"/Conferences/{ROOM}/Recordings/Twilio.CURRENT"


def wav(seconds: float = 30.0) -> bytes:
    out = io.BytesIO()
    samples = (np.sin(np.arange(int(seconds * 8000)) / 3) * 9000).astype("int16")
    soundfile.write(out, samples, 8000, format="WAV", subtype="PCM_16")
    return out.getvalue()


class Talking:
    """One recorded talk, up to its first word."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.staff = office.hire("asha")
        self.call = office.enqueue()
        now = office.clock.now()

        def begin(connection: Any) -> int:
            talk_id = open_talk(connection, self.staff, now, call_sid=self.call).talk_id
            begin_talk(connection, talk_id, self.call, now, records=True)
            return talk_id

        self.talk = office.store.write(begin)
        self.conference = str(office.row(Talk, id=self.talk).conference)
        office.network.conferences[self.conference] = ROOM
        office.network.replies["GET", FILE] = [(200, wav())]

    def told(self, status: str, *, sid: str = SID, seconds: int = 30) -> int | None:
        form = {"RecordingSid": sid, "RecordingStatus": status, "RecordingDuration": str(seconds)}
        form["RecordingStartTime"] = "Mon, 02 Mar 2026 05:30:00 +0000"
        office = self.office
        return office.store.write(lambda c: take_report(c, self.conference, form, office.clock.now()))

    def over(self) -> None:
        """The talk has ended."""
        ended = {"state": "ended", "ended_at": self.office.clock.now(), "ended_by": "caller"}
        self.office.store.write(lambda c: c.execute(update(Talk).values(**ended)))

    @property
    def row(self) -> TalkRecording:
        found = self.office.row(TalkRecording)
        assert isinstance(found, TalkRecording)
        return found

    def stored(self) -> TalkRecording:
        recording_id = self.told("completed")
        assert recording_id is not None
        assert tend_recording(self.office.telephone, recording_id)
        return self.row


@pytest.fixture
def talking(office: Office) -> Talking:
    return Talking(office)


def test_every_leg_asks_for_the_same_recording_and_none_where_that_is_switched_off(office: Office) -> None:
    config = office.telephone.config
    document = conference_document(config, "talk-1", "https://x/left")
    assert 'record="record-from-start" trim="do-not-trim"' in document
    assert f'recordingStatusCallback="{config.public_url}/voice/recordings/talk-1"' in document
    assert "record" not in conference_document(replace(config, record_talks=False), "talk-1", "https://x/left")


@pytest.mark.parametrize(
    ("path", "heard"),
    [
        ([(1, "choose_language", "key 1", "recording_notice"), (1, "recording_notice", "said", "todays_notice")], True),
        ([(1, "choose_language", "key 0", "office_hours")], False),
        ([(1, "recording_notice", "said", "x"), (4, "choose_language", "key 3", "office_hours")], False),
        ([], False),
    ],
)
def test_the_notice_counts_only_where_it_was_spoken_in_the_language_of_the_call(
    path: list[tuple[int, str, str, str]], heard: bool
) -> None:
    flow = load_flow("helpline", read_source(SHIPPED))
    assert heard_on(flow, path) is heard


def test_reports_move_a_recording_forward_only(talking: Talking) -> None:
    assert talking.row.state == "expected"
    assert talking.told("in-progress") is None
    assert (talking.row.state, talking.row.sid) == ("recording", SID)
    assert talking.told("completed") == talking.row.id
    assert (talking.row.state, talking.row.seconds) == ("waiting", 30)
    assert talking.told("completed") is None
    assert talking.told("in-progress") is None
    assert talking.told("absent") is None
    assert talking.row.state == "waiting"
    assert len(talking.office.rows(TalkRecording)) == 1


def test_the_end_may_be_told_before_the_beginning_and_a_second_file_is_kept_too(talking: Talking) -> None:
    assert talking.told("completed") is not None
    assert talking.told("in-progress", sid="RE" + "c" * 32) is None
    assert [row.sid for row in talking.office.rows(TalkRecording)] == [SID, "RE" + "c" * 32]


def test_a_report_of_no_talk_of_ours_is_not_kept(talking: Talking) -> None:
    talking.conference = "somebody-elses"
    assert talking.told("completed") is None
    assert talking.row.state == "expected"


def test_a_recording_is_fetched_looked_at_stored_and_deleted_at_the_network(talking: Talking) -> None:
    office = talking.office
    row = talking.stored()
    assert (row.state, row.seconds, row.size) == ("stored", 30, len(wav()))
    shelf = recordings_of(office.telephone.config)
    assert row.name is not None
    content = shelf.read(row.name)
    assert content == wav()
    assert row.digest == hashlib.sha256(wav()).hexdigest()
    [file] = office.telephone.config.recordings_dir.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    [asked] = office.network.requests("GET", FILE)
    assert asked.authorization is not None
    assert send_commands(office.telephone) == 1
    assert len(office.network.requests("DELETE", f"/Recordings/{SID}")) == 1
    assert talking.row.left_network_at == office.clock.now()
    assert not tend_recording(office.telephone, row.id)  # a repeated job


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {"code": 20404}), "status_404"),
        ((200, b"RIFF, and then nothing"), "no_sound"),
        ((200, wav(3)), "cut_off"),
        ((200, "<html>"), "no_sound"),
    ],
)
def test_what_is_not_the_recording_is_not_stored_and_asked_for_again(
    talking: Talking, answer: tuple[int, Any], error: str
) -> None:
    office = talking.office
    office.network.replies["GET", FILE] = [answer, (200, wav())]
    recording_id = talking.told("completed")
    assert recording_id is not None
    assert tend_recording(office.telephone, recording_id)
    assert (talking.row.state, talking.row.error) == ("waiting", error)
    assert not tend_recording(office.telephone, recording_id)
    assert sweep_recordings(office.telephone) == 0
    office.clock.advance(PAUSES[0])
    assert sweep_recordings(office.telephone) == 1
    assert tend_recording(office.telephone, recording_id)
    assert (talking.row.state, talking.row.error) == ("stored", None)


def test_after_the_last_attempt_it_is_given_up(talking: Talking) -> None:
    office = talking.office
    office.network.replies["GET", FILE] = [(404, {})] * 20
    recording_id = talking.told("completed")
    assert recording_id is not None
    for pause in (*PAUSES, 0):
        assert tend_recording(office.telephone, recording_id)
        office.clock.advance(pause)
    assert talking.row.state == "failed"
    assert sweep_recordings(office.telephone) == 0


def test_lost_reports_are_asked_for_after_the_talk(talking: Talking) -> None:
    office = talking.office
    talking.over()
    assert sweep_recordings(office.telephone) == 0
    office.clock.advance(121)
    assert sweep_recordings(office.telephone) == 1
    listed = {"sid": SID, "status": "completed", "duration": "30", "start_time": "Mon, 02 Mar 2026 05:30:00 +0000"}
    office.network.recordings[ROOM] = [listed]
    assert tend_recording(office.telephone, talking.row.id)
    assert (talking.row.state, talking.row.sid, talking.row.seconds) == ("waiting", SID, 30)
    assert sweep_recordings(office.telephone) == 1
    assert tend_recording(office.telephone, talking.row.id)
    assert talking.row.state == "stored"


def test_a_recording_that_the_network_never_made_is_absent_in_the_end(talking: Talking) -> None:
    office = talking.office
    talking.over()
    office.clock.advance(121)
    for pause in (*PAUSES, 0):
        assert tend_recording(office.telephone, talking.row.id)
        office.clock.advance(pause)
    assert talking.row.state == "absent"


def test_a_full_disk_and_a_fetch_that_takes_too_long_are_tried_again_and_given_up(talking: Talking) -> None:
    office = talking.office
    office.network.replies["GET", FILE] = [(200, wav())] * 20
    recording_id = talking.told("completed")
    assert recording_id is not None
    folder = office.telephone.config.recordings_dir
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("Where the folder was there is a file now: nothing can be stored.")

    for n, pause in enumerate((*PAUSES, 0)):
        assert tend_recording(office.telephone, recording_id)
        assert talking.row.error == "store", n
        office.clock.advance(pause)
    assert talking.row.state == "failed"


def test_a_job_that_is_stopped_for_its_length_says_so_in_the_row(talking: Talking) -> None:
    office = talking.office
    recording_id = talking.told("completed")
    assert recording_id is not None
    office.network.meanwhile["GET", FILE] = partial(signal.pthread_kill, threading.get_ident(), signal.SIGALRM)
    limit = UnixSignalDeathPenalty(JOB_SECONDS[TEND_RECORDING], JobTimeoutException)  # type: ignore[no-untyped-call]  # RQ's own has no types
    with limit:
        assert tend_recording(office.telephone, recording_id)
    assert (talking.row.state, talking.row.error) == ("waiting", "too_slow")
    assert talking.row.next_try_at == office.clock.now() + timedelta(seconds=PAUSES[0])


def test_the_job_ends_before_another_worker_may_begin() -> None:
    assert timedelta(seconds=JOB_SECONDS[TEND_RECORDING]) < IN_HAND
    assert set(JOB_SECONDS) == set(JOBS)


@pytest.mark.every_store
def test_two_reports_at_once_are_of_one_recording(talking: Talking) -> None:
    at_once(lambda: talking.told("in-progress"), lambda: talking.told("completed"), lambda: talking.told("completed"))
    assert (talking.row.sid, talking.row.state) == (SID, "waiting")
    other = "RE" + "c" * 32
    at_once(*[partial(talking.told, "completed", sid=other)] * 3)
    assert [row.sid for row in talking.office.rows(TalkRecording)] == [SID, other]


@pytest.mark.parametrize("told", ["", "-1", "3.5", "soon", "9" * 40, "৩"])
def test_a_length_that_is_none_does_not_lose_the_report(talking: Talking, told: str) -> None:
    form = {"RecordingSid": SID, "RecordingStatus": "completed", "RecordingDuration": told}
    office = talking.office
    assert office.store.write(lambda c: take_report(c, talking.conference, form, office.clock.now())) == talking.row.id
    assert (talking.row.state, talking.row.seconds) == ("waiting", 0)


def test_a_caller_who_was_handed_over_comes_back_from_the_keypad_into_the_same_recording(talking: Talking) -> None:
    office = talking.office
    talking.told("in-progress")
    colleague, now = office.hire("bimal"), office.clock.now()

    def hand_over(connection: Any) -> int:
        made = {"staff_id": colleague, "conference": "guest", "created_at": now, "call_sid": talking.call}
        return int(connection.execute(insert(Talk).values(**made, state="live").returning(Talk.id)).scalar_one())

    talk_id = office.store.write(hand_over)
    office.store.write(lambda c: begin_talk(c, talk_id, talking.call, now, records=True))
    assert len(office.rows(TalkRecording)) == 1


# ---- pauses that cross: `meanwhile` runs while the network is asked


def commands(talking: Talking) -> list[str]:
    return [one.form["Status"] for one in talking.office.network.requests("POST", CURRENT)]


@pytest.mark.every_store
def test_a_pause_that_begins_while_another_one_ends_stays_a_pause(talking: Talking) -> None:
    office = talking.office
    pause_recording(office.telephone, talking.talk, talking.staff)
    office.network.meanwhile["GET", "/Conferences"] = lambda: pause_at_keypad(office.telephone, talking.talk)
    resume_recording(office.telephone, talking.talk, talking.staff)
    assert commands(talking)[-1] == "paused"
    assert {one.reason: one.ended_by for one in office.rows(RecordingPause)} == {
        "representative": "representative",
        "keypad": None,
    }


@pytest.mark.every_store
def test_two_pauses_that_end_at_once_leave_no_silence(talking: Talking) -> None:
    office = talking.office
    pause_recording(office.telephone, talking.talk, talking.staff)
    pause_at_keypad(office.telephone, talking.talk)
    pauses = [one.id for one in office.rows(RecordingPause)]
    at_once(*[partial(resume, office.telephone, pause_id, "time") for pause_id in pauses])
    assert commands(talking)[-1] == "in-progress"
    assert all(one.ended_at is not None for one in office.rows(RecordingPause))


@pytest.mark.every_store
def test_a_pause_that_the_network_refuses_leaves_no_silence_behind(talking: Talking) -> None:
    """The one before has ended meanwhile, and left it to this one to go on."""
    office = talking.office
    pause_recording(office.telephone, talking.talk, talking.staff)
    office.network.refuse("POST", CURRENT, 503, 20503)
    office.network.meanwhile["POST", CURRENT] = lambda: resume_recording(office.telephone, talking.talk, talking.staff)
    with pytest.raises(GatewayError):
        pause_at_keypad(office.telephone, talking.talk)
    send_commands(office.telephone)
    assert commands(talking)[-1] == "in-progress"
    assert [one.reason for one in office.rows(RecordingPause)] == ["representative"]


def test_the_representative_pauses_and_goes_on(talking: Talking) -> None:
    office = talking.office
    talking.told("in-progress")
    pause_recording(office.telephone, talking.talk, talking.staff)
    [asked] = office.network.requests("POST", CURRENT)
    assert asked.form == {"Status": "paused", "PauseBehavior": "silence"}
    pause_recording(office.telephone, talking.talk, talking.staff)
    assert len(office.network.requests("POST", CURRENT)) == 1
    office.clock.advance(30)
    resume_recording(office.telephone, talking.talk, talking.staff)
    resume_recording(office.telephone, talking.talk, talking.staff)
    assert [one.form["Status"] for one in office.network.requests("POST", CURRENT)] == ["paused", "in-progress"]
    [pause] = office.rows(RecordingPause)
    assert (pause.reason, pause.staff_id, pause.ended_by) == ("representative", talking.staff, "representative")
    assert pause.ended_at - pause.began_at == timedelta(seconds=30)


def test_a_forgotten_pause_ends_by_itself(talking: Talking) -> None:
    office = talking.office
    pause_recording(office.telephone, talking.talk, talking.staff)
    office.clock.advance(LONGEST[REPRESENTATIVE].total_seconds() - 1)
    assert send_commands(office.telephone) == 0
    office.clock.advance(1)
    assert send_commands(office.telephone) == 1
    assert office.network.requests("POST", CURRENT)[-1].form == {"Status": "in-progress"}
    assert office.row(RecordingPause).ended_by == "time"


def test_where_the_network_does_not_pause_nothing_claims_that_it_did(talking: Talking) -> None:
    office = talking.office
    office.network.refuse("POST", CURRENT, 503, 20500)
    with pytest.raises(GatewayError):
        pause_recording(office.telephone, talking.talk, talking.staff)
    office.network.refuse("POST", CURRENT, 404, 20404)
    with pytest.raises(NothingRecorded):
        pause_recording(office.telephone, talking.talk, talking.staff)
    assert office.rows(RecordingPause) == []


def test_only_whoever_talks_pauses(talking: Talking) -> None:
    office = talking.office
    other = office.hire("bimal")
    with pytest.raises(TalkOver):
        pause_recording(office.telephone, talking.talk, other)
    assert office.network.requests("POST", CURRENT) == []


def test_a_caller_at_the_keypad_is_not_recorded_and_a_pause_of_the_representatives_outlasts_it(
    talking: Talking,
) -> None:
    office = talking.office
    pause_recording(office.telephone, talking.talk, talking.staff)
    pause_at_keypad(office.telephone, talking.talk)
    now = office.clock.now()

    def check(connection: Any) -> None:
        code = {"recipient": "+919830012345", "language": "bn", "template": "t", "body": "b", "purpose": "code"}
        text = insert(Message).values(**code, created_at=now).returning(Message.id)
        message = connection.execute(text).scalar_one()
        check_id = begin_check(connection, talking.talk, talking.call, "+919830012345", message, now)
        assert check_id is not None
        end_check(connection, check_id, "right", now)

    office.store.write(check)
    send_commands(office.telephone)
    assert [one.ended_by for one in office.rows(RecordingPause)] == [None, "keypad"]
    assert [one.form["Status"] for one in office.network.requests("POST", CURRENT)] == ["paused", "paused"]
    resume_recording(office.telephone, talking.talk, talking.staff)
    assert office.network.requests("POST", CURRENT)[-1].form == {"Status": "in-progress"}


def test_a_recording_that_ends_ends_its_pause(talking: Talking) -> None:
    pause_recording(talking.office.telephone, talking.talk, talking.staff)
    talking.told("completed")
    assert talking.office.row(RecordingPause).ended_by == "talk_over"


def test_its_time_over_the_sound_is_deleted_and_the_row_stays(talking: Talking) -> None:
    office = talking.office
    row = talking.stored()
    keep = office.telephone.config.recording_keep_days
    office.clock.advance(timedelta(days=keep).total_seconds() - 1)
    assert sweep_recordings(office.telephone) == 0
    office.clock.advance(2)
    assert sweep_recordings(office.telephone) == 1
    assert talking.row.state == "expiring"
    assert tend_recording(office.telephone, row.id)
    assert (talking.row.state, talking.row.expired_at, talking.row.name) == ("expired", office.clock.now(), None)
    assert list(office.telephone.config.recordings_dir.iterdir()) == []
    assert sweep_recordings(office.telephone) == 0
    assert talking.row.left_network_at == office.clock.now()
    assert len(office.network.requests("DELETE", f"/Recordings/{SID}")) == 1


def test_no_recording_counts_as_expired_while_the_network_still_has_it(talking: Talking) -> None:
    office = talking.office
    row = talking.stored()
    office.clock.advance(timedelta(days=office.telephone.config.recording_keep_days, seconds=1).total_seconds())
    sweep_recordings(office.telephone)
    office.network.refuse("DELETE", f"/Recordings/{SID}", 503, 20503)
    assert tend_recording(office.telephone, row.id)
    assert (talking.row.state, talking.row.error) == ("expiring", "network")
    office.clock.advance(PAUSES[0])
    assert tend_recording(office.telephone, row.id)
    assert talking.row.state == "expired"


def test_a_file_that_no_row_tells_of_goes_too(talking: Talking) -> None:
    """Its worker was killed when the file stood and the row did not say so."""
    office = talking.office
    row = talking.stored()
    lost = {"state": "failed", "name": None, "stored_at": None, "digest": None}
    office.store.write(lambda c: c.execute(update(TalkRecording).values(**lost)))
    office.clock.advance(timedelta(days=office.telephone.config.recording_keep_days, seconds=1).total_seconds())
    sweep_recordings(office.telephone)
    assert tend_recording(office.telephone, row.id)
    assert list(office.telephone.config.recordings_dir.iterdir()) == []


def test_a_recording_that_is_fetched_twice_makes_one_file(talking: Talking) -> None:
    """The second worker begins while the first one fetches: that one was thought to be dead."""
    office = talking.office
    recording_id = talking.told("completed")
    assert recording_id is not None

    def second() -> None:
        office.clock.advance(IN_HAND.total_seconds() + 1)
        assert tend_recording(office.telephone, recording_id)

    office.network.replies["GET", FILE] = [(200, wav()), (200, wav())]
    office.network.meanwhile["GET", FILE] = second
    assert tend_recording(office.telephone, recording_id)
    [file] = office.telephone.config.recordings_dir.iterdir()
    assert file.stem == talking.row.name == f"talk-{recording_id}-{SID}"
    assert talking.row.state == "stored"


def test_what_is_held_for_a_dispute_outlasts_its_time(talking: Talking) -> None:
    office = talking.office
    talking.stored()
    held = {"held_at": office.clock.now(), "held_by": talking.staff, "held_reason": "disputed"}
    office.store.write(lambda c: c.execute(update(TalkRecording).values(**held)))
    office.clock.advance(timedelta(days=400).total_seconds())
    assert sweep_recordings(office.telephone) == 0
    office.store.write(lambda c: c.execute(update(TalkRecording).values(held_at=None)))
    assert sweep_recordings(office.telephone) == 1


@pytest.mark.parametrize("said_by", ["the call that took it", "the line's own call", "a representative who rang"])
def test_the_talk_about_a_complaint_under_appeal_is_kept(talking: Talking, said_by: str) -> None:
    office = talking.office
    talking.stored()
    talking.over()
    now = office.clock.now()

    def complain(session: Session) -> None:
        seed(session, now)
        complaint = register(session, now)
        complaint.state = "appealed"
        asked = FeedbackCall(
            complaint_id=complaint.id, event_n=1, number=MOBILE, language="bn", state="done", created_at=now
        )
        session.add(asked)
        session.flush()
        if said_by == "the call that took it":
            complaint.call_sid = talking.call
        elif said_by == "the line's own call":
            asked.call_sid = talking.call
        else:
            session.execute(update(Talk).values(feedback_id=asked.id))

    office.store.transact(complain)
    office.clock.advance(timedelta(days=office.telephone.config.recording_keep_days, seconds=1).total_seconds())
    assert sweep_recordings(office.telephone) == 0
    assert talking.row.state == "stored"
    decided = update(Complaint).values(state="closed")
    office.store.write(lambda c: c.execute(decided))
    assert sweep_recordings(office.telephone) == 1
    assert talking.row.state == "expiring"


def test_an_appeal_that_comes_while_recordings_are_given_up_keeps_its_own(talking: Talking) -> None:
    office = talking.office
    row = talking.stored()

    def complain(session: Session) -> None:
        seed(session, office.clock.now())
        register(session, office.clock.now()).call_sid = talking.call
        session.execute(update(Complaint).values(state="appealed"))

    office.store.transact(complain)
    office.store.write(lambda c: _give_up(c, [row.id], office.clock.now()))
    assert talking.row.state == "stored"
