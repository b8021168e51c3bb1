"""The addresses of sentences put together from several sounds: they hold the plan, sealed, so that any web process can
play it, and tell nothing of what is said (docs/adr/0007-joined-sounds.md)."""

import base64
import binascii
import hashlib
from collections import OrderedDict
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from audio.joining import Clip, join_clips, read_clip
from audio.names import PACKED, unpack_name
from audio.store import SoundStore

_MOST_CLIPS = 600  # about 6 MB: two languages' numbers and words between them
_PART_BYTES = PACKED + 1
MOST_PARTS = 80  # an address must stay short enough for every server on the way
SILENCES = [bytes([silence]) for silence in range(256)]
"""What stands in a plan, after each sound's packed name, for the silence after it in 10 ms."""


class BadAddress(ValueError):
    """Nobody of ours has made this address."""


class Sealer:
    """Seals plans under the secret of the installation. The same plan gets the same address each time."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESSIV(hashlib.blake2b(secret.encode(), digest_size=64, person=b"joined sounds").digest())

    def seal(self, plan: bytes) -> str:
        """The token of a plan: letters, digits, - and _."""
        return base64.urlsafe_b64encode(self._cipher.encrypt(plan, None)).rstrip(b"=").decode()

    def open(self, token: str) -> bytes:
        """The plan again. Raises BadAddress."""
        try:
            return self._cipher.decrypt(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), None)
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise BadAddress("This address was not made here.") from error


class Joiner:
    """Makes the sounds of sealed addresses. Clips that were joined lately, digits most of all, stay in memory."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._clips: OrderedDict[str, Clip] = OrderedDict()

    def join(self, store: SoundStore, token: str) -> bytes:
        """The WAV file of an address. Raises BadAddress, UnknownSound, NotTelephoneSound."""
        plan = list(read_plan(self._sealer.open(token)))
        return join_clips((self._clip(store, name), silence) for name, silence in plan)

    def _clip(self, store: SoundStore, name: str) -> Clip:
        clip = self._clips.get(name)
        if clip is None:
            with store.open(name) as file:
                clip = self._clips[name] = read_clip(file.read())
            if len(self._clips) > _MOST_CLIPS:
                self._clips.popitem(last=False)
        return clip


def read_plan(plan: bytes) -> Iterator[tuple[str, int]]:
    """Each sound of the plan by its content name, with the silence after it. Raises BadAddress."""
    if not plan or len(plan) % _PART_BYTES:
        raise BadAddress("This address was not made here.")
    for at in range(0, len(plan), _PART_BYTES):
        try:
            yield unpack_name(plan[at : at + PACKED]), plan[at + PACKED]
        except ValueError as error:
            raise BadAddress("This address was made by another release.") from error
