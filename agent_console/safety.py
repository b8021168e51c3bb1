"""Headers, forged requests and guessing: what keeps the staff screens safe."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from agent_console.proof_files import MOST_BYTES as PROOF_BYTES
from agent_console.session_cookie import SESSION_COOKIE, SESSION_SECONDS
from audio.take import MOST_BYTES
from config import Config
from ivr.link_secret import ADDRESS

# The only pages that may open the microphone: the two softphones, and the studio where a prompt is recorded.
MICROPHONE = frozenset({"beside.page", "desk.page", "studio_prompt.page", "studio_prompt.save"})
# Twilio's doors for browsers: `roaming` at first, then the nearest, which the voice library is told.
TWILIO_EDGES = (
    "roaming", "ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla",
)  # fmt: skip
# The studio plays what was just recorded, before it is sent.
OWN_SOUNDS = frozenset({"studio_prompt.page", "studio_prompt.save"})
# A recording is drawn from what the page has fetched, by a library that brings a style of its own.
WAVEFORMS = frozenset({"recordings.one"})
SHEET_BYTES = 5_000_000  # of a register of offices
# Bytes that a form with files may have; other forms have none.
MOST_SENT = {
    "studio_takes.send": MOST_BYTES + 1_000_000,
    "studio_script.take_in": 60_000_000,
    "case_acts.do": PROOF_BYTES + 1_000_000,
    "walk_ins.register": PROOF_BYTES + 1_000_000,
    "organisation_import.look": SHEET_BYTES + 100_000,
}
_MOST_THROWN_AWAY = 80_000_000
_PART = 65_536

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, in_memory_fallback_enabled=True, headers_enabled=True)


def make_safe(app: Flask, config: Config) -> None:
    """Strict headers on every answer, a token on every form, a limit on guessing."""
    https = config.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=SESSION_SECONDS,
        # Set again with each answer, the cookie of a request under way would undo a sign-out a moment before.
        SESSION_REFRESH_EACH_REQUEST=False,
        # A desk stays open for a whole shift: the token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        RATELIMIT_STORAGE_URI=_limits_address(config),
        # Guesses are counted per shift of a guesser, not per page that is read.
        RATELIMIT_STRATEGY="moving-window",
    )
    csrf.init_app(app)
    app.before_request(refuse_too_much)
    app.before_request(refuse_forged)
    limiter.init_app(app)
    app.after_request(narrow)
    Talisman(
        app,
        # The proxy in front forwards to https: a redirect from here would lose the keys a caller pressed.
        force_https=False,
        strict_transport_security=https,
        session_cookie_secure=https,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"microphone": "(self)", "camera": "()", "geolocation": "()"},
        content_security_policy=content_policy(config),
        content_security_policy_nonce_in=["script-src"],
    )


def content_policy(config: Config) -> dict[str, str | list[str]]:
    """What a page may load: its own files, the event stream, and the telephone network where softphones signal."""
    reached = ["'self'", config.stream_url, *network_addresses(config)]
    return {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self'",
        "media-src": "'self'",
        "connect-src": reached,
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def network_addresses(config: Config) -> list[str]:
    """Where softphones signal: the local network, or else Twilio."""
    if config.emulator_url is None:
        return [f"wss://voice-js.{edge}.twilio.com" for edge in TWILIO_EDGES]
    if config.local_voice_url is None:
        return [config.emulator_url]
    return [config.emulator_url, config.local_voice_url, config.local_voice_url.replace("https://", "wss://")]


def narrow(response: Response) -> Response:
    """Leave microphone and sounds of its own to the pages that need them. Talisman has set the headers before."""
    if request.endpoint not in MICROPHONE:
        _reword(response, "Permissions-Policy", "microphone=(self)", "microphone=()")
    if request.endpoint in OWN_SOUNDS | WAVEFORMS:
        _reword(response, "Content-Security-Policy", "media-src 'self'", "media-src 'self' blob:")
    if request.endpoint in WAVEFORMS:
        own = f"style-src 'self' 'nonce-{getattr(request, 'csp_nonce', '')}'"
        _reword(response, "Content-Security-Policy", "style-src 'self'", own)
    return response


def _reword(response: Response, header: str, old: str, new: str) -> None:
    response.headers[header] = response.headers.get(header, "").replace(old, new)


def refuse_too_much() -> None:
    """Refuse a form that is too large before anything of it is kept. Its bytes are thrown away as they come: a browser
    that is cut off while it sends would show its own error in place of our sentence."""
    most = MOST_SENT.get(request.endpoint or "")
    if most is None:
        return
    request.max_content_length = most
    sent = request.content_length or 0
    if sent > most:
        left = min(sent, _MOST_THROWN_AWAY)
        while left > 0 and (part := request.environ["wsgi.input"].read(min(left, _PART))):
            left -= len(part)
        raise RequestEntityTooLarge


def refuse_forged() -> None:
    """Ask for the token on everything but the telephone's webhooks, which carry a signature instead, and the page of a
    citizen, whose address is the right itself: nobody is signed in there, and old telephones keep no cookie."""
    if not request.path.startswith(("/voice/", ADDRESS)):
        csrf.protect()


def _limits_address(config: Config) -> str:
    if config.environment == "development":
        return "memory://"
    return config.redis_url.replace("unix://", "redis+unix://", 1)
