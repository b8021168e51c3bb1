"""Reads the form of a REST request."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from ivr.emulator.call import Callback
from ivr.emulator.errors import RestError


class Form:
    """Fields by name; what is missing is empty."""

    def __init__(self, fields: Mapping[str, object], repeated: Mapping[str, list[str]]) -> None:
        self._fields = {name: str(value) for name, value in fields.items()}
        self._repeated = repeated

    @classmethod
    async def read(cls, request: web.Request) -> "Form":
        posted = await request.post()
        return cls(dict(posted), {name: [str(each) for each in posted.getall(name)] for name in posted})

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str) -> str:
        return self._fields.get(name, "")

    def words(self, name: str) -> list[str]:
        """A field that is repeated, or holds several words."""
        return [word for value in self._repeated.get(name, []) for word in value.split()]

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if value not in ("", "true", "false"):
            raise RestError(400, 20001, f"{name} must be true or false")
        return value == "true" if value else default

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds. Raises RestError."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not low <= int(value) <= high:
            raise RestError(400, 20001, f"{name} must be from {low} to {high}")
        return int(value)

    def url(self, name: str) -> str:
        """An absolute address, or nothing. Raises RestError."""
        value = self.text(name)
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise RestError(400, 21205, f"{name} is not a valid URL")
        return value

    def method(self, name: str, default: str = "POST") -> str:
        value = self.text(name).upper() or default
        if value not in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"):
            raise RestError(400, 20001, f"{name} must be GET or POST")
        return value

    def callback(self, name: str, usual: str = "completed") -> Callback | None:
        """Where progress is told: `name`, `name`Method, `name`Event."""
        url = self.url(name)
        if not url:
            return None
        events = self.words(f"{name}Event") or usual.split()
        return Callback(url, self.method(f"{name}Method"), frozenset(events))

    def as_dict(self) -> dict[str, str]:
        return dict(self._fields)
