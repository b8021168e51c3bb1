"""Which sound a unit of speech is given: its own, and where a slow one is missing, the usual one."""

from pathlib import Path

from audio.store import SoundStore
from audio.voices import slowly
from ivr.addresses import Addresses
from ivr.joined import Sealer
from ivr.sounds import KnownSounds


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
    for _ in range(2):
        assert fresh("en", "seven") == f"https://x.example/sounds/{usual}.wav"
