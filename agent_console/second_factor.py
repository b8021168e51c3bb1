"""The second factor: codes of an app on the person's own telephone (TOTP, RFC 6238), and codes for when it is lost."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from markupsafe import Markup
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models.recovery_code import RecoveryCode
from models.staff import Staff

STEP_S = 30
_STEPS_OFF = 1  # a clock may be half a minute wrong either way
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read for another


def new_secret() -> str:
    """A secret for the person's app."""
    return pyotp.random_base32()


def app_address(secret: str, login: str) -> str:
    """What the app reads: an otpauth address."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Helpline")


def picture_of(address: str) -> Markup:
    """The address as a QR code: an SVG without a style or a script, which stands in the page itself."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by the library from squares; the address is not in it as text


def seal(secret: str, key: str) -> str:
    """The secret as it is stored: of no use without the installation's own key."""
    return _cipher(key).encrypt(secret.encode(), None).hex()


def open_sealed(sealed: str, key: str) -> str | None:
    """The secret again; None if the installation's key is another one now."""
    try:
        return _cipher(key).decrypt(bytes.fromhex(sealed), None).decode()
    except (InvalidTag, ValueError):
        return None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The number of the half minute to which this code belongs, if it is one of about now."""
    typed, step = "".join(code.split()), int(now.timestamp()) // STEP_S
    near = range(step - _STEPS_OFF, step + _STEPS_OFF + 1)
    totp = pyotp.TOTP(secret)
    return next((one for one in near if hmac.compare_digest(totp.at(one * STEP_S), typed)), None)


def take_code(session: Session, staff: Staff, code: str, key: str, now: datetime) -> bool:
    """True if `code` opens now: one of the app that was not used yet, or a recovery code. Each opens once."""
    secret = open_sealed(staff.second_factor or "", key)
    step = step_of(secret, code, now) if secret else None
    if step is not None:
        used = session.execute(
            update(Staff).where(Staff.id == staff.id, Staff.second_factor_step < step).values(second_factor_step=step)
        )
        return used.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # a cursor result, which the stubs hide
    return _take_recovery_code(session, staff.id, code, key, now)


def make_recovery_codes(session: Session, staff_id: int, key: str, now: datetime) -> list[str]:
    """A new set, to be shown once; the old one is void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    rows = [{"staff_id": staff_id, "code_hash": _hash(code, key), "made_at": now} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(session: Session, staff_id: int) -> int:
    """How many recovery codes are still good."""
    good = select(RecoveryCode.id).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(good).all())


def turn_off(session: Session, staff_id: int) -> None:
    """Without a second factor from now on."""
    session.execute(update(Staff).where(Staff.id == staff_id).values(second_factor=None, second_factor_step=0))
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def _take_recovery_code(session: Session, staff_id: int, code: str, key: str, now: datetime) -> bool:
    typed = "".join(one for one in code.lower() if one.isalnum())
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.code_hash == _hash(typed, key))
        .values(used_at=now)
    )
    return used.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # a cursor result, which the stubs hide


def _hash(code: str, key: str) -> str:
    return hmac.new(key.encode(), code.encode(), hashlib.sha256).hexdigest()


def _cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.blake2b(key.encode(), digest_size=64, person=b"second factor").digest())
