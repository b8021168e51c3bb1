"""Signing in through the government's own account, by OpenID Connect: code flow with PKCE, state and nonce.

The provider says who somebody is. What they may do stands in our own table, and nobody is let in who has no account.
"""

from typing import Any

import requests
import structlog
from flask import Blueprint, Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.guard import open_to_all
from agent_console.safety import limiter
from agent_console.signed_in import BY_SSO
from agent_console.signing import LEFT_SSO, begin_session, show_sign_in
from agent_console.surroundings import now, store, telephone
from agent_console.words import say
from config import BadSetting, Config
from ivr.accounting import account
from models.staff import Staff

blueprint = Blueprint("single_sign_on", __name__)

log = structlog.get_logger()

_NAME = "sso"
_PATIENCE_S = 5.0
_NEXT = "sso_next"


class NotConfirmed(Exception):
    """The provider was not reached, or did not say who it is."""


def add_single_sign_on(app: Flask, config: Config) -> None:
    """Where a provider is set, let people sign in through it. Raises BadSetting without the library."""
    if config.oidc_issuer is None:
        return
    try:
        from authlib.integrations.flask_client import OAuth
    except ImportError as error:
        raise BadSetting("OIDC_ISSUER needs the extra `oidc` (package authlib). Install it.") from error
    oauth = OAuth(app)
    app.extensions["single_sign_on"] = oauth.register(
        _NAME,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret,
        server_metadata_url=f"{config.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _PATIENCE_S,
            "trust_env": False,
        },
    )


@blueprint.get("/desk/sign-in/sso")
@open_to_all
@limiter.limit("30/minute")
def begin() -> ResponseReturnValue:
    """To the provider. Its answer must come back to this browser: state, nonce and verifier stand in its session."""
    provider = _provider()
    session[_NEXT] = request.args.get("next")
    try:
        away: ResponseReturnValue = provider.authorize_redirect(_address("single_sign_on.back"))
    except (requests.RequestException, RuntimeError, ValueError, KeyError) as error:
        log.warning("single_sign_on_away", reason=type(error).__name__)
        return show_sign_in(fault=say("sso.away")), 424
    return away


@blueprint.get("/desk/sign-in/sso/back")
@open_to_all
@limiter.limit("30/minute")
def back() -> ResponseReturnValue:
    """Back from the provider. Whoever has a second step here takes it all the same."""
    try:
        claims = _claims(_provider(), telephone().config.oidc_issuer or "")
    except NotConfirmed as error:
        log.warning("single_sign_on_failed", reason=str(error))
        return show_sign_in(fault=say("sso.failed")), 401
    subject = f"{telephone().config.oidc_issuer}#{claims['sub']}"
    verified = claims.get("email_verified") is True
    email = str(claims.get("email") or "").strip().lower() if verified else ""
    at = now()

    def find(rows: Session) -> Staff | None:
        known = rows.scalars(select(Staff).where(Staff.sso_subject == subject)).one_or_none()
        if known is not None:
            return known if known.active else None
        if not email:
            return None
        # Once bound, only the provider's own name for a person counts: addresses are given to others in time.
        new = select(Staff).where(Staff.email == email, Staff.sso_subject.is_(None), Staff.active)
        person = rows.scalars(new).one_or_none()
        if person is not None:
            person.sso_subject = subject
            rows.flush()
            account(rows.connection(), f"staff:{person.id}", "sso_bound", f"staff:{person.id}", at)
        return person

    person = store().transact(find)
    if person is None:
        log.warning("single_sign_on_unknown")
        return show_sign_in(fault=say("sso.unknown")), 403
    asked = session.pop(_NEXT, None)
    session[BY_SSO] = True
    return begin_session(person, asked)


@blueprint.get("/desk/sign-out/sso")
@open_to_all
def leave() -> ResponseReturnValue:
    """Out of the provider's session too, after ours has ended. A link: a form may lead to no other host."""
    if not session.pop(LEFT_SSO, False):
        return redirect(url_for("signing.sign_in"))
    provider = _provider()
    try:
        away = provider.create_logout_url(
            post_logout_redirect_uri=_address("signing.sign_in"), client_id=provider.client_id
        )
    except (requests.RequestException, RuntimeError, ValueError):
        return redirect(url_for("signing.sign_in"))
    return redirect(away["url"])


def _claims(provider: Any, issuer: str) -> dict[str, Any]:
    """What the provider vouches for, checked: signature, issuer, audience, time, nonce. Raises NotConfirmed."""
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError

    must_be = {"iss": {"essential": True, "values": [issuer]}, "sub": {"essential": True}}
    try:
        token = provider.authorize_access_token(claims_options=must_be)
        claims = dict(token.get("userinfo") or {})
        if claims and "email" not in claims:
            more = dict(provider.userinfo(token=token))
            claims |= more if more.get("sub") == claims.get("sub") else {}
    except (OAuthError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError) as error:
        raise NotConfirmed(type(error).__name__) from error
    if not claims.get("sub"):
        raise NotConfirmed("no subject")
    return claims


def _provider() -> Any:
    provider = current_app.extensions.get("single_sign_on")
    if provider is None:
        abort(404)
    return provider


def _address(endpoint: str) -> str:
    """As the browser reaches it: never as a proxy calls us."""
    return f"{telephone().config.public_url}{url_for(endpoint)}"
