import unicodedata
from pathlib import Path

import pytest

from audio.store import SoundStore, UnknownSound


def test_a_name_says_words_language_and_voice(tmp_path: Path) -> None:
    store = SoundStore(tmp_path)
    name = store.name_of("ration", "en")

    assert len(name) == 64
    assert store.name_of(" ration \n", "en-IN") == name
    assert store.name_of("Ration", "en") != name
    assert store.name_of("ration", "hi") != name


def test_both_spellings_of_a_letter_are_one_name(tmp_path: Path) -> None:
    store = SoundStore(tmp_path)
    word = "অভিযোগ ড়"
    assert store.name_of(unicodedata.normalize("NFD", word), "bn") == store.name_of(word, "bn")


def test_what_is_put_is_read_back(tmp_path: Path) -> None:
    store = SoundStore(tmp_path / "new")
    name = store.name_of("ration", "en")
    assert not store.has(name)
    store.put(name, b"RIFF")
    store.put(name, b"RIFF")

    assert store.has(name)
    with store.open(name) as file:
        assert file.read() == b"RIFF"
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"{name}.wav"]


@pytest.mark.parametrize("name", ["", "../secret", "A" * 64, "0" * 63, "0" * 64 + "\n", "spoken-" + "0" * 64])
def test_what_is_no_name_reaches_no_file(tmp_path: Path, name: str) -> None:
    store = SoundStore(tmp_path)
    for use in (store.has, store.open, store.seconds, store.remove):
        with pytest.raises(UnknownSound):
            use(name)


def test_a_missing_sound_says_the_mend(tmp_path: Path) -> None:
    with pytest.raises(UnknownSound, match="Render the prompts"):
        SoundStore(tmp_path).open("0" * 64)
