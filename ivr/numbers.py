"""Who is calling: the provider's From, which may be a number, a word or nothing, made into E.164 and a kind."""

from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

Kind = Literal["mobile", "landline", "foreign", "withheld"]

_HOME = "IN"
_HOME_CODE = 91
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller's number as E.164, or None where there is none that could be rung; `raw` is what the provider said."""

    number: str | None
    kind: Kind
    raw: str


def identify(raw: str) -> Caller:
    """Tell who calls. `anonymous`, `client:...`, an empty text and junk count as withheld."""
    number = to_e164(raw)
    return Caller(number, _kind_of(number), raw) if number else Caller(None, "withheld", raw)


def to_e164(raw: str) -> str | None:
    """A telephone number as E.164, however it was written; without a country it is an Indian one. None for junk."""
    raw = raw.strip()
    if _is_plain_mobile(raw):
        return raw
    try:
        number = phonenumbers.parse(raw, _HOME)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _kind_of(number: str) -> Kind:
    if _is_plain_mobile(number):
        return "mobile"
    parsed = phonenumbers.parse(number)
    if parsed.country_code != _HOME_CODE:
        return "foreign"
    return "mobile" if phonenumbers.number_type(parsed) in _MOBILE else "landline"


def _is_plain_mobile(raw: str) -> bool:
    """What nearly every caller sends; told without the library, which takes a hundred times as long."""
    return len(raw) == 13 and raw[:3] == "+91" and raw[3] in "6789" and raw[4:].isdecimal() and raw.isascii()
