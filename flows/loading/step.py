"""One step on its way from the file into its compiled form: what the readers of all verbs need."""

from dataclasses import dataclass
from typing import TypedDict

from flows.flow import Defaults, Place
from flows.loading.destination import read_way
from flows.loading.draft import Draft, Wording
from flows.loading.fields import Fields


class Base(TypedDict):
    """What every compiled step begins with."""

    name: str
    at: Place
    defaults: Defaults


@dataclass(frozen=True, slots=True)
class StepNode:
    """`name` stands at `at`; `fields` are its words, `verb` one of them."""

    draft: Draft
    name: str
    verb: str
    at: Place
    fields: Fields
    defaults: Defaults

    def base(self) -> Base:
        return {"name": self.name, "at": self.at, "defaults": self.defaults}

    def way(self, word: str, *, automatic: bool = True) -> str:
        """A required outcome (E04)."""
        if self.fields.has(word) and not self._is_blank(word):
            return read_way(
                self.draft,
                self.fields.node(word),
                self.name,
                word,
                self.fields.key_at(word),
                automatic=automatic,
            )
        if word in self.fields.guessed:
            self.draft.unsure.add(self.name)
        else:
            at = self.fields.key_at(word) if self.fields.has(word) else self.at
            self.report_unwired(at, f'"{word}"')
        return ""

    def _is_blank(self, word: str) -> bool:
        return getattr(self.fields.node(word), "text", None) == ""

    def report_unwired(self, at: Place, situation: str) -> None:
        """E04: what happens in a situation is not said."""
        self.draft.unsure.add(self.name)
        sentence = f'step "{self.name}" does not say what happens for {situation}.'
        self.draft.report(at, "E04", f"{sentence} Callers in that situation would be cut off.")

    def prompt(self, word: str, *, given: tuple[str, ...] = (), as_text: bool = False) -> str:
        """The one prompt after a word."""
        scalar = self.fields.scalar(word)
        if scalar is None:
            return ""
        self.draft.wordings.append(Wording(scalar.text, scalar.at, self.name, as_text, given))
        return scalar.text

    def prompts(self, word: str) -> tuple[str, ...]:
        """One prompt or a list of them."""
        scalars = self.fields.scalars(word)
        for scalar in scalars:
            self.draft.wordings.append(Wording(scalar.text, scalar.at, self.name))
        return tuple(scalar.text for scalar in scalars)
