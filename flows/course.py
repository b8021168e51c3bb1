"""The course of one call through one event: a working copy of its state, and the actions so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from flows.compose import NO_KEYS, compose_choice, compose_line
from flows.flow import Flow, Step, StepBase
from flows.last_resort import apology_lines
from flows.missing import Missing
from flows.values import Action, Close, HangUp, Line, Request, Speak, State, Wait, Went

KIND_NOTE = "category"  # the note that says what a complaint is about: known, a call cut off is worth ringing back


@dataclass(frozen=True, slots=True)
class Next:
    """Where a step leads and why. `by_caller` when a key led there, so that `back` can return."""

    to: str
    why: str
    by_caller: bool = False


class Course:
    """What the verbs read and change while an event is answered. Lives for one `advance`."""

    def __init__(self, flow: Flow, state: State, at: float) -> None:
        self.flow = flow
        self.at = at
        self.version = state.version
        self.step = state.step
        self.turn = state.turn
        self.expects = state.expects
        self.language = state.language
        self.language_chosen = state.language_chosen
        self.request = state.request
        self.phase = state.phase
        self.typed = state.typed
        self.counters: Mapping[str, int] = state.counters
        self.back = state.back
        self.notes = dict(state.notes)
        self.facts = dict(state.facts)
        self.pressed_anything = state.pressed_anything
        self.given_up = state.given_up
        self.talked = state.talked
        self.faults = state.faults
        self.entered_menus_at = state.entered_menus_at
        self.waiting_since = state.waiting_since
        self.steps = state.steps
        self.told_keys = state.told_keys
        self.settled = state.settled
        self.entered_by = ""
        self.actions: list[Action] = []

    def freeze(self) -> State:
        return State(
            version=self.version,
            step=self.step,
            turn=self.turn,
            expects=self.expects,
            language=self.language,
            language_chosen=self.language_chosen,
            request=self.request,
            phase=self.phase,
            typed=self.typed,
            counters=self.counters,
            back=self.back,
            notes=self.notes,
            facts=self.facts,
            pressed_anything=self.pressed_anything,
            given_up=self.given_up,
            talked=self.talked,
            faults=self.faults,
            entered_menus_at=self.entered_menus_at,
            waiting_since=self.waiting_since,
            steps=self.steps,
            told_keys=self.told_keys,
            settled=self.settled,
        )

    # ---- knowing ------------------------------------------------------------------------------------------------

    def known(self, name: str) -> str | None:
        """The value of a note or fact; None where the call does not know it."""
        if name == "call.language":
            return self.language
        if name == "typed" and self.typed:
            return self.typed
        return self.notes.get(name) or self.facts.get(name) or None

    def first_known(self, names: Iterable[str]) -> str | None:
        return next((value for name in names if (value := self.known(name))), None)

    def note(self, name: str, value: str) -> None:
        """Write a note: a value it may hold, or what the fact of that name says now (nothing, if it is not known)."""
        declared = self.flow.notes.get(name)
        if declared is not None and value in declared.values:
            self.notes[name] = value
            return
        fact = self.known(value)
        if fact is not None:
            self.notes[name] = fact
        elif "." not in value:
            self.notes[name] = value

    def learn(self, facts: Mapping[str, str]) -> None:
        """Take in what the outside told. A name that the flow declares as a note is a note."""
        for name, value in facts.items():
            (self.notes if name in self.flow.notes else self.facts)[name] = value

    # ---- speaking -----------------------------------------------------------------------------------------------

    def languages(self) -> tuple[str, ...]:
        """The languages to speak in: all that are offered, until the caller's own is known."""
        if self.language_chosen or self.facts.get("caller.language"):
            return (self.language,)
        return self.flow.languages

    def line(self, prompt: str, *, language: str = "", keys: Mapping[str, str] = NO_KEYS) -> Line:
        return compose_line(self.flow, language or self.language, prompt, self.known, keys=keys, at=self.at)

    def choice_line(self, prompt: str, key: str) -> Line:
        return compose_choice(self.flow, self.language, prompt, key, self.known, at=self.at)

    def speak(self, lines: Iterable[Line], *, interrupt: bool) -> None:
        told = tuple(lines)
        if told:
            self.actions.append(Speak(told, interrupt))

    def say(self, step: StepBase, *prompts: str) -> None:
        """Speak prompts in the call's language, or in all before it is known."""
        lines = [self.line(prompt, language=language) for language in self.languages() for prompt in prompts]
        self.speak(lines, interrupt=step.defaults.interrupt)

    def has_prompt(self, prompt: str) -> bool:
        catalogue = self.flow.catalogues.get(self.language)
        return catalogue is not None and prompt in catalogue.prompts

    # ---- moving -------------------------------------------------------------------------------------------------

    def went(self, step: str, why: str, to: str) -> None:
        self.actions.append(Went(self.turn, step, why, to))

    def enter(self, target: str, entered_by: str) -> Step:
        """Stand at the step `target`."""
        step = self.flow.steps.get(target)
        if step is None:
            raise Missing(target)
        self.step = target
        self.entered_by = entered_by
        self.phase = ""
        self.typed = ""
        self.counters = {}
        if target in self.back:
            self.back = self.back[: self.back.index(target)]
        return step

    # ---- stopping -----------------------------------------------------------------------------------------------

    def wait(self, action: Wait, expects: Literal["keys", "recording", "queue", "over"]) -> None:
        """End the turn: nothing more happens until the caller does something."""
        self.actions.append(action)
        self.expects = expects
        self.turn += 1
        self.request = 0
        self.steps = 0

    def next_request(self) -> int:
        self.request += 1
        return self.request

    def ask_outside(self, request: Request) -> None:
        """Pause the turn until the outside has answered."""
        self.actions.append(request)
        self.expects = "answer"

    def close(self, *, abandoned: bool | None = None) -> None:
        """The call is over: say so with its notes, and whether somebody should ring back."""
        missed = self.is_abandoned() if abandoned is None else abandoned
        self.actions.append(Close(missed, dict(self.notes)))
        self.expects = "over"

    def hang_up(self, *, abandoned: bool | None = None) -> None:
        self.close(abandoned=abandoned)
        self.wait(HangUp(), "over")

    def is_abandoned(self) -> bool:
        """Nobody has helped the caller yet, and the kind or a number of theirs is known, or they stood in line."""
        if self.talked or self.settled:
            return False
        return self.waiting_since > 0 or KIND_NOTE in self.notes or self._gave_number()

    def resort_to_last(self) -> None:
        """The built-in end when all else has failed: apologise, hang up, and have the call rung back."""
        can_ring_back = self.known("caller.number") is not None or self._gave_number()
        self.speak(apology_lines(self.languages(), can_ring_back=can_ring_back), interrupt=False)
        self.hang_up(abandoned=True)

    def _gave_number(self) -> bool:
        return any(declared.kind == "mobile" for name in self.notes if (declared := self.flow.notes.get(name)))
