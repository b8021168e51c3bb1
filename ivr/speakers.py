"""Who speaks in a document: seen from its addresses, because a sound's name says who speaks it (`audio.names`)."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from audio.names import Source, source_of_packed

SPOKEN = "spoken"  # the reason in a path entry that tells it
_PROVIDER = "provider"  # the telephone network's own voice
_JOINED = re.compile(r"/sounds/joined/[^.]+\.wav\?by=([a-z_]+)")


def spoken_by(twiml: str) -> str:
    """How many sounds each speaks, such as `recorded 2, offline 5, provider 1`; empty where nobody speaks.

    A sentence that two voices speak between them is theirs together: `recorded_offline 1`. It runs in every turn, so
    it only counts: some microseconds, and nothing is parsed or asked.
    """
    joined = Counter(_JOINED.findall(twiml)) if "/sounds/joined/" in twiml else Counter()
    recorded = twiml.count("/sounds/recorded-")
    online = twiml.count("/sounds/online-")
    offline = twiml.count("/sounds/") - recorded - online - joined.total()
    counted: Counter[str] = Counter({Source.RECORDED: recorded, Source.ONLINE: online, Source.OFFLINE: offline})
    counted.update(joined)
    counted[_PROVIDER] = twiml.count("<Say ")
    return ", ".join(f"{speaker} {count}" for speaker, count in counted.items() if count)


def speakers_of(packed_names: Iterable[bytes]) -> str:
    """Who speaks these sounds between them, the best voice first: `offline`, or `recorded_offline`."""
    return _together(frozenset(source_of_packed(name) for name in packed_names))


@cache
def _together(kinds: frozenset[Source]) -> str:
    return "_".join(source for source in Source if source in kinds)
