"""Which sound a unit of speech is given: the best there is, and where a slow one is missing, the usual one."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from audio.names import online_name
from audio.shelf import Folder, ShelfAway
from audio.store import SoundStore
from audio.telephone import RATE, encode
from audio.voices import slowly
from ivr import known_sounds as module
from ivr.addresses import Addresses
from ivr.joined import Sealer
from ivr.known_sounds import KnownSounds
from ivr.sounds import sounds as sounds_blueprint
from tests.audio.test_take import voice


def known(store: SoundStore) -> KnownSounds:
    return KnownSounds(store, Addresses("https://x.example"), Sealer("secret"))


def test_a_missing_slow_sound_is_said_at_the_usual_pace_by_the_same_voice(tmp_path: Path) -> None:
    store = SoundStore(tmp_path)
    usual, slow = store.name_of("seven", "en"), store.name_of("seven", slowly("en"))
    assert usual != slow
    sounds = known(store)
    assert sounds(slowly("en"), "eight") is None
    store.put(usual, b"RIFF")
    for _ in range(2):
        assert sounds(slowly("en"), "seven") == f"https://x.example/sounds/{usual}.wav"
    store.put(slow, b"RIFF")
    fresh = known(store)
    assert fresh(slowly("en"), "seven") == f"https://x.example/sounds/{slow}.wav"
    assert fresh("en", "seven") == f"https://x.example/sounds/{usual}.wav"


def test_a_better_voice_is_heard_once_it_is_there_and_the_disk_is_not_asked_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    store = SoundStore(tmp_path, online=True)
    offline, online = store.name_of("ration", "en"), online_name("ration", "en")
    store.put(offline, b"RIFF")
    sounds = known(store)
    assert sounds("en", "ration") == f"https://x.example/sounds/{offline}.wav"
    store.put(online, b"RIFF")
    assert sounds("en", "ration") == f"https://x.example/sounds/{offline}.wav"
    now = 11.0
    assert sounds("en", "ration") == f"https://x.example/sounds/{online}.wav"
    take = store.add_take("ration", "en", encode(voice(rate=RATE)))
    now = 22.0
    assert sounds("en", "ration") == f"https://x.example/sounds/{take}.wav"
    assert take.startswith("recorded-")
    slow = sounds(slowly("en"), "ration") or ""
    assert "/sounds/recorded-" in slow
    assert take not in slow


def test_in_a_turn_the_disk_is_not_asked_about_what_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SoundStore(tmp_path)
    store.put(store.name_of("ration", "en"), b"RIFF")
    sounds = known(store)
    units = [("en", "ration"), ("en", "not rendered"), ("xx", "no voice"), (slowly("en"), "ration")]
    before = [sounds(*unit) for unit in units]
    monkeypatch.setattr(store, "shelf", None)  # whoever touches it fails
    assert [sounds(*unit) for unit in units] == before


class Away(Folder):
    """A shelf behind a network that is down."""

    def read(self, name: str) -> bytes | None:
        raise ShelfAway("The sound store does not answer.")


@pytest.mark.parametrize(("shelf", "status"), [(Folder, 200), (Away, 503)])
def test_a_sound_is_kept_for_ever_and_its_absence_is_not(tmp_path: Path, shelf: type[Folder], status: int) -> None:
    store = SoundStore(shelf(tmp_path))
    name = store.name_of("ration", "en")
    store.put(name, b"RIFF")
    waited: list[bool] = []
    database = SimpleNamespace(before_waiting=lambda: waited.append(True))
    app = Flask("sounds")
    app.register_blueprint(sounds_blueprint)
    app.extensions["telephone"] = SimpleNamespace(sounds=store, store=database)
    answer = app.test_client().get(f"/sounds/{name}.wav")
    assert answer.status_code == status
    assert ("immutable" in answer.headers.get("Cache-Control", "")) == (status == 200)
    assert waited == [True]
    if status == 200:
        again = app.test_client().get(f"/sounds/{name}.wav", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert app.test_client().get("/sounds/online-" + "0" * 64 + ".wav").status_code == 404
