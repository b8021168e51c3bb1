"""Where files of proof are kept, and the sweep of those that were shown for agreement and never sent."""

from datetime import timedelta
from functools import lru_cache

import structlog
from sqlalchemy import Connection, Text, select, type_coerce

from audio.bucket import Bucket
from audio.shelf import Folder, Shelf, ShelfAway
from config import Config
from ivr.line import place_of
from ivr.telephone import Telephone
from models.complaint_event import ComplaintEvent

KEPT_UNSENT = timedelta(days=1)
_ENDING = ".proof"
_NAMES_A_FILE = '"proof":"'  # in the data of an event, which is kept as compact JSON

log = structlog.get_logger()


@lru_cache(maxsize=8)
def proofs_of(config: Config) -> Shelf:
    """The shelf of proofs. Raises BadSetting, or ShelfAway without the library of buckets."""
    if config.proof_store_url is None:
        return Folder(config.proofs_dir, _ENDING, private=True)
    place = place_of("PROOF_STORE_URL", config.proof_store_url)
    key_id, secret = config.proof_store_key_id, config.proof_store_secret
    return Bucket(place, None, key_id=key_id, secret=secret, ending=_ENDING)


def sweep_proofs(telephone: Telephone) -> int:
    """Delete the files that no record names and that are older than a day; how many."""
    try:
        return _sweep(telephone, proofs_of(telephone.config))
    except ShelfAway as error:
        log.warning("proofs_not_swept", why=str(error))  # tomorrow's sweep finds the same ones
        return 0


def _sweep(telephone: Telephone, shelf: Shelf) -> int:
    until = (telephone.clock.now() - KEPT_UNSENT).timestamp()
    listed = shelf.listed()
    if not any(at < until for at in listed.values()):
        return 0
    with telephone.store.read() as connection:
        named = _named(connection)
    if named.isdisjoint(listed):
        # The folder of another store, perhaps: a wrong setting must not cost a proof.
        log.warning("proofs_of_no_record", files=len(listed))
        return 0
    # Listed again, for a file that is sent a second time is written anew.
    unsent = [name for name, at in shelf.listed().items() if at < until and name not in named]
    for name in unsent:
        shelf.remove(name)
    if unsent:
        log.info("proofs_swept", files=len(unsent))
    return len(unsent)


def _named(connection: Connection) -> set[str]:
    """What files the records speak of, by their digests."""
    speaks = type_coerce(ComplaintEvent.data, Text()).contains(_NAMES_A_FILE)
    lines = (str(data["proof"]) for data in connection.scalars(select(ComplaintEvent.data).where(speaks)))
    return {line.partition(".")[0] for line in lines}
