"""Digits of the screen's language, and back. What people copy or dial never comes here: it stays in Latin digits."""

from functools import cache

from babel import Locale

_LATIN = "0123456789"
# By the names of the Unicode CLDR, which also says which of them a language writes by default.
_SYSTEMS = {"latn": _LATIN, "beng": "০১২৩৪৫৬৭৮৯"}


def in_digits(shown: object, language: str) -> str:
    """`shown` with its digits as readers of `language` write them: Bengali ones in Bengali, Latin ones elsewhere."""
    return str(shown).translate(_table(language))


def latin_digits(typed: str) -> str:
    """`typed` with the digits of every script made Latin: a Bengali or Hindi keyboard types its own."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in typed)


def only_digits(typed: str) -> str:
    """The digits of what was typed, in Latin: of a reference with dashes or spaces those that it is kept with."""
    return "".join(filter(str.isdecimal, latin_digits(typed)))


@cache
def _table(language: str) -> dict[int, int]:
    system = str(Locale.parse(language).default_numbering_system)
    return str.maketrans(_LATIN, _SYSTEMS.get(system, _LATIN))
