"""What a caller hears while standing in line."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.compose import Known, catalogue_of, compose_choice, compose_line, prompt_of
from flows.flow import Flow, Prompt, Queue
from flows.missing import Missing
from flows.values import Line, State


@dataclass(frozen=True, slots=True)
class Waiting:
    """The content of one wait document: `lines`, then `music`, again every `every` seconds; `keys` lead out."""

    lines: tuple[Line, ...]
    music: str
    every: float
    keys: tuple[str, ...]


SILENCE = Waiting((), "", 10.0, ())


def while_waiting(flow: Flow, state: State, facts: Mapping[str, str], *, at: float = 0.0) -> Waiting:
    """What a call in a queue step hears now. `facts` are live ones (`queue.place`); `at` is Unix seconds.

    A line with a value that is not known is left out rather than said with a gap. A call that stands in no queue
    hears nothing.
    """
    step = flow.steps.get(state.step)
    if not isinstance(step, Queue):
        return SILENCE

    def known(name: str) -> str | None:
        return facts.get(name) or state.notes.get(name) or state.facts.get(name) or None

    try:
        catalogue = catalogue_of(flow, state.language)
        tellable = [key for key in step.waiting.say if _can_be_told(prompt_of(catalogue, key), known)]
        lines = [compose_line(flow, state.language, key, known, at=at) for key in tellable]
        lines += [compose_choice(flow, state.language, way.say, way.key, known, at=at) for way in step.waiting.keys]
    except Missing:
        lines = []
    return Waiting(tuple(lines), step.waiting.music, step.waiting.every, tuple(way.key for way in step.waiting.keys))


def _can_be_told(prompt: Prompt, known: Known) -> bool:
    return all(known(text.blank) is not None for text in prompt.texts if text.blank)
