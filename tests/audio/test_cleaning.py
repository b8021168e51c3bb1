"""Only what nobody names goes, and never a person's work."""

import os
from pathlib import Path

from audio.cleaning import unneeded
from audio.music import HOLD_MUSIC
from audio.names import offline_name, online_name, recorded_name
from audio.render import make_sounds
from audio.store import SoundStore
from audio.telephone import RATE, encode
from audio.voices import slowly
from tests.audio.test_take import voice

DAY = 86_400.0


def age(folder: Path, name: str, at: float) -> None:
    os.utime(folder / f"{name}.wav", (at, at))


def test_what_is_named_is_young_or_newest_stays(tmp_path: Path) -> None:
    store = SoundStore(tmp_path)
    make_sounds(store)
    in_use, by_online, no_longer = offline_name("in use", "en"), online_name("in use", "en"), offline_name("was", "en")
    young, other_voice = offline_name("next menu", "en"), offline_name("in use", slowly("en"))
    for name in (in_use, by_online, no_longer, young, other_voice):
        store.put(name, b"RIFF")
    for name in store.refresh():
        age(tmp_path, name, 10 * DAY)
    age(tmp_path, young, 40 * DAY)
    listed = store.refresh()
    assert unneeded(listed, [("en", "in use")], 30 * DAY) == sorted([no_longer, other_voice])
    assert unneeded(listed, [], 5 * DAY) == []
    assert not set(unneeded(listed, [], 50 * DAY)) & set(HOLD_MUSIC)


def test_of_a_persons_takes_the_newest_stays_even_where_no_menu_says_it(tmp_path: Path) -> None:
    store = SoundStore(tmp_path)
    first, second = (encode(voice(seconds, rate=RATE)) for seconds in (1.0, 2.0))
    old, new = store.add_take("ration", "en", first), store.add_take("ration", "en", second)
    for name in store.refresh():
        age(tmp_path, name, 2 * DAY)
    age(tmp_path, old, DAY)
    age(tmp_path, recorded_name("ration", slowly("en"), first), DAY)
    assert SoundStore(tmp_path).find("ration", "en") == new
    gone = unneeded(store.refresh(), [], 30 * DAY)
    assert gone == sorted([old, recorded_name("ration", slowly("en"), first)])
    assert unneeded(store.refresh(), [("en", "ration")], 30 * DAY) == gone
