"""Headers, forged requests and guessing: what keeps the staff screens safe."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect

from config import Config

SESSION_COOKIE = "helpline_staff"
SESSION_SECONDS = 12 * 3600  # a long shift

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
    app.before_request(refuse_forged)
    limiter.init_app(app)
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
    """What a page may load: its own files, the event stream, and the local telephone where there is one."""
    reached = ["'self'", config.stream_url, *([config.emulator_url] if config.emulator_url else [])]
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


def refuse_forged() -> None:
    """Ask for the token on everything but the telephone's webhooks, which carry a signature instead."""
    if not request.path.startswith("/voice/"):
        csrf.protect()


def _limits_address(config: Config) -> str:
    if config.environment == "development":
        return "memory://"
    return config.redis_url.replace("unix://", "redis+unix://", 1)
