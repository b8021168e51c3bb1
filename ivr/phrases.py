"""The few words the telephone itself says, whatever flow is published."""

from collections.abc import Iterable, Mapping

from flows.last_resort import APOLOGY, CALL_AGAIN, RING_BACK
from flows.values import Line, Words

LANGUAGES = ("bn", "en", "hi")

ONE_MOMENT = {
    "bn": "এক মুহূর্ত অপেক্ষা করুন।",
    "en": "One moment, please.",
    "hi": "कृपया एक क्षण रुकें।",
}

# To a named caller, before the draft of the menus that they hear instead of what everybody hears.
TRIAL = {
    "bn": "এটি মেনুর একটি পরীক্ষামূলক রূপ।",
    "en": "This is a trial of the menu.",
    "hi": "यह मेनू का परीक्षण है।",
}


def in_all_languages(*phrases: Mapping[str, str]) -> list[tuple[str, str]]:
    """The phrases as units of (language, text), one language after the other."""
    return [(language, phrase[language]) for language in LANGUAGES for phrase in phrases]


def in_language(language: str, phrase: Mapping[str, str]) -> list[tuple[str, str]]:
    """The phrase as one unit, in English where the language has none."""
    return [(language, phrase[language])] if language in phrase else [("en", phrase["en"])]


def trial_lines(language: str | None, languages: tuple[str, ...]) -> tuple[Line, ...]:
    """That this is a trial, in the language that the caller is known by, else in each of these."""
    spoken = (language,) if language in languages else languages
    return tuple(Line(tongue, "trial", (Words("trial", TRIAL[tongue]),)) for tongue in spoken if tongue in TRIAL)


def all_units() -> Iterable[tuple[str, str]]:
    """Every unit of (language, text), for rendering ahead."""
    return in_all_languages(APOLOGY, RING_BACK, CALL_AGAIN, ONE_MOMENT, TRIAL)
