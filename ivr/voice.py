"""What the documents of this process are made with: addresses, sounds, and what it has seen last."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.addresses import Addresses
from ivr.joined import Sealer
from ivr.line_view import LineView
from ivr.recent import RecentCalls, open_recent_calls
from ivr.sounds import KnownSounds
from ivr.speech import Sounds
from ivr.telephone import Telephone


@dataclass(frozen=True, slots=True)
class Voice:
    """One per process. Views find it in `current_app.extensions["voice"]`."""

    addresses: Addresses
    sound_of: Sounds
    named_sound: Callable[[str], str | None]
    line: LineView = field(default_factory=LineView)
    recent: RecentCalls = field(default_factory=RecentCalls)


def make_voice(telephone: Telephone) -> Voice:
    """The voice of this process."""
    addresses = Addresses(telephone.config.public_url)
    sounds = KnownSounds(telephone.sounds, addresses, Sealer(telephone.config.secret_key))
    recent = open_recent_calls(telephone.config.shared_calls)
    return Voice(addresses, sounds, sounds.address_of_name, recent=recent)
