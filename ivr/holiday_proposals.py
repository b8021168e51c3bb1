"""Holidays of West Bengal as the `holidays` library knows them, proposed to whoever keeps a calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from holidays import country_holidays

_LANGUAGES = {"bn": "bn", "en": "en_IN", "hi": "hi"}
_ESTIMATED = "(estimated)"
# What the library calls a day, and the name by which our prompts speak of it (holiday_NAME).
_NAMES = {
    "ambedkar": "ambedkar_birthday",
    "bakrid": "eid_al_adha",
    "bhai duj": "bhai_phonta",
    "birsa munda": "birsa_munda_birthday",
    "buddha purnima": "buddha_purnima",
    "chhath": "chhath",
    "christmas": "christmas",
    "gandhi": "gandhi_jayanti",
    "good friday": "good_friday",
    "guru nanak": "guru_nanak_birthday",
    "holi": "doljatra",
    "id-ul-fitr": "eid_al_fitr",
    "independence": "independence_day",
    "janmashtami": "janmashtami",
    "kali puja": "kali_puja",
    "mahalaya": "mahalaya",
    "mahanavami": "durga_puja",
    "mahasaptami": "durga_puja",
    "mahashtami": "durga_puja",
    "mahavir": "mahavir_birthday",
    "may day": "may_day",
    "muharram": "muharram",
    "netaji": "netaji_birthday",
    "pohela boishakh": "bengali_new_year",
    "republic": "republic_day",
    "saraswati": "saraswati_puja",
    "shivaratri": "shivaratri",
    "tagore": "tagore_birthday",
    "vijayadashami": "durga_puja",
    "vivekananda": "vivekananda_birthday",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day that may be a holiday. `name` is that of a prompt of ours, "" where none speaks of it.

    `is_estimated` where the moon decides, so that the day may still move.
    """

    day: date
    title: str
    name: str
    is_estimated: bool


def propose_holidays(year: int, language: str, spoken: Collection[str]) -> list[Proposal]:
    """The holidays of one year in order, titled in `language`; `spoken` are the names that prompts can say."""
    titles = country_holidays("IN", subdiv="WB", years=year, language=_LANGUAGES.get(language, "en_IN"))
    known = country_holidays("IN", subdiv="WB", years=year, language="en_IN")
    return [Proposal(day, titles.get(day, title), *_name(title, spoken)) for day, title in sorted(known.items())]


def _name(title: str, spoken: Collection[str]) -> tuple[str, bool]:
    """The first of the day's holidays that a prompt can name, and whether its day is estimated."""
    pieces = title.lower().split(";")
    for piece in pieces:
        found = next((name for words, name in _NAMES.items() if words in piece), "")
        if found in spoken:
            return found, _ESTIMATED in piece
    return "", _ESTIMATED in pieces[0]
