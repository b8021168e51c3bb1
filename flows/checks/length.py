"""W02: menus that can be listened to."""

import math
from collections.abc import Callable

from flows.flow import Catalogue, Menu, Prompt
from flows.loading.draft import Draft
from flows.seconds import seconds_of_text

Duration = Callable[[str, str], float]
"""Seconds that a text takes when spoken in a language; guessed from its length where no voice is at hand."""

MOST_CHOICES = 5
LONGEST_SECONDS = 12.0
_PAUSE = 0.4  # between two lines, seconds
_BLANK = 6  # characters of a blank once it is filled, a middling value


def check_length(draft: Draft, duration: Duration = seconds_of_text) -> None:
    """W02, in the language in which it takes longest."""
    for step in draft.steps.values():
        if isinstance(step, Menu):
            seconds = max(
                (menu_seconds(catalogue, step, duration) for catalogue in draft.catalogues.values()), default=0
            )
            if len(step.choices) > MOST_CHOICES or seconds > LONGEST_SECONDS:
                draft.report(step.at, "W02", _sentence(step, seconds))


def _sentence(step: Menu, seconds: float) -> str:
    listening = f"about {math.ceil(seconds)} seconds"
    if len(step.choices) > MOST_CHOICES:
        sentence = f'step "{step.name}" offers {len(step.choices)} choices ({listening} to listen to).'
        return f"{sentence} Most callers cope with {MOST_CHOICES}."
    sentence = f'step "{step.name}" takes {listening} to listen to.'
    return f"{sentence} Most callers cope with {LONGEST_SECONDS:.0f}; use fewer words or choices."


def menu_seconds(catalogue: Catalogue, step: Menu, duration: Duration) -> float:
    """How long a caller listens to the whole menu once."""
    lines = [_text(catalogue.prompts.get(step.prompt))]
    for choice in step.choices:
        said = _text(catalogue.prompts.get(choice.say))
        lines.append(_text(catalogue.key_line).replace("{say}", said).replace("{key}", choice.key))
    return sum(duration(line, catalogue.language) for line in lines) + _PAUSE * (len(lines) - 1)


def _text(prompt: Prompt | None) -> str:
    if prompt is None:
        return ""
    parts = [
        f"{{{text.blank}}}" if text.blank in ("say", "key") else text.words or "0" * _BLANK for text in prompt.texts
    ]
    return "".join(parts)
