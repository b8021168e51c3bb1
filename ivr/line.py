"""Opens what a process of the line needs: its store, the gateway, the sounds, the wake-up bell."""

from audio.store import SoundStore
from clock import SystemClock
from config import Config
from ivr.gateway import Gateway
from ivr.pinned import PinnedFlows
from ivr.telephone import Telephone
from ivr.wake import RedisWake
from models.store import Store


def open_telephone(config: Config) -> Telephone:
    """The telephone of a process. Nothing is asked of Redis or of the network yet."""
    store = Store(config.database_url)
    return Telephone(
        config=config,
        clock=SystemClock(),
        store=store,
        gateway=Gateway(config),
        wake=RedisWake(config.redis_url),
        sounds=SoundStore(config.audio_dir),
        flows=PinnedFlows(store),
    )
