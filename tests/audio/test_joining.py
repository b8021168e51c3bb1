"""Clips joined into one sound: nothing lost, nothing added but the silence between them."""

import io

import numpy as np
import pytest
import soundfile

from audio.joining import Clip, NotTelephoneSound, join_clips, read_clip
from audio.telephone import RATE, encode
from audio.words import add_words
from ivr.emulator.wav import words_in


def tone(frequency: float, seconds: float) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)


def clip_of(frequency: float, seconds: float, text: str = "") -> Clip:
    return read_clip(add_words(encode(tone(frequency, seconds)), text, "bn"))


def test_the_samples_stand_one_after_the_other_with_their_silences() -> None:
    first, second = clip_of(500, 0.2), clip_of(900, 0.301)
    samples, rate = soundfile.read(io.BytesIO(join_clips([(first, 30), (second, 0)])))
    about = soundfile.info(io.BytesIO(join_clips([(first, 30), (second, 0)])))
    assert (about.subtype, about.format, about.channels, rate) == ("ULAW", "WAV", 1, RATE)
    assert about.frames == 1600 + 2400 + 2408
    heard = [soundfile.read(io.BytesIO(encode(tone(*sound))))[0] for sound in ((500, 0.2), (900, 0.301))]
    assert np.array_equal(samples[:1600], heard[0])
    assert np.array_equal(samples[4000:], heard[1])
    assert not samples[1600:4000].any()


def test_an_odd_number_of_samples_is_padded_as_wav_files_are() -> None:
    odd = Clip(b"\x10" * 801, "এক", "bn")
    wav = join_clips([(odd, 0)])
    assert read_clip(wav) == odd
    assert len(wav) == 8 + int.from_bytes(wav[4:8], "little")


def test_a_joined_sound_notes_all_its_words() -> None:
    wav = join_clips([(clip_of(500, 0.1, "আপনার নম্বর"), 5), (clip_of(600, 0.1, "দুই"), 5), (clip_of(700, 0.1), 0)])
    assert words_in(wav) == ("আপনার নম্বর দুই", "bn")


def test_what_is_no_telephone_sound_is_refused() -> None:
    file = io.BytesIO()
    soundfile.write(file, tone(500, 0.1), RATE, format="WAV", subtype="PCM_16")
    faster = io.BytesIO()
    soundfile.write(faster, tone(500, 0.1), 16000, format="WAV", subtype="ULAW")
    for wav in (file.getvalue(), faster.getvalue(), b"", b"ID3", b"RIFF\x04\x00\x00\x00WAVE"):
        with pytest.raises(NotTelephoneSound):
            read_clip(wav)
