"""Sound files as samples of the mixer's rate."""

import io

import av
import numpy as np

from ivr.emulator.voice.block import RATE, Samples


def read_samples(file: bytes) -> Samples:
    """All of a sound file, of any kind that the library knows; nothing of what is no sound."""
    try:
        with av.open(io.BytesIO(file), "r") as sound:
            resampler = mono()
            frames = [each for frame in sound.decode(audio=0) for each in resampler.resample(frame)]
            frames += resampler.resample(None)
    except (av.FFmpegError, IndexError):
        return np.zeros(0, dtype=np.int16)
    return np.concatenate([samples_of(frame) for frame in frames]) if frames else np.zeros(0, dtype=np.int16)


def mono() -> av.AudioResampler:
    """Brings frames of any rate and number of channels to the mixer's; it keeps what it needs from one to the next."""
    return av.AudioResampler(format="s16", layout="mono", rate=RATE)


def samples_of(frame: av.AudioFrame) -> Samples:
    return frame.to_ndarray().reshape(-1).astype(np.int16, copy=False)
