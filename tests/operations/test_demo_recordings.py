"""The demonstration's talks that can be heard."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from config import Config
from ivr.line import open_telephone
from ivr.recorded.network_file import check_sound
from ivr.recorded.shelf import recordings_of
from models.call import Call
from models.demo import make_demo_week
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
