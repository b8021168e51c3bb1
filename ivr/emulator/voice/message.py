"""What a caller says into a <Record>, kept as it was said."""

import numpy as np

from ivr.emulator.call import Call
from ivr.emulator.voice.block import SECONDS, Samples
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.voice.wav_file import as_wav

_SPEECH = 250  # mean of the samples' size: a quiet room is below, a soft voice above
_GOES_ON = 0.4  # seconds: pauses within words are no silence
_TELEPHONE_RATE = 8000


class VoiceMessage:
    """Listens from now on, and tells the call whenever its caller speaks."""

    def __init__(self, mixer: Mixer, call: Call) -> None:
        self._mixer = mixer
        self._call = call
        self._blocks: list[Samples] = []
        self._tap = mixer.tap_voices(lambda: [call], self._take)

    def end(self) -> None:
        """A second time changes nothing."""
        self._mixer.untap(self._tap)

    def wav(self, begin: float, seconds: float) -> bytes:
        """So many seconds of it, `begin` seconds after its start, at the rate of telephones."""
        first = round(begin / SECONDS)
        blocks = self._blocks[first : first + round(seconds / SECONDS)]
        if not blocks:
            return b""
        halved = np.concatenate(blocks).reshape(-1, 2).mean(axis=1).astype(np.int16)
        return as_wav(halved, _TELEPHONE_RATE)

    def _take(self, _at: float, block: Samples) -> None:
        self._blocks.append(block)
        if np.abs(block.astype(np.int32)).mean() > _SPEECH:
            self._call.speak(_GOES_ON)
