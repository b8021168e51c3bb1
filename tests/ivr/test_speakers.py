"""The path of a call says who spoke in each turn."""

import json
from pathlib import Path

from audio.names import online_name
from audio.store import SoundStore
from audio.telephone import RATE, encode
from flows.values import Went
from ivr.addresses import Addresses
from ivr.joined import Sealer
from ivr.known_sounds import KnownSounds
from ivr.speakers import spoken_by
from ivr.speech import say_units
from ivr.walk import path_of
from tests.audio.test_take import voice

ADDRESSES = Addresses("https://x.example")


def test_each_speaker_is_counted(tmp_path: Path) -> None:
    store = SoundStore(tmp_path, online=True)
    store.put(store.name_of("one", "en"), b"RIFF")
    store.put(store.name_of("two", "en"), b"RIFF")
    store.put(online_name("two", "en"), b"RIFF")
    store.put(store.name_of("three", "en"), b"RIFF")
    store.add_take("three", "en", encode(voice(rate=RATE)))
    sounds = KnownSounds(store, ADDRESSES, Sealer("secret"))
    words = ("one", "two", "three", "one", "four", "five")
    document = say_units([("en", word) for word in words], sounds)
    assert spoken_by(document) == "recorded 1, online 1, offline 2, provider 1"
    assert spoken_by("<Response><Hangup/></Response>") == ""


def test_it_stands_in_the_path_after_what_happened() -> None:
    went = Went(3, "main_menu", "key 1", "category")
    document = f"<Play>{ADDRESSES.sound('0' * 64)}</Play>"
    assert json.loads(path_of([went], 4, document)) == [
        [3, "main_menu", "key 1", "category"],
        [4, "", "spoken", "offline 1"],
    ]
    assert json.loads(path_of([went])) == [[3, "main_menu", "key 1", "category"]]
