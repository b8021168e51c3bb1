"""The doctor's look at the public address: the certificate that Twilio and the browsers are shown. Changes nothing."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from config import Config
from operations.doctor import Finding

_ANSWER_S = 5.0
_RENEW_BEFORE = timedelta(days=14)  # those that renew themselves do so a month before


def look_at_certificate(config: Config, now: datetime) -> Iterator[Finding]:
    """Whether it is trusted, and for how long. Nothing while only this machine calls, or where it cannot be asked."""
    parts = urlsplit(config.public_url)
    if parts.scheme != "https" or parts.hostname is None:
        return
    trusting = ssl.create_default_context()
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _ANSWER_S) as plain,
            trusting.wrap_socket(plain, server_hostname=parts.hostname) as sealed,
        ):
            shown = sealed.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        says = f"It is not trusted ({error.verify_message}): Twilio ends every call, and no desk opens. Renew it."
        yield Finding("certificate", False, says)
    except OSError as error:
        says = f"{config.public_url} cannot be reached from here ({type(error).__name__}): look from outside."
        yield Finding("certificate", True, says)
    else:
        yield judge_certificate(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC), now)


def judge_certificate(ends: datetime, now: datetime) -> Finding:
    """One that ends soon was meant to be renewed by now, and takes the whole line with it."""
    if ends - now < _RENEW_BEFORE:
        return Finding("certificate", False, f"It ends on {ends:%Y-%m-%d}. Renew it, and see why that was not done.")
    return Finding("certificate", True, f"It is trusted, and lasts until {ends:%Y-%m-%d}.")
