"""The tokens that an application mints for its softphones."""

from dataclasses import dataclass
from typing import Any

import jwt

from ivr.emulator.errors import RestError
from ivr.emulator.settings import Settings

_LONGEST = 24 * 3600  # seconds
_FORM = "twilio-fpa;v=1"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows."""

    identity: str
    incoming: bool
    app_sid: str  # empty: may not call out
    expires_at: int  # seconds since 1970


def read_token(settings: Settings, token: str) -> Grant:
    """Check a token as Twilio does. Raises RestError 20101 or 20104. Its times are real ones."""
    if _read_header(token).get("cty") != _FORM:
        raise RestError(401, 20101)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.api_secret,
            algorithms=["HS256"],
            issuer=settings.api_key,
            options={"require": ["exp", "iss", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise RestError(401, 20104) from error
    except jwt.InvalidTokenError as error:
        raise RestError(401, 20101) from error
    began = claims.get("nbf") or claims.get("iat") or claims["exp"]
    if claims["exp"] - began > _LONGEST:
        raise RestError(401, 20104)
    grants = claims.get("grants") or {}
    voice = grants.get("voice") or {}
    identity = str(grants.get("identity") or "")
    if claims["sub"] != settings.account_sid or not identity:
        raise RestError(401, 20101)
    app_sid = str((voice.get("outgoing") or {}).get("application_sid") or "")
    return Grant(identity, bool((voice.get("incoming") or {}).get("allow")), app_sid, int(claims["exp"]))


def _read_header(token: str) -> dict[str, Any]:
    """The unverified header. Raises RestError 20101 for what is no token."""
    try:
        return jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise RestError(401, 20101) from error
