"""The recordings' pages: who may listen, with which reason, for how long, and what is kept of it; on both stores."""

import hashlib
import re
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from ivr.recorded.shelf import recordings_of
from models.audit_entry import AuditEntry
from models.complaint import Complaint
from models.draft import Draft
from models.recording_pause import RecordingPause
from models.staff import Staff
from models.talk import Talk
from models.talk_recording import TalkRecording
from models.transfer import Transfer
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.test_drafts import FORM
from tests.ivr.test_recordings import wav

SID = "RE" + "d" * 32
CURRENT = "/Conferences/CF1/Recordings/Twilio.CURRENT"


def recorded(desk: Desk, login: str = "asha", *, content: bytes = wav(4.0)) -> int:
    """A talk of this person's with its recording in the store."""
    staff_id = desk.row(Staff, login=login).id
    talk_id, call_sid = desk.talk(desk.client(login), staff_id)
    name, now = f"talk-{talk_id}", desk.clock.now()
    recordings_of(desk.telephone.config).put(name, content)
    row: dict[str, Any] = {"talk_id": talk_id, "call_sid": call_sid, "sid": f"RE{talk_id:032d}", "state": "stored"}
    row |= {"created_at": now, "began_at": now, "seconds": 4, "name": name, "stored_at": now}
    row["digest"] = hashlib.sha256(content).hexdigest()
    return desk.store.write(
        lambda connection: int(
            connection.execute(insert(TalkRecording).values(**row).returning(TalkRecording.id)).scalar_one()
        )
    )


@pytest.fixture
def one(desk: Desk) -> int:
    desk.employ("asha")
    desk.employ("bimal")
    desk.employ("boss", "supervisor")
    desk.employ("root", "admin")
    return recorded(desk)


def acts(desk: Desk, action: str) -> list[tuple[str, str, str]]:
    return [(row.actor, row.subject, row.data["reason"]) for row in desk.rows(AuditEntry, action=action)]


def test_the_sound_opens_with_a_reason_which_is_accounted_for(desk: Desk, one: int) -> None:
    boss = desk.client("boss")
    assert boss.get(f"/desk/recordings/{one}/sound").status_code == 403
    assert boss.post(f"/desk/recordings/{one}/open", reason=" ").status_code == 302
    assert acts(desk, "recording_played") == []
    assert "Write why you listen" in boss.get(f"/desk/recordings/{one}").text
    boss.post(f"/desk/recordings/{one}/open", reason="The citizen says nobody asked")
    heard = boss.get(f"/desk/recordings/{one}/sound")
    assert (heard.status_code, heard.data, heard.mimetype) == (200, wav(4.0), "audio/wav")
    assert heard.headers["Cache-Control"] == "private, no-store"
    assert acts(desk, "recording_played") == [("staff:3", f"recording:{one}", "The citizen says nobody asked")]
    part = boss.client.get(f"/desk/recordings/{one}/sound", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")
    desk.clock.advance(15 * 60 + 1)
    assert boss.get(f"/desk/recordings/{one}/sound").status_code == 403


def test_one_reason_opens_one_recording(desk: Desk, one: int) -> None:
    other = recorded(desk, "bimal")
    boss = desk.client("boss")
    boss.post(f"/desk/recordings/{one}/open", reason="complaint")
    assert boss.get(f"/desk/recordings/{other}/sound").status_code == 403


def test_a_representative_hears_their_own_talks_of_today_and_no_others(desk: Desk, one: int) -> None:
    asha, bimal = desk.client("asha"), desk.client("bimal")
    assert f"/desk/recordings/{one}" in asha.get("/desk/recordings").text
    asha.post(f"/desk/recordings/{one}/open", reason="to hear the house number again")
    assert asha.get(f"/desk/recordings/{one}/sound").status_code == 200
    assert "no recorded talk today" in bimal.get("/desk/recordings").text
    assert bimal.get(f"/desk/recordings/{one}").status_code == 404
    assert bimal.post(f"/desk/recordings/{one}/open", reason="curious").status_code == 404
    desk.clock.advance(24 * 3600)
    assert asha.get(f"/desk/recordings/{one}").status_code in (302, 404)


def test_whoever_takes_a_caller_over_hears_the_whole_talk_and_whoever_was_only_asked_does_not(
    desk: Desk, one: int
) -> None:
    """The recording stands under the first talk, of asha; bimal takes over, then chitra; dolly is only consulted."""
    for login in ("chitra", "dolly"):
        desk.employ(login)
    first, now = desk.row(TalkRecording).talk_id, desk.clock.now()

    def hand_on(connection: Any, from_talk: int, login: str, state: str) -> int:
        staff_id = connection.execute(select(Staff.id).where(Staff.login == login)).scalar_one()
        talk = {"staff_id": staff_id, "conference": login, "created_at": now, "call_sid": "CA1", "state": "ended"}
        talk_id = int(connection.execute(insert(Talk).values(**talk).returning(Talk.id)).scalar_one())
        handed = {"talk_id": from_talk, "guest_talk_id": talk_id, "asked_by": 1, "to_staff": staff_id, "kind": "warm"}
        connection.execute(insert(Transfer).values(**handed, state=state, made_at=now, expires_at=now, ended_at=now))
        return talk_id

    second = desk.store.write(lambda connection: hand_on(connection, first, "bimal", "done"))
    desk.store.write(lambda connection: hand_on(connection, second, "chitra", "done"))
    desk.store.write(lambda connection: hand_on(connection, second, "dolly", "failed"))
    for login, status in (("asha", 200), ("bimal", 200), ("chitra", 200), ("dolly", 404)):
        assert desk.client(login).get(f"/desk/recordings/{one}").status_code == status, login
    assert f"/desk/recordings/{one}" in desk.client("chitra").get("/desk/recordings").text
    chitra, dolly = (desk.row(Staff, login=login).id for login in ("chitra", "dolly"))
    boss = desk.client("boss")
    assert f"/desk/recordings/{one}" in boss.get("/desk/recordings", who=str(chitra)).text
    assert f"/desk/recordings/{one}" not in boss.get("/desk/recordings", who=str(dolly)).text


def test_the_list_is_filtered_and_numbers_are_masked(desk: Desk, one: int) -> None:
    root = desk.client("root")
    shown = root.get("/desk/recordings").text
    assert "Asha" in shown
    assert not re.search(r"\+?91?98300\d{5}", shown)
    assert "98•••••" in shown
    for query in ({"who": "2"}, {"queue": "elsewhere"}, {"reference": "26000000000"}, {"until": "2026-03-01"}):
        assert "No recording fits" in root.get("/desk/recordings", **query).text, query
    assert f"/desk/recordings/{one}" in root.get("/desk/recordings", who="1", queue="helpline").text


def test_a_complaint_leads_to_the_recording_of_its_call(desk: Desk, one: int) -> None:
    bimal = desk.client("bimal")
    bimal.act("/desk/drafts")
    assert bimal.act(f"/desk/drafts/{desk.row(Draft).id}/register", **FORM).status_code == 200
    reference = desk.row(Complaint).reference
    boss = desk.client("boss")
    assert "Recordings of its call" not in boss.get(f"/desk/complaints/{reference}").text
    call = desk.row(TalkRecording).call_sid
    desk.store.write(lambda connection: connection.execute(update(Complaint).values(call_sid=call)))
    assert f"/desk/recordings?reference={reference}" in boss.get(f"/desk/complaints/{reference}").text
    assert f"/desk/recordings/{one}" in boss.get("/desk/recordings", reference=reference).text


def test_a_file_that_is_not_the_one_fetched_is_not_played(desk: Desk, one: int) -> None:
    recordings_of(desk.telephone.config).put(desk.row(TalkRecording).name, wav(2.0))
    boss = desk.client("boss")
    boss.post(f"/desk/recordings/{one}/open", reason="complaint")
    assert boss.get(f"/desk/recordings/{one}/sound").status_code == 409


def test_a_hold_keeps_it_and_is_let_go_again(desk: Desk, one: int) -> None:
    boss = desk.client("boss")
    boss.post(f"/desk/recordings/{one}/hold", reason="")
    assert desk.row(TalkRecording).held_at is None
    boss.post(f"/desk/recordings/{one}/hold", reason="disputed, 26-482-173-059")
    assert desk.row(TalkRecording).held_reason == "disputed, 26-482-173-059"
    assert "by Boss: disputed" in boss.get(f"/desk/recordings/{one}").text
    boss.post(f"/desk/recordings/{one}/release")
    boss.post(f"/desk/recordings/{one}/release")
    assert desk.row(TalkRecording).held_at is None
    assert len(desk.rows(AuditEntry, action="recording_held")) == 1
    assert len(desk.rows(AuditEntry, action="recording_released")) == 1


def test_what_is_expired_says_since_when_and_cannot_be_held_or_heard(desk: Desk, one: int) -> None:
    gone = {"state": "expired", "expired_at": desk.clock.now(), "name": None}
    desk.store.write(lambda connection: connection.execute(update(TalkRecording).values(**gone)))
    boss = desk.client("boss")
    assert "The sound expired on Mon 2 Mar 2026" in boss.get(f"/desk/recordings/{one}").text
    boss.post(f"/desk/recordings/{one}/open", reason="complaint")
    assert boss.get(f"/desk/recordings/{one}/sound").status_code == 403
    boss.post(f"/desk/recordings/{one}/hold", reason="too late")
    assert desk.row(TalkRecording).held_at is None


def test_only_the_page_of_a_recording_may_draw_it(desk: Desk, one: int) -> None:
    boss = desk.client("boss")
    policy = boss.get(f"/desk/recordings/{one}").headers["Content-Security-Policy"]
    assert "media-src 'self' blob:" in policy
    assert re.search(r"style-src 'self' 'nonce-[^']{16,}'", policy)
    elsewhere = boss.get("/desk/recordings").headers["Content-Security-Policy"]
    assert "blob:" not in elsewhere
    assert "style-src 'self';" in elsewhere + ";"


def test_the_desk_shows_what_the_network_told_and_pauses(desk: Desk) -> None:
    asha_id = desk.employ("asha")
    asha = desk.client("asha")
    talk_id, call_sid = desk.talk(asha, asha_id)
    address = f"/desk/talks/{talk_id}/recording"
    assert "Pause recording" not in asha.get("/desk/calls").text
    assert asha.act(f"{address}/pause").get_json()["error"] == "This talk is not being recorded."
    row = {"talk_id": talk_id, "call_sid": call_sid, "state": "expected", "created_at": desk.clock.now()}
    desk.store.write(lambda connection: connection.execute(insert(TalkRecording).values(**row)))
    assert 'id="recording-on"' not in asha.get("/desk/calls").text
    desk.store.write(lambda connection: connection.execute(update(TalkRecording).values(state="recording", sid=SID)))
    assert 'id="recording-on"' in asha.get("/desk/calls").text
    desk.network.conferences[desk.row(Talk).conference] = "CF1"
    desk.network.refuse("POST", CURRENT, 503, 20500)
    assert asha.act(f"{address}/pause").status_code == 424
    assert 'id="not-recording"' not in asha.get("/desk/calls").text
    assert asha.act(f"{address}/pause").status_code == 200
    shown = asha.get("/desk/calls").text
    assert 'id="not-recording"' in shown
    assert f"{address}/resume" in shown
    assert 'id="recording-on"' not in shown
    assert asha.act(f"{address}/resume").status_code == 200
    assert desk.row(RecordingPause).ended_by == "representative"
    assert 'id="recording-on"' in asha.get("/desk/calls").text
