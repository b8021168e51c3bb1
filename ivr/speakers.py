"""Who speaks in a document: seen from its addresses, because a sound's name says who speaks it (`audio.names`)."""

from audio.names import Source

SPOKEN = "spoken"  # the reason in a path entry that tells it
_PROVIDER = "provider"  # the telephone network's own voice


def spoken_by(twiml: str) -> str:
    """How many sounds each speaks, such as `recorded 2, offline 5, provider 1`; empty where nobody speaks.

    It runs in every turn, so it only counts: some microseconds, and nothing is parsed or asked.
    """
    recorded = twiml.count("/sounds/recorded-")
    online = twiml.count("/sounds/online-")
    offline = twiml.count("/sounds/") - recorded - online
    counted = {
        Source.RECORDED: recorded,
        Source.ONLINE: online,
        Source.OFFLINE: offline,
        _PROVIDER: twiml.count("<Say "),
    }
    return ", ".join(f"{speaker} {count}" for speaker, count in counted.items() if count)
