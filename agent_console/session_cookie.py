"""The cookie that says who is signed in."""

from typing import cast

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

SESSION_COOKIE = "helpline_staff"
SESSION_SECONDS = 12 * 3600  # a long shift


def session_serializer(secret_key: str) -> URLSafeTimedSerializer:
    """Reads and writes the cookie with the web process's own key and form, outside a request of it."""
    bare = Flask("session")
    bare.secret_key = secret_key
    # None only without a secret key, which was set above.
    return cast(URLSafeTimedSerializer, SecureCookieSessionInterface().get_signing_serializer(bare))
