"""Every clip that the product plays is measured here as it stands in the store."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio import music
from audio.pace import measure_pace
from audio.render import render_missing
from audio.store import SoundStore
from audio.synthesizer import CannotRender
from audio.telephone import RATE, TARGET, loudness
from audio.voices import UnknownLanguage, slowly
from ivr.emulator.wav import words_in

pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")

WANTED = [
    ("bn", "নমস্কার। অভিযোগ হেল্পলাইন।"),
    ("bn", "বাংলার জন্য ১ টিপুন।"),
    ("bn", "রেশনের জন্য"),
    ("bn", "সাত"),
    ("hi", "नमस्ते, शिकायत हेल्पलाइन।"),
    ("hi", "हिंदी के लिए 3 दबाएँ।"),
    ("hi", "पुलिस उत्पीड़न के लिए"),
    ("en", "Welcome to the complaints helpline. This call is recorded."),
    ("en", "For English, press 2."),
    ("en", "seventeen"),
    ("en", "."),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SoundStore:
    store = SoundStore(tmp_path_factory.mktemp("sounds"))
    assert render_missing(store, WANTED) == len(WANTED)
    return store


@pytest.mark.parametrize(("language", "text"), WANTED)
def test_each_clip_is_telephone_sound(store: SoundStore, language: str, text: str) -> None:
    name = store.name_of(text, language)
    about = soundfile.info(store.open(name))
    samples, _ = soundfile.read(store.open(name))

    assert (about.format, about.subtype, about.samplerate, about.channels) == ("WAV", "ULAW", RATE, 1)
    assert store.seconds(name) == pytest.approx(samples.size / RATE)
    assert np.abs(samples).max() < 0.9
    assert np.abs(samples[[0, -1]]).max() < 0.01
    if samples.size >= 0.4 * RATE and text != ".":
        assert loudness(samples) == pytest.approx(TARGET, abs=1.0)
        assert _share_in_band(samples) > 0.99


@pytest.mark.parametrize(("language", "text"), [("bn", "সাত"), ("en", "seven"), ("hi", "सात")])
def test_a_slow_clip_is_slower_and_leaves_time_to_write(store: SoundStore, language: str, text: str) -> None:
    slow = slowly(language)
    render_missing(store, [(language, text), (slow, text)])
    usual_name, slow_name = store.name_of(text, language), store.name_of(text, slow)
    samples, _ = soundfile.read(store.open(slow_name))
    silence = samples.size - 1 - np.flatnonzero(np.abs(samples) > 0.01)[-1]
    assert silence >= 0.4 * RATE
    assert (samples.size - silence) / RATE > 1.1 * store.seconds(usual_name)
    assert loudness(samples) == pytest.approx(TARGET, abs=1.0)
    with store.open(slow_name) as file:
        assert words_in(file.read()) == (text, language)


@pytest.mark.parametrize(("language", "text"), WANTED)
def test_each_clip_carries_its_words(store: SoundStore, language: str, text: str) -> None:
    with store.open(store.name_of(text, language)) as file:
        assert words_in(file.read()) == (text, language)


def test_hold_music_and_tone_are_in_the_store(store: SoundStore) -> None:
    for name in (*music.sections_of("hold_music"), music.RECORD_TONE):
        samples, rate = soundfile.read(store.open(name))
        assert rate == RATE
        assert 0.05 < np.abs(samples).max() < 0.9
        assert store.seconds(name) <= 8.0
    with pytest.raises(music.UnknownMusic, match="There is hold_music"):
        music.sections_of("brass_band")


def test_only_what_is_missing_is_rendered(store: SoundStore) -> None:
    name = store.name_of(*reversed(WANTED[0]))
    store.remove(name)
    seen: list[tuple[int, int]] = []

    assert render_missing(store, WANTED, progress=lambda done, total: seen.append((done, total))) == 1
    assert seen == [(1, 1)]
    assert render_missing(store, WANTED, speak=["/nowhere/speak"]) == 0


def test_broken_off_it_goes_on_where_it_was(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    store = SoundStore(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        render_missing(store, WANTED, progress=stop)
    left = sum(not store.has(store.name_of(text, language)) for language, text in WANTED)
    assert 0 < left < len(WANTED)
    assert render_missing(store, WANTED) == left


def test_pace_is_a_likely_one(store: SoundStore) -> None:
    pace = measure_pace(store, WANTED)
    assert set(pace) == {"bn", "hi", "en"}
    assert all(1.0 < words < 4.0 for words in pace.values())


def test_without_synthesizer_one_plain_error(tmp_path: Path) -> None:
    with pytest.raises(CannotRender, match="/nowhere/speak cannot be started"):
        render_missing(SoundStore(tmp_path), WANTED, speak=["/nowhere/speak"])


def test_without_its_library_one_plain_error(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['espeakng_loader'] = None; from audio.speak import main; sys.exit(main())"
    store = SoundStore(tmp_path)
    with pytest.raises(CannotRender, match="Install the extra `speech`"):
        render_missing(store, WANTED, speak=[sys.executable, "-c", hide])
    assert store.has(music.RECORD_TONE)


def test_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage, match="There are voices for bn, en, hi"):
        render_missing(SoundStore(tmp_path), [("fr", "bonjour")])


def _share_in_band(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequencies = np.fft.rfftfreq(samples.size, 1 / RATE)
    return float(power[(frequencies >= 300) & (frequencies <= 3400)].sum() / power.sum())
