"""`helpline doctor`: what is misconfigured for real Twilio, each with its mend. Looks, and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from clock import SystemClock
from config import LOCAL_ACCOUNT_SID, Config
from ivr.gateway_http import QuietHttpClient

_KEY_LENGTH = 32  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and in plain words what is so or what to do."""

    what: str
    well: bool
    says: str


def examine(config: Config) -> list[Finding]:
    """Everything that can be seen from here: the settings, Twilio's side, the menu's texts, the store, the sounds."""
    from operations.doctor_address import look_at_certificate
    from operations.doctor_inside import look_inside

    certificate = look_at_certificate(config, SystemClock().now())
    return [*look_at_settings(config), *certificate, *look_at_twilio(config), *look_inside(config)]


def look_at_settings(config: Config) -> Iterator[Finding]:
    """The environment alone, no network."""
    host = urlsplit(config.public_url).hostname or ""
    if config.environment == "development":
        yield Finding("HELPLINE_ENV", True, "development: the local Twilio is used, and no real call can come in.")
    elif not config.public_url.startswith("https://"):
        yield Finding(
            "PUBLIC_URL", False, f"{config.public_url} is not https: Twilio's callers could be overheard. Use https."
        )
    elif "_" in host:
        yield Finding("PUBLIC_URL", False, f"Twilio calls no host with an underscore ({host}). Use another name.")
    else:
        yield Finding("PUBLIC_URL", True, config.public_url)
    if config.environment == "production" and config.twilio_account_sid == LOCAL_ACCOUNT_SID:
        yield Finding(
            "TWILIO_ACCOUNT_SID", False, "This is the local Twilio's account. Put in the one of Twilio's console."
        )
    if config.environment == "production" and config.database_url.startswith("sqlite"):
        yield Finding(
            "DATABASE_URL", False, "SQLite serves one machine only. Use postgresql:// for a line that must not fail."
        )
    if config.environment == "production":
        yield from _look_at_secrets(config)
    if not (
        config.text_sender.startswith(("+", "MG")) or (config.text_sender.isalpha() and len(config.text_sender) == 6)
    ):
        yield Finding(
            "TEXT_SENDER", False, "An Indian header has six letters. Put in the registered header, or an MG... SID."
        )


def _look_at_secrets(config: Config) -> Iterator[Finding]:
    for name, value in (("SECRET_KEY", config.secret_key), ("CODE_PEPPER", config.code_pepper)):
        if len(value) < _KEY_LENGTH:
            says = f"It can be guessed: it has {len(value)} characters. Make one: openssl rand -hex 32"
            yield Finding(name, False, says)
    if config.metrics_token is None:
        says = "It is not set, so nothing can watch /metrics and wake somebody. Make one: openssl rand -hex 32"
        yield Finding("METRICS_TOKEN", False, says)


def look_at_twilio(config: Config) -> Iterator[Finding]:
    """What Twilio has stored for the account, the number and the TwiML App."""
    client = _client(config, config.twilio_account_sid, config.twilio_auth_token)
    try:
        numbers = client.incoming_phone_numbers.list(phone_number=config.helpline_number, limit=1)
    except (TwilioException, OSError) as error:
        yield Finding("Twilio", False, f"Cannot be asked ({type(error).__name__}). Check account, token and network.")
        return
    yield Finding("Twilio", True, "The account answers.")
    yield _look_at_api_key(config)
    if not numbers:
        says = f"{config.helpline_number} is not among the account's numbers. Buy or port it, or mend HELPLINE_NUMBER."
        yield Finding("number", False, says)
    else:
        number = numbers[0]
        base = f"{config.public_url}/voice"
        yield _address("number, a call comes in", number.voice_url, number.voice_method, f"{base}/incoming")
        status, method = number.status_callback, number.status_callback_method
        yield _address("number, call status changes", status, method, f"{base}/calls/status")
        yield _fallback(number.voice_fallback_url, config.public_url)
    try:
        app = client.applications(config.twilio_app_sid).fetch()
    except (TwilioException, OSError):
        yield Finding("TwiML App", False, f"{config.twilio_app_sid} does not exist. Make it (docs/twilio.md, step 5).")
        return
    legs = f"{config.public_url}/voice/legs"
    yield _address("TwiML App, request URL", app.voice_url, app.voice_method, legs)
    status, method = app.status_callback, app.status_callback_method
    # Not needed for a talk, but for hearing at once that a representative's line has dropped.
    yield _address("TwiML App, status callback", status, method, f"{legs}/status")


def _client(config: Config, name: str, secret: str) -> Client:
    client = Client(
        name,
        secret,
        config.twilio_account_sid,
        http_client=QuietHttpClient(),
        environment={"TWILIO_ACCOUNT_SID": config.twilio_account_sid},
    )
    if config.twilio_api_base_url is not None:
        client.api.base_url = config.twilio_api_base_url
    return client


def _look_at_api_key(config: Config) -> Finding:
    """It signs the passes of the browsers: with a wrong one no representative has a line, and every caller waits."""
    keyed = _client(config, config.twilio_api_key, config.twilio_api_secret)
    try:
        keyed.incoming_phone_numbers.list(limit=1)
    except (TwilioException, OSError):
        says = "Twilio refuses TWILIO_API_KEY with TWILIO_API_SECRET, so no desk has a voice (docs/twilio.md, step 1)."
        return Finding("API key", False, says)
    return Finding("API key", True, "It opens the account.")


def _address(what: str, found: str | None, method: str | None, wanted: str) -> Finding:
    if found == wanted and method == "POST":
        return Finding(what, True, wanted)
    now = f"{found} with HTTP {method}" if found else "empty"
    return Finding(what, False, f"Set it to {wanted} with HTTP POST. Now it is {now}.")


def _fallback(found: str | None, public_url: str) -> Finding:
    what = "number, primary handler fails"
    if not found:
        return Finding(what, False, "Set it to a TwiML Bin (docs/twilio.md, step 4), or callers hear an English error.")
    if urlsplit(found).hostname == urlsplit(public_url).hostname and not public_url.startswith("http://127."):
        return Finding(what, False, "It points at our own machines, which are down when it is needed. Use a TwiML Bin.")
    return Finding(what, True, found)
