"""A flow read aloud on paper: what a caller of one language hears, in order, with keys and seconds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flows.compose import NO_KEYS, compose_choice, compose_line
from flows.flow import (
    Ask,
    Callback,
    ChooseLanguage,
    End,
    Flow,
    LookUp,
    Menu,
    NoteType,
    Otp,
    Queue,
    Record,
    Run,
    Say,
    Sms,
    Step,
    TryOut,
)
from flows.saying import written
from flows.seconds import Clip, no_clips, seconds_of
from flows.steps import ask, record
from flows.values import Line
from flows.verb_names import verb_of
from flows.ways import ways_of

_FACT = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Heard:
    """One line as it is spoken, and where a key pressed on it leads."""

    line: Line
    key: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One step: what it says, and where it goes by itself."""

    step: str
    verb: str
    heard: tuple[Heard, ...]
    onward: Mapping[str, str]


def read_aloud(flow: Flow, language: str, clip: Clip = no_clips) -> str:
    """The whole flow as text. Blanks stand in braces."""
    parts = [f"{flow.title}: what a caller hears in {language}\n"]
    parts += [_print(page, clip) for page in read_pages(flow, language)]
    return "\n".join(parts)


def read_pages(flow: Flow, language: str) -> Iterator[Page]:
    """Every step that a caller can come to, in the order in which a call meets them."""
    reader = _Reader(flow, language)
    for name in _in_order(flow):
        yield reader.read(flow.steps[name])


def _print(page: Page, clip: Clip) -> str:
    seconds = f"   {seconds_of((heard.line for heard in page.heard), clip):.0f} s" if page.heard else ""
    rows = [f"{page.step} ({page.verb}){seconds}"]
    for heard in page.heard:
        leads = f"   -> {heard.to}" if heard.to else ""
        rows.append(f"  {heard.key or ' '}  {written(heard.line)}{leads}")
    rows += [f"       {why}: {to}" for why, to in page.onward.items()]
    return "\n".join(rows) + "\n"


def _in_order(flow: Flow) -> list[str]:
    """Steps from the start on, a way at a time; each once. What is only reached otherwise comes last."""
    seen: dict[str, None] = {}
    open_ways = [flow.start]
    while open_ways:
        name = open_ways.pop()
        if name in seen or name not in flow.steps:
            continue
        seen[name] = None
        open_ways += [_resolve(flow, to) for to in reversed(list(_destinations(flow.steps[name])))]
    return [*seen, *(name for name in flow.steps if name not in seen)]


def _resolve(flow: Flow, to: str) -> str:
    return {"home": flow.home, "person": flow.person}.get(to, to)


def _destinations(step: Step) -> Iterator[str]:
    """Every destination that a step names, keys first."""
    if isinstance(step, Menu):
        yield from (choice.go for choice in step.choices if choice.go)
        yield from (step.then,) if step.then else ()
    if isinstance(step, Queue):
        yield from (way.go for way in step.waiting.keys)
    yield from _onward(step).values()


def _onward(step: Step) -> dict[str, str]:
    """Where a step leads by itself, by the name of the outcome as one says it."""
    match step:
        case Run():
            return {f"runs {step.flow}": step.begins}
        case TryOut():
            return {f"{way.name}, {way.share} of 100": way.go for way in step.ways}
        case LookUp():
            return dict(step.outcomes)
    by_itself = {why: to for why, to in ways_of(step).items() if why != "on_error" and not why.startswith("key ")}
    return {"gives up" if why == "give_up" else why.replace("_", " "): to for why, to in by_itself.items()}


class _Reader:
    def __init__(self, flow: Flow, language: str) -> None:
        self.flow = flow
        self.language = language

    def read(self, step: Step) -> Page:
        return Page(step.name, verb_of(step), tuple(self.heard(step)), _onward(step))

    def heard(self, step: Step) -> Iterator[Heard]:
        match step:
            case Say():
                yield from (Heard(self.line(key)) for prompt in step.prompts for key in self.keys_of(prompt))
            case ChooseLanguage():
                yield from (
                    Heard(self.line(step.prompt, {"key": key}, language), key) for key, language in step.choices.items()
                )
            case Menu():
                yield Heard(self.line(step.prompt))
                yield from (
                    self.choice(choice.say, choice.key, choice.go or step.then or "") for choice in step.choices
                )
                yield from self.keys_everywhere(step)
            case Ask():
                yield Heard(self.line(step.prompt))
                if step.read_back:
                    yield Heard(self.line("std_you_entered"))
                    yield self.choice("std_correct", ask.CORRECT, step.then)
                    yield self.choice("std_enter_again", ask.ENTER_AGAIN, "repeat")
            case Otp():
                yield Heard(self.line("std_code_sent"))
                yield Heard(self.line(step.prompt))
            case Queue():
                yield from (Heard(self.line(prompt)) for prompt in step.waiting.say)
                yield from (self.choice(way.say, way.key, way.go) for way in step.waiting.keys)
            case Record():
                yield Heard(self.line(step.prompt, {"finish_key": step.finish_key}))
                if step.listen_back:
                    yield self.choice("std_keep_message", record.KEEP, step.recorded)
                    yield self.choice("std_record_again", record.AGAIN, "repeat")
            case Callback() | Sms() | End():
                yield Heard(self.line(step.prompt))

    def keys_everywhere(self, step: Menu) -> Iterator[Heard]:
        everywhere = self.flow.keys_everywhere
        if everywhere.told_in == step.name:
            keys = {meaning: key for key, meaning in everywhere.keys.items()}
            yield Heard(self.line("std_keys_everywhere", keys))

    def line(self, prompt: str, keys: Mapping[str, str] = NO_KEYS, language: str = "") -> Line:
        return compose_line(self.flow, language or self.language, prompt, _in_braces, keys=keys)

    def choice(self, say: str, key: str, to: str) -> Heard:
        return Heard(compose_choice(self.flow, self.language, say, key, _in_braces), key, to)

    def keys_of(self, prompt: str) -> Iterable[str]:
        """The prompts that one chosen by a fact can be."""
        fact = _FACT.search(prompt)
        if fact is None:
            return [prompt]
        kept = self._declared(fact[1])
        return [prompt.replace(fact[0], value) for value in (kept.values if kept else ())]

    def _declared(self, name: str) -> NoteType | None:
        if name in self.flow.notes:
            return self.flow.notes[name]
        outcomes = (outcome for look_up in self.flow.look_ups.values() for outcome in look_up.outcomes.values())
        return next((outcome.facts[name] for outcome in outcomes if name in outcome.facts), None)


def _in_braces(name: str) -> str:
    return f"{{{name}}}"
