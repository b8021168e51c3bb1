"""Every clip of the shipped menus in the three languages, measured as it stands in the store.

Rendered into the folder that the running lines of the tests share, so that it is rendered once for all of them.
"""

import numpy as np
import pytest
import soundfile

from audio.store import SoundStore
from audio.telephone import CEILING, RATE, TARGET, Samples, loudness
from audio.voices import at_usual_pace
from flows.loader import load_flow, read_source
from ivr.publishing import SHIPPED, wanted_sounds
from tests.line import SOUNDS, render_sounds

pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")

_STEP = 0.06  # of a sample near full scale: mu-law has no finer ones
_CLICK = 0.01


def test_every_clip_is_telephone_sound() -> None:
    wanted = sorted(set(wanted_sounds(load_flow("helpline", read_source(SHIPPED)))))
    store = SoundStore(SOUNDS)
    render_sounds()
    faults = {unit: found for unit in wanted if (found := _faults(store, store.name_of(unit[1], unit[0])))}
    assert faults == {}
    assert {at_usual_pace(language) for language, _ in wanted} == {"bn", "en", "hi"}
    assert len(wanted) > 1000


def _faults(store: SoundStore, name: str) -> list[str]:
    with store.open(name) as file:
        sound = soundfile.SoundFile(file)
        kind = (sound.format, sound.subtype, sound.samplerate, sound.channels)
        samples = sound.read(dtype="float64")
    loud, seconds, share = loudness(samples), samples.size / RATE, _share_in_band(samples)
    told = store.seconds(name)
    measured = {
        f"is {kind}": kind == ("WAV", "ULAW", RATE, 1),
        f"lasts {seconds} s, not {told}": abs(seconds - told) <= 0.03 * told,
        f"has {loud:.2f} dBFS": seconds < 0.4 or abs(loud - TARGET) <= 1.0,
        f"has {share:.4f} of its energy in the band": share >= 0.99,
        "is clipped": np.abs(samples).max() <= 10 ** (CEILING / 20) + _STEP / 2,
        "begins or ends with a click": np.abs(samples[[0, -1]]).max() < _CLICK,
    }
    return [fault for fault, well in measured.items() if not well]


def _share_in_band(samples: Samples) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequencies = np.fft.rfftfreq(samples.size, 1 / RATE)
    return float(power[(frequencies >= 300) & (frequencies <= 3400)].sum() / power.sum())
