"""What the views stand on: the telephone of this process, the time, and who is signed in."""

from datetime import datetime
from typing import cast

from flask import current_app
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
