"""Where recordings of talks stand: a folder that only we may read, or a bucket of which nothing is copied here."""

from functools import lru_cache

from audio.bucket import Bucket
from audio.shelf import Folder, Shelf
from config import Config
from ivr.line import place_of


@lru_cache(maxsize=8)
def recordings_of(config: Config) -> Shelf:
    """Raises BadSetting, or ShelfAway without the library of buckets."""
    if config.recording_store_url is None:
        return Folder(config.recordings_dir, private=True)
    place = place_of("RECORDING_STORE_URL", config.recording_store_url)
    return Bucket(place, None, key_id=config.recording_store_key_id, secret=config.recording_store_secret)
