"""The demonstration's talks that can be heard."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from click.testing import CliRunner
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from agent_console.demo_staff import ensure_demo_staff
from app import main
from config import Config
from ivr.line import open_telephone
from ivr.recorded.network_file import check_sound
from ivr.recorded.shelf import recordings_of
from models.call import Call
from models.demo import make_demo_week
from models.presence import Presence
from models.recording_pause import RecordingPause
from models.seed import seed
from models.store import Store
from models.talk import Talk
from models.talk_recording import TalkRecording
from operations.demo_recordings import EACH, record_demo_talks

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
TRIED = "a talk that somebody had themselves, on the same machine"


def test_talks_of_each_language_have_a_sound_once_and_no_real_talk_has(sqlite_store: Store, tmp_path: Path) -> None:
    url = sqlite_store.url.render_as_string(hide_password=False)
    telephone = open_telephone(Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": url}))

    def fill(session: Session) -> None:
        seed(session, NOW)
        make_demo_week(session, NOW, Random(7))
        copied = session.scalars(select(Talk).order_by(Talk.id.desc()).limit(1)).one()
        values = {"call_sid": copied.call_sid, "staff_id": copied.staff_id, "state": "ended", "created_at": NOW}
        session.execute(insert(Talk).values(conference=TRIED, started_at=NOW, ended_at=NOW, **values))

    sqlite_store.transact(fill)
    assert record_demo_talks(telephone) == 3 * EACH
    assert record_demo_talks(telephone) == 0
    shelf = recordings_of(telephone.config)
    with sqlite_store.session() as session:
        rows = session.execute(
            select(TalkRecording, Call.language, Talk.conference)
            .join(Call, Call.sid == TalkRecording.call_sid)
            .join(Talk, Talk.id == TalkRecording.talk_id)
        ).all()
        assert Counter(row.language for row in rows) == {"bn": EACH, "hi": EACH, "en": EACH}
        for kept, _, conference in rows:
            content = shelf.read(kept.name or "")
            assert content is not None
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (kept.digest, kept.size)
            assert kept.seconds is not None
            assert check_sound(content, kept.seconds) == kept.seconds
            assert (kept.state, kept.next_try_at, conference == TRIED) == ("stored", None, False)
        assert len(session.scalars(select(RecordingPause)).all()) == 3
    telephone.store.close()


def test_no_week_is_made_up_while_somebody_is_with_a_caller(sqlite_store: Store, tmp_path: Path) -> None:
    url = sqlite_store.url.render_as_string(hide_password=False)
    environment = {"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": url}

    sqlite_store.transact(lambda session: seed(session, NOW))
    ensure_demo_staff(sqlite_store, NOW)
    in_talk = insert(Presence).values(staff_id=1, state="talk", since=NOW)
    sqlite_store.write(lambda connection: connection.execute(in_talk))
    told = CliRunner().invoke(main, ["demo-data"], env=environment)
    assert told.exit_code == 1
    assert "Somebody is with a caller." in told.output
    with sqlite_store.session() as session:
        assert session.scalar(select(func.count()).select_from(Talk)) == 0
