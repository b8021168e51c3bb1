"""The words of the screens, in three languages: words/bn.yaml, words/en.yaml, words/hi.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from flask import has_request_context, request, session
from flask_login import current_user

from agent_console.digits import in_digits

LANGUAGES = {"bn": "বাংলা", "en": "English", "hi": "हिन्दी"}
DEFAULT = "en"
_FOLDER = Path(__file__).with_name("words")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every word of the screens in `language`, by key."""
    text = (_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    # It makes nothing but strings of what is written: "No" stays a word.
    words: dict[str, str] = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506
    return words


def say(key: str, language: str | None = None, /, **blanks: object) -> str:
    """The words for `key`, with its blanks filled in. KeyError for a key that no catalogue has.

    A count goes in as a number and is written in the language's digits; text, such as a reference, goes in as it is.
    """
    spoken = language or screen_language()
    text = catalogue(spoken)[key]
    written = {name: in_digits(blank, spoken) if isinstance(blank, int) else blank for name, blank in blanks.items()}
    return text.format(**written) if written else text


def screen_language() -> str:
    """What this person reads: their own choice, else that of the sign-in page, else of the browser.

    The session keeps their own for the page that says that the store, which knows them, is away.
    """
    if not has_request_context():
        return DEFAULT
    if current_user.is_authenticated:
        return str(current_user.screen_language)
    chosen = session.get("screen_language") or session.get("own_language")
    return chosen or request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def name_in(names: Mapping[str, str], language: str | None = None) -> str:
    """A name kept in several languages, in the one asked for, else in English, else in any."""
    wanted = names.get(language or screen_language()) or names.get(DEFAULT)
    return wanted or next(iter(names.values()), "")
