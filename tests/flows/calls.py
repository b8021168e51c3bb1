"""Flows and calls for the tests of this room."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from flows.calendar_file import load_calendars
from flows.dialogue import Dialogue
from flows.flow import Flow
from flows.loader import load_flow
from flows.saying import written
from flows.source import read_source
from flows.values import Arrived
from flows.world import INDIA, Told, World

ROOM = Path(__file__).resolve().parents[2] / "flows"
OPEN = datetime(2026, 12, 1, 11, 0, tzinfo=INDIA).timestamp()  # a Tuesday
CLOSED = datetime(2026, 12, 1, 22, 0, tzinfo=INDIA).timestamp()
HOLIDAY = datetime(2027, 1, 26, 11, 0, tzinfo=INDIA).timestamp()
MOBILE = "+919830012345"
KEY_LINES = {"bn": "{say} {key} টিপুন।", "en": "{say}, press {key}.", "hi": "{say} {key} दबाएँ।"}


@cache
def shipped() -> Flow:
    return load_flow("helpline", read_source(ROOM))


@cache
def shipped_calendars() -> Any:
    return load_calendars((ROOM / "calendars.yaml").read_text(encoding="utf-8"))


def small_flow(
    steps: str, *, head: str = "", prompts: dict[str, str] | None = None, languages: str = "bn, en, hi", **more: str
) -> Flow:
    """A flow of just these steps. Wording that is not given is the key itself with the language before it."""
    source = small_source(steps, head=head, prompts=prompts, languages=languages)
    return load_flow("small", source | more)


def small_source(
    steps: str, *, head: str = "", prompts: dict[str, str] | None = None, languages: str = "bn, en, hi"
) -> dict[str, str]:
    """The files of such a flow."""
    text = f"flow: small\nformat: 1\ntitle: Small\nlanguages: [{languages}]\nwritten_in: en\n"
    if "start:" not in head:
        text += f"start: {steps.strip().split(':')[0]}\n"
    if "person:" not in head:
        text += "person: talk\n"
    if "home:" not in head:
        text += f"home: {steps.strip().split(':')[0]}\n"
    text += head + "\nsteps:\n" + steps
    if "\n  talk:" not in steps:
        text += "\n  talk:\n    end: bye\n"
    source = {"small.yaml": text}
    for language in languages.replace(" ", "").split(","):
        words = {**dict.fromkeys(_keys_in(text), ""), **STANDARD, **(prompts or {})}
        lines = "".join(f'  {key}: "{language}: {value or key}"\n' for key, value in words.items())
        source[f"prompts/{language}.yaml"] = (
            f'language: {language}\nlocale: {language}-IN\nkey_line: "{KEY_LINES[language]}"\nprompts:\n{lines}'
        )
    return source


STANDARD = {
    "std_you_entered": "entered {typed|digits}",
    "std_keys_everywhere": "back {back} repeat {repeat} person {person}",
}


STANDARD_KEYS = (
    "std_correct std_enter_again std_bad_mobile std_bad_reference std_code_sent std_code_wrong "
    "std_keep_message std_record_again std_yes std_no key_star key_hash"
)


def _keys_in(text: str) -> list[str]:
    """Every word of the flow is offered as wording; one too many does no harm."""
    found = [word.strip("\"',:{}[]") for word in text.replace(",", " ").split()]
    return list(dict.fromkeys([word for word in found if word.isidentifier()] + STANDARD_KEYS.split()))


def dial(
    flow: Flow | None = None,
    *,
    at: float = OPEN,
    number: str | None = MOBILE,
    kind: Literal["mobile", "landline", "foreign", "withheld"] | None = None,
    remembered: str | None = None,
    confirmed: bool = False,
    answers: dict[str, Told] | None = None,
) -> Dialogue:
    arrived = Arrived(
        at=at,
        number=number,
        number_kind=kind or ("mobile" if number else "withheld"),
        returning=remembered is not None or confirmed,
        remembered_language=remembered,
        number_confirmed=confirmed,
    )
    world = World(calendars=shipped_calendars(), answers=answers or {})
    return Dialogue(flow or shipped(), world, arrived)


def said(call: Dialogue) -> list[str]:
    """What was heard since the caller last did something."""
    return [written(line) for line in call.fresh]


def keys_of(call: Dialogue) -> list[str]:
    return [line.prompt for line in call.fresh]
