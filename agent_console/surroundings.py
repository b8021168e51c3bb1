"""What the views stand on: the telephone of this process, the time, and who is signed in."""

from datetime import datetime
from typing import cast

from flask import current_app, request
from flask_login import current_user

from agent_console.signed_in import SignedIn
from ivr.telephone import Telephone
from models.store import Store


def telephone() -> Telephone:
    """The telephone that the composition root gave to `register`."""
    return cast(Telephone, current_app.extensions["telephone"])


def store() -> Store:
    return telephone().store


def now() -> datetime:
    """The time in aware UTC."""
    return telephone().clock.now()


def me() -> SignedIn:
    """The person who is signed in. Only in views that ask for a role."""
    return cast(SignedIn, current_user._get_current_object())


def asked(*names: str) -> dict[str, str]:
    """What the address of this request says of `names`, for links that ask again.

    Nothing else of it: an address may say anything, and url_for gives some names a meaning of its own.
    """
    return {name: request.args[name] for name in names if name in request.args}
