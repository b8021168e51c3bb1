"""Any sound to telephone sound: the band 300 to 3400 Hz at 8 kHz, equally loud, trimmed, faded, as mu-law WAV."""

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float64]  # one channel, 1.0 is full scale

RATE = 8000  # samples a second on the line
TARGET = -20.0  # dBFS, RMS of the active frames
CEILING = -1.0  # dBFS, the highest peak
FORMAT = "mulaw-8000-3"  # part of each clip's name: raise its number whenever this file changes the sound

_LOW, _HIGH = 300.0, 3400.0  # Hz
_SLOPE = 60.0  # Hz inside each edge of the band over which the filter opens
_FRAME = RATE // 50  # 20 ms
_ACTIVE = 30.0  # dB under the loudest frame: quieter frames are pauses
_AUDIBLE = 45.0  # dB under the loudest frame: an unvoiced consonant at the end of a word is this quiet
_MARGIN = RATE // 50  # kept before the first and after the last active frame
_SHORTEST = RATE // 10
_FADES = 125  # a fade is a 125th of a second: 8 ms
_MOST_GAIN = 30.0  # dB: a near-silent clip stays silent instead of becoming noise


def to_telephone(samples: Samples, rate: int) -> Samples:
    """Filter, decimate, trim, level and fade. `rate` is samples a second of the input."""
    # A sound that is cut off somewhere is a click there, and a click has a part in every band.
    narrow = trim(limit_band(fade(samples, rate), rate))
    if narrow.size == 0:
        return np.zeros(_SHORTEST)  # a full stop between two blanks has no sound, yet must play
    return fade(level(narrow))


def limit_band(samples: Samples, rate: int) -> Samples:
    """Pass 300 to 3400 Hz and decimate to 8 kHz in the frequency domain, so that nothing above folds back."""
    if samples.size == 0:
        return samples
    # Silence at both ends keeps the end of the clip from ringing into its beginning; a whole number of
    # common periods makes the length at both rates exact.
    period = rate // np.gcd(rate, RATE)
    padded = -(-(samples.size + rate // 4) // period) * period
    length = padded // period * (RATE // np.gcd(rate, RATE))
    spectrum = np.fft.rfft(samples, padded)[: length // 2 + 1]
    frequencies = np.arange(spectrum.size) * (rate / padded)
    narrow: Samples = np.fft.irfft(spectrum * _pass(frequencies), length) * (length / padded)
    return narrow[: -(-samples.size * RATE // rate)]


def loudness(samples: Samples) -> float:
    """RMS of the active 20 ms frames of an 8 kHz clip, in dBFS; minus infinity for silence."""
    active = active_frames(samples)
    if not active.any():
        return float("-inf")
    return float(10 * np.log10(_frame_power(samples)[active].mean()))


def active_frames(samples: Samples) -> NDArray[np.bool_]:
    """Which 20 ms frames of an 8 kHz clip are no pause."""
    power = _frame_power(samples)
    active: NDArray[np.bool_] = power > power.max(initial=0.0) * _ratio(-_ACTIVE) ** 2
    return active


def trim(samples: Samples) -> Samples:
    """Cut the silence before and after, leaving 20 ms."""
    power = _frame_power(samples)
    audible = np.flatnonzero(power > power.max(initial=0.0) * _ratio(-_AUDIBLE) ** 2)
    if audible.size == 0:
        return samples[:0]
    first = max(0, int(audible[0]) * _FRAME - _MARGIN)
    return samples[first : (int(audible[-1]) + 1) * _FRAME + _MARGIN]


def level(samples: Samples) -> Samples:
    """Bring the clip to the target loudness, its peaks held under the ceiling."""
    ceiling = _ratio(CEILING)
    for _ in range(8):  # holding the peaks takes a little loudness, which the next round gives back
        missing = TARGET - loudness(samples)
        if not np.isfinite(missing):
            return samples
        samples = _hold_peaks(samples * _ratio(min(missing, _MOST_GAIN)), ceiling)
        if missing < 0.1 or missing >= _MOST_GAIN:
            break
    return samples


def fade(samples: Samples, rate: int = RATE) -> Samples:
    """Fade the first and last 8 ms, so that clips join without a click."""
    length = min(rate // _FADES, samples.size // 2)
    if length == 0:
        return samples
    faded = samples.copy()
    ramp = np.sin(np.linspace(0.0, np.pi / 2, length)) ** 2
    faded[:length] *= ramp
    faded[-length:] *= ramp[::-1]
    return faded


def rest(samples: Samples, hundredths: int) -> Samples:
    """The clip with so many hundredths of a second of silence after it."""
    return np.pad(samples, (0, hundredths * RATE // 100))


def encode(samples: Samples) -> bytes:
    """An 8 kHz clip as a mu-law WAV file."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="ULAW")
    return file.getvalue()


def _pass(frequencies: Samples) -> Samples:
    rising = np.clip((frequencies - _LOW) / _SLOPE, 0.0, 1.0)
    falling = np.clip((_HIGH - frequencies) / _SLOPE, 0.0, 1.0)
    passed: Samples = np.sin(rising * np.pi / 2) ** 2 * np.sin(falling * np.pi / 2) ** 2
    return passed


def _frame_power(samples: Samples) -> Samples:
    whole = np.pad(samples, (0, -samples.size % _FRAME))
    power: Samples = np.mean(whole.reshape(-1, _FRAME) ** 2, axis=1)
    return power


def _hold_peaks(samples: Samples, ceiling: float) -> Samples:
    """Bend what is above three quarters of the ceiling towards it; leave the rest as it is."""
    knee = 0.75 * ceiling
    size = np.abs(samples)
    bent = knee + (ceiling - knee) * np.tanh((size - knee) / (ceiling - knee))
    held: Samples = np.where(size > knee, np.sign(samples) * bent, samples)
    return held


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
