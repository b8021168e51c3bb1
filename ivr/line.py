"""Opens what a process of the line needs: its store, the gateway, the sounds, the wake-up bell."""

from sqlalchemy.exc import ArgumentError

from audio.bucket import BadAddress, Bucket, Place, read_address
from audio.store import SoundStore
from clock import SystemClock
from config import BadSetting, Config
from ivr.gateway import Gateway
from ivr.pinned import PinnedFlows
from ivr.telephone import Telephone
from ivr.wake import RedisWake
from models.store import Store


def open_telephone(config: Config) -> Telephone:
    """The telephone of a process. Nothing is asked of Redis or of the network yet. Raises BadSetting."""
    for setting, url in (
        ("RECORDING_STORE_URL", config.recording_store_url),
        ("PROOF_STORE_URL", config.proof_store_url),
    ):
        if url is not None:
            place_of(setting, url)
    store = open_store(config)
    return Telephone(
        config=config,
        clock=SystemClock(),
        store=store,
        gateway=Gateway(config),
        wake=RedisWake(config.redis_url),
        sounds=open_sounds(config),
        flows=PinnedFlows(store),
    )


def open_store(config: Config) -> Store:
    """The database of the settings. Raises BadSetting, which tells nothing of the address: it may hold a password."""
    try:
        return Store(config.database_url)
    except (ValueError, ArgumentError):
        raise BadSetting(
            "DATABASE_URL cannot be read. It must look like postgresql://user:password@host:5432/name or"
            " sqlite:////srv/helpline/helpline.db; in a password @ is written %40, and / is written %2F."
        ) from None
    except OSError as error:
        raise BadSetting(f"DATABASE_URL names a file that cannot be made: {error.strerror}.") from error


def open_sounds(config: Config) -> SoundStore:
    """In the data folder, or where SOUND_STORE_URL says. Raises BadSetting, or ShelfAway without its library."""
    online = config.speech_online != "none"
    if config.sound_store_url is None:
        return SoundStore(config.audio_dir, online=online)
    place = place_of("SOUND_STORE_URL", config.sound_store_url)
    key_id, secret = config.sound_store_key_id, config.sound_store_secret
    return SoundStore(Bucket(place, config.audio_dir, key_id=key_id, secret=secret), online=online)


def place_of(setting: str, url: str) -> Place:
    """Where a bucket is. Raises BadSetting, which names the setting."""
    try:
        return read_address(url)
    except BadAddress as error:
        raise BadSetting(f"{setting} is {url!r}. {error}") from error
