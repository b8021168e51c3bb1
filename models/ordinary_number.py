"""Numbers that may be rung at the helpline's expense at somebody's wish."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_HOME_CODE = 91
_ORDINARY = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def is_ordinary(number: str) -> bool:
    """Whether this number (E.164) is an Indian mobile or landline: none abroad, and none that earns by being rung."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    return parsed.country_code == _HOME_CODE and phonenumbers.number_type(parsed) in _ORDINARY
