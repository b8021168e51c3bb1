"""The person behind a browser session, as plain values."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g
from flask_login import LoginManager, UserMixin

from ivr.telephone import Telephone
from models.errors import StoreUnavailable
from models.staff import Staff

BY_SSO = "by_sso"  # in the session: it was opened by single sign-on

login_manager = LoginManager()
login_manager.login_view = "signing.sign_in"
login_manager.login_message = None
login_manager.session_protection = "basic"


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """Who is signed in. The session holds id and epoch: a new epoch of the row signs every browser out."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    screen_language: str
    epoch: int
    must_change_password: bool = False

    @property
    def actor(self) -> str:
        """How this person stands in what must be accounted for."""
        return f"staff:{self.id}"

    def get_id(self) -> str:
        return f"{self.id}:{self.epoch}"

    def has_role(self, *roles: str) -> bool:
        """True if this person holds one of `roles`."""
        return not set(roles).isdisjoint(self.roles)


def from_row(staff: Staff) -> SignedIn:
    return SignedIn(
        id=staff.id,
        login=staff.login,
        name=staff.name,
        roles=tuple(staff.roles),
        languages=tuple(staff.languages),
        screen_language=staff.screen_language,
        epoch=staff.session_epoch,
        must_change_password=staff.must_change_password,
    )


def read_session_id(session_id: str) -> tuple[int, int] | None:
    """Staff id and epoch of a session's user id; None if it is junk."""
    staff_id, _, epoch = session_id.partition(":")
    if not (staff_id.isdecimal() and epoch.isdecimal()):
        return None
    return int(staff_id), int(epoch)


def still_valid(staff: Staff | None, epoch: int) -> bool:
    """True while the person may work and was not signed out everywhere."""
    return staff is not None and staff.active and staff.session_epoch == epoch


@login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login ships no types
def load_signed_in(session_id: str) -> SignedIn | None:
    """The person of a session, read afresh for each request so that a deactivation holds at once.

    Raises StoreUnavailable, once a request: the page that tells of it is shown to nobody in particular.
    """
    known = read_session_id(session_id)
    if known is None or g.get("nobody_can_be_known"):
        return None
    telephone = cast(Telephone, current_app.extensions["telephone"])
    try:
        with telephone.store.session() as session:
            staff = session.get(Staff, known[0])
            return from_row(staff) if staff is not None and still_valid(staff, known[1]) else None
    except StoreUnavailable:
        g.nobody_can_be_known = True
        raise
