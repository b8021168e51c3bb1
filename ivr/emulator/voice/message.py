"""What a caller says into a <Record>, kept as it was said."""

import numpy as np

from ivr.emulator.call import Call
from ivr.emulator.voice.block import SECONDS, TELEPHONE_RATE, Samples, for_telephone
from ivr.emulator.voice.mixer import Mixer
from ivr.emulator.wav import as_wav

_SPEECH = 250  # mean of the samples' size: a quiet room is below, a soft voice above
_GOES_ON = 0.4  # seconds: pauses within words are no silence


class VoiceMessage:
    """Listens from now on, and tells the call whenever its caller speaks."""

    def __init__(self, mixer: Mixer, call: Call) -> None:
        self._mixer = mixer
        self._call = call
        self._blocks: list[Samples] = []
        self._spoke = False
        self._tap = mixer.tap_voices(lambda: [call], self._take)

    def end(self) -> None:
        """A second time changes nothing."""
        self._mixer.untap(self._tap)

    def wav(self, begin: float, seconds: float) -> bytes:
        """So many seconds of it, `begin` seconds after its start, at the rate of telephones; empty where nobody spoke.

        Then the page's own buttons said that somebody does: there is no microphone, and a tone stands for the words.
        """
        first = round(begin / SECONDS)
        blocks = self._blocks[first : first + round(seconds / SECONDS)]
        if not blocks or not self._spoke:
            return b""
        return as_wav(for_telephone(np.concatenate(blocks)).tobytes(), TELEPHONE_RATE)

    def _take(self, _at: float, block: Samples) -> None:
        self._blocks.append(block)
        if np.abs(block.astype(np.int32)).mean() > _SPEECH:
            self._spoke = True
            self._call.speak(_GOES_ON)
