"""The filter and the level, on tones whose right answer is known."""

import io

import numpy as np
import pytest
import soundfile

from audio.telephone import RATE, TARGET, encode, limit_band, loudness, to_telephone

RATES = [8000, 16000, 22050, 24000, 44100, 48000]


def tone(frequency: float, rate: int, seconds: float = 1.0, size: float = 0.5) -> np.ndarray:
    return size * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def decibels(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-30))


def power_at(samples: np.ndarray, frequency: float) -> float:
    """Power of one frequency relative to full scale, in dB."""
    window = np.hanning(samples.size)
    at = np.exp(-2j * np.pi * frequency * np.arange(samples.size) / RATE)
    return float(20 * np.log10(2 * np.abs(np.sum(samples * window * at)) / np.sum(window) + 1e-12))


@pytest.mark.parametrize("rate", RATES[1:])
def test_a_tone_above_the_band_is_gone(rate: int) -> None:
    assert decibels(limit_band(tone(6000, rate), rate)[400:-400]) < -60


@pytest.mark.parametrize("rate", RATES[1:])
def test_a_tone_above_the_band_is_not_made_loud_again(rate: int) -> None:
    assert decibels(to_telephone(tone(6000, rate), rate)) < -60


@pytest.mark.parametrize("rate", RATES[1:])
def test_a_tone_above_the_band_leaves_no_alias_in_the_file(rate: int) -> None:
    wav = encode(to_telephone(tone(1000, rate) + tone(6000, rate), rate))
    samples, _ = soundfile.read(io.BytesIO(wav))
    assert power_at(samples, 2000) < -60
    assert power_at(samples, 1000) > -20


@pytest.mark.parametrize("frequency", [50, 150, 250])
def test_hum_is_gone(frequency: float) -> None:
    assert decibels(limit_band(tone(frequency, 22050), 22050)[400:-400]) < -50


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frequency", [400, 1000, 3300])
def test_the_band_passes_unchanged(frequency: float, rate: int) -> None:
    passed = limit_band(tone(frequency, rate), rate)
    assert passed.size == RATE
    assert decibels(passed[400:-400]) == pytest.approx(decibels(tone(frequency, rate)), abs=0.1)


@pytest.mark.parametrize("size", [0.02, 0.2, 0.99])
def test_loud_and_soft_become_equally_loud(size: float) -> None:
    beats = tone(700, 22050, size=size) * (1 + tone(4, 22050))
    assert loudness(to_telephone(beats, 22050)) == pytest.approx(TARGET, abs=1.0)


def test_silence_around_is_cut_and_the_pause_within_stays() -> None:
    silence = np.zeros(22050)
    clip = np.concatenate([silence, tone(1000, 22050), silence, tone(1000, 22050), silence])
    assert to_telephone(clip, 22050).size / RATE == pytest.approx(3.0, abs=0.1)


def test_what_has_no_sound_still_plays() -> None:
    for nothing in (np.zeros(0), np.zeros(22050)):
        made = to_telephone(nothing, 22050)
        assert made.size == RATE // 10
        assert not made.any()


def test_noise_of_an_empty_line_is_not_made_loud() -> None:
    hiss = 1e-6 * np.random.default_rng(1).standard_normal(22050)
    assert decibels(to_telephone(hiss, 22050)) < -60
