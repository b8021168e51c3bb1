"""W02: menus that can be listened to."""

import math
from collections.abc import Iterator
from operator import itemgetter

from flows.compose import Known, compose_choice, compose_line
from flows.flow import Menu, Prompt
from flows.loading.draft import Draft
from flows.seconds import Clip, no_clips, seconds_of, sort_units
from flows.values import Line

MOST_CHOICES = 5
LONGEST_SECONDS = 12.0
# A value of each kind that is neither short nor long.
MIDDLING = {
    "number": "12",
    "digits": "9830012345",
    "date": "2026-12-09",
    "time": "10:30",
    "day_time": "2026-12-09T10:30:00+05:30",
    "money": "250",
}


def check_length(draft: Draft, clip: Clip = no_clips) -> None:
    """W02, in the language in which it takes longest."""
    for step in draft.steps.values():
        if not isinstance(step, Menu):
            continue
        heard = [list(_lines(draft, language, step)) for language in draft.catalogues]
        took = [seconds_of(lines, clip) for lines in heard]
        seconds, longest = max(zip(took, heard, strict=True), key=itemgetter(0), default=(0.0, []))
        if len(step.choices) > MOST_CHOICES or seconds > LONGEST_SECONDS:
            about = "about " if sort_units(longest, clip)[1] else ""
            draft.report(step.at, "W02", _sentence(step, f"{about}{math.ceil(seconds)} seconds"))


def _sentence(step: Menu, listening: str) -> str:
    if len(step.choices) > MOST_CHOICES:
        sentence = f'step "{step.name}" offers {len(step.choices)} choices ({listening} to listen to).'
        return f"{sentence} Most callers cope with {MOST_CHOICES}."
    sentence = f'step "{step.name}" takes {listening} to listen to.'
    return f"{sentence} Most callers cope with {LONGEST_SECONDS:.0f}; use fewer words or choices."


def _lines(draft: Draft, language: str, step: Menu) -> Iterator[Line]:
    """The menu as it is heard once. Wording that is missing is another rule's."""
    prompts = draft.catalogues[language].prompts
    if step.prompt in prompts:
        yield compose_line(draft, language, step.prompt, _middling(prompts[step.prompt]))
    for choice in step.choices:
        if choice.say in prompts:
            yield compose_choice(draft, language, choice.say, choice.key, _middling(prompts[choice.say]))


def _middling(prompt: Prompt) -> Known:
    kinds = {text.blank: text.kind for text in prompt.texts if text.blank}
    return lambda name: MIDDLING.get(kinds.get(name, ""), "0" * 6)
