"""Samples as a WAV file."""

import io
import wave

from ivr.emulator.voice.block import RATE, Samples


def as_wav(samples: Samples, rate: int = RATE) -> bytes:
    """16 bit, one channel."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()
