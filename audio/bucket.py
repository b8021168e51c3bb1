"""Sounds in an S3-compatible store, for a line of several machines.

The bucket is the truth, and a folder of this machine keeps what has been read: a name never changes its sound, so a
copy is never old. Whoever answers a call asks the last listing, never the network.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import structlog

from audio.shelf import Folder, ShelfAway

if TYPE_CHECKING:
    from obstore.store import S3Config

log = structlog.get_logger()
T = TypeVar("T")

_LIST_AGAIN_S = 30.0
_AT_START_S = 5.0  # how long a process waits for its first listing, before it takes calls
_ENDING = ".wav"
_KNOWN = {"endpoint", "region"}


class BadAddress(ValueError):
    """This is no address of a bucket. The message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bucket is. `endpoint` None is Amazon's own."""

    bucket: str
    prefix: str
    endpoint: str | None
    region: str


def read_address(url: str) -> Place:
    """`s3://bucket/prefix?endpoint=https://…&region=…` taken apart. Raises BadAddress."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or parts.fragment:
        raise BadAddress("It must look like s3://bucket/prefix?endpoint=https://store.example")
    if unknown := sorted(set(asked) - _KNOWN):
        raise BadAddress(f"It knows endpoint and region, but not {', '.join(unknown)}.")
    endpoint = asked.get("endpoint")
    if endpoint is not None and urlsplit(endpoint).scheme not in ("http", "https"):
        raise BadAddress(f"Its endpoint {endpoint!r} must begin with https:// or http://.")
    return Place(parts.netloc, parts.path.strip("/"), endpoint, asked.get("region", "us-east-1"))


class Bucket:
    """The sounds under one prefix of a bucket. `key_id` and `secret` None: those of the machine's environment.

    `copies` None: nothing of it is kept on this machine. Each name gets the `ending`.
    """

    def __init__(
        self,
        place: Place,
        copies: Path | None,
        *,
        key_id: str | None = None,
        secret: str | None = None,
        ending: str = _ENDING,
    ) -> None:
        """Nothing is asked of the network yet. Raises ShelfAway without the library."""
        try:
            import obstore
            from obstore.exceptions import BaseError
            from obstore.store import S3Store
        except ImportError as error:
            raise ShelfAway("A store of sounds at s3:// needs the extra `s3` (package obstore). Install it.") from error
        self._library = obstore
        self._errors = (BaseError, OSError)
        about = {
            "region": place.region,
            "endpoint": place.endpoint,
            "access_key_id": key_id,
            "secret_access_key": secret,
        }
        self._remote = S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config=cast("S3Config", {name: value for name, value in about.items() if value}),
            client_options={
                "connect_timeout": "3 seconds",
                "timeout": "10 seconds",
                "allow_http": (place.endpoint or "").startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )
        self._place = place
        self._ending = ending
        self._copies = Folder(copies, ending) if copies is not None else None
        self._seen: Mapping[str, float] = {}
        self._list_at = 0.0
        self._listing = threading.Lock()

    def listed(self) -> Mapping[str, float]:
        found = self._ask(self._list)
        if found != self._seen:
            self._seen = found
        self._list_at = time.monotonic() + _LIST_AGAIN_S
        return self._seen

    def seen(self) -> Mapping[str, float]:
        if time.monotonic() >= self._list_at and self._listing.acquire(blocking=False):
            is_first = self._list_at == 0.0
            self._list_at = time.monotonic() + _LIST_AGAIN_S
            lister = threading.Thread(target=self._list_aside, name="sounds-listing", daemon=True)
            lister.start()
            if is_first:
                lister.join(_AT_START_S)
        return self._seen

    def holds(self, name: str) -> bool:
        return name in self.seen()

    def read(self, name: str) -> bytes | None:
        content = self._copies.read(name) if self._copies is not None else None
        if content is None:
            try:
                content = self._ask(lambda: bytes(self._library.get(self._remote, name + self._ending).bytes()))
            except FileNotFoundError:
                return None
            if self._copies is not None:
                self._copies.put(name, content)
        return content

    def put(self, name: str, content: bytes) -> None:
        self._ask(lambda: self._library.put(self._remote, name + self._ending, content))
        if self._copies is not None:
            self._copies.put(name, content)
        self._seen = {**self._seen, name: time.time()}

    def remove(self, name: str) -> None:
        self._ask(lambda: self._library.delete(self._remote, name + self._ending))
        if self._copies is not None:
            self._copies.remove(name)
        self._seen = {other: at for other, at in self._seen.items() if other != name}

    def _list(self) -> dict[str, float]:
        return {
            about["path"].removesuffix(self._ending): about["last_modified"].timestamp()
            for page in self._library.list(self._remote)
            for about in page
            if about["path"].endswith(self._ending)
        }

    def _list_aside(self) -> None:
        try:
            self.listed()
        except ShelfAway as error:
            log.warning("sound_store_away", why=str(error))  # what was known before is still told
        finally:
            self._listing.release()

    def _ask(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except FileNotFoundError:
            raise
        except self._errors as error:
            where = self._place.endpoint or "Amazon S3"
            reason = str(error).partition("\n")[0][:300]
            raise ShelfAway(f"The sound store {self._place.bucket} at {where} does not answer: {reason}") from error
