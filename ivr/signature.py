"""Is this request really from the telephone provider?

Twilio's own validator costs 120 µs a request, the HMAC itself 5. What arrives by the thousand (a form, signed with
HMAC-SHA1) is checked here over the pairs that were parsed anyway; everything rarer goes to the library.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlparse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# In these the library normalises the address by urlparse before it signs. No route of ours contains them.
_NORMALISED_BY_LIBRARY = frozenset(";#[]@\t\n\r ")


def requested_target(environ: "WSGIEnvironment") -> str:
    """Path and query as they came over the wire: what the provider signed, after its idea of our public address."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw and raw.startswith("/"):
        return str(raw)
    path = quote(
        (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"), safe="/:@!$&'()*+,=~"
    )
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


class SignatureCheck:
    """Checks signatures made with `token` over addresses below `public_url`, with and without its port.

    The address is never taken from the request's Host: behind a proxy it is another one, and it can be forged.
    """

    def __init__(self, token: str, public_url: str) -> None:
        self._token = token
        self._key = token.encode()
        self._public_url = public_url
        with_port, without_port = _port_variants(public_url)
        self._prefixes = dict.fromkeys((public_url, without_port, with_port))

    def agrees(self, target: str, pairs: Iterable[tuple[str, str]], signature: str, algorithm: str = "") -> bool:
        """Tell whether `signature` fits a form of `pairs` posted to `target` (path and query)."""
        if algorithm or target[-1:] == "?" or not _NORMALISED_BY_LIBRARY.isdisjoint(target):
            return self._library_agrees(target, _Pairs(pairs), signature, algorithm)
        tail = target + "".join([name + value for name, value in sorted(set(pairs))])
        given = signature.encode("utf-8", "replace")
        return any(hmac.compare_digest(self._sign(prefix + tail), given) for prefix in self._prefixes)

    def agrees_with_body(self, target: str, body: str, signature: str, algorithm: str = "") -> bool:
        """Tell whether `signature` fits a body that is no form, whose digest is in the query as bodySHA256."""
        return "bodySHA256=" in target and self._library_agrees(target, body, signature, algorithm)

    def _sign(self, text: str) -> bytes:
        return b64encode(hmac.digest(self._key, text.encode(), "sha1"))

    def _library_agrees(self, target: str, params: "_Pairs | str", signature: str, algorithm: str) -> bool:
        validator, algorithm_of = _library(self._token)
        return bool(validator.validate(self._public_url + target, params, signature, algorithm_of(algorithm)))


class _Pairs:
    """The pairs in the shape which the library expects of a form with repeated fields."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return self._values[name]


@cache
def _library(token: str) -> tuple[Any, Any]:
    """Twilio's validator. Imported when first needed: no ordinary request does."""
    from twilio.request_validator import RequestValidator, get_signature_algorithm

    return RequestValidator(token), get_signature_algorithm


def _port_variants(url: str) -> tuple[str, str]:
    """The address with its (default) port written out, and without. Twilio signs the one or the other."""
    parts = urlparse(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    bare = parts._replace(netloc=host).geturl()
    return parts._replace(netloc=f"{host}:{port}").geturl(), bare
