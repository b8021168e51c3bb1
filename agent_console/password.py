"""Passwords of staff: argon2, and nothing else."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Checked when the login is unknown, so that a wrong login takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))

LEAST = 10


class WeakPassword(ValueError):
    """A password is too short to keep citizens' complaints behind it."""


def hash_password(password: str) -> str:
    """The argon2 hash of `password`. Raises WeakPassword below ten characters."""
    if len(password) < LEAST:
        raise WeakPassword(f"The password has {len(password)} characters. Take at least {LEAST}.")
    return _hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """True if `password` is the one behind `password_hash`. Takes the same time when there is no hash."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_password() -> str:
    """A password to be handed over once."""
    return secrets.token_urlsafe(12)
