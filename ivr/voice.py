"""What the documents of this process are made with: addresses, sounds, and what it has seen last."""

from collections.abc import Callable
from dataclasses import dataclass, field

from audio.store import chosen_takes
from flows.flow import Flow
from ivr.addresses import Addresses
from ivr.joined import Sealer
from ivr.known_sounds import KnownSounds
from ivr.line_view import LineView
from ivr.recent import RecentCalls, open_recent_calls
from ivr.speech import Sounds
from ivr.telephone import Telephone

_MOST_VERSIONS = 8  # each remembers some thousand addresses; callers have one version, or two after a publishing


@dataclass(frozen=True, slots=True)
class Voice:
    """One per process. Views find it in `current_app.extensions["voice"]`.

    `sound_of` knows the newest sounds, for what the telephone says by itself; `speaking` those of a version.
    """

    addresses: Addresses
    sound_of: Sounds
    named_sound: Callable[[str], str | None]
    sounds_with: Callable[[tuple[str, ...]], Sounds]
    line: LineView = field(default_factory=LineView)
    recent: RecentCalls = field(default_factory=RecentCalls)
    _of_versions: dict[str, Sounds] = field(default_factory=dict)

    def speaking(self, flow: Flow) -> Sounds:
        """The sounds of a version: a call keeps the recordings that it began with."""
        if flow.takes is None:
            return self.sound_of
        sounds = self._of_versions.get(flow.version)
        if sounds is None:
            while len(self._of_versions) >= _MOST_VERSIONS:
                self._of_versions.pop(next(iter(self._of_versions)), None)
            sounds = self._of_versions[flow.version] = self.sounds_with(flow.takes)
        return sounds


def make_voice(telephone: Telephone) -> Voice:
    """The voice of this process."""
    addresses = Addresses(telephone.config.public_url)
    sealer = Sealer(telephone.config.secret_key)

    def sounds_with(takes: tuple[str, ...]) -> Sounds:
        return KnownSounds(telephone.sounds, addresses, sealer, chosen_takes(takes))

    sounds = KnownSounds(telephone.sounds, addresses, sealer)
    recent = open_recent_calls(telephone.config.shared_calls)
    return Voice(addresses, sounds, sounds.address_of_name, sounds_with, recent=recent)
