"""The form of one step: every value of it as a field, made from the very text that the script shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.approvals import FILE as LOCK
from flows.approvals import Approvals, fingerprint, read_approvals
from flows.editing.acts import leads_somewhere
from flows.editing.text_tree import CannotEdit, Part, Trail, find_part, prompt_words, read_parts
from flows.loading.catalogue import catalogue_file
from flows.loading.grammar import KINDS_ASKED, RESERVED, VERBS
from flows.source import Source

_SPEAK = frozenset(("say", "menu", "language", "ask", "otp", "end", "callback", "record", "sms"))
_KEYED = frozenset(("choices", "keys"))
_CHOSEN = {"kind": KINDS_ASKED, "read_back": ("yes", "no"), "interrupt": ("yes", "no"), "keep_place": ("yes", "no")}
_FACT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt with its words by language. `marks` tells of some languages that their words are missing or stale."""

    prompt: str
    words: Mapping[str, str]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One value. `kind` is way, words, one_of or text; a heading has none. `depth` is how far it is indented.

    `path` leads to it in the flow's file. `key` is the telephone key of a heading.
    """

    path: Trail
    word: str
    kind: str
    value: str = ""
    options: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    can_go: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step to be filled in. `missing` are words of its verb that it does not say yet; `ways` where it may lead.

    `languages` begin with the one that the others are translated from.
    """

    name: str
    verb: str
    fields: tuple[Field, ...]
    missing: tuple[str, ...]
    ways: tuple[str, ...]
    languages: tuple[str, ...]
    offers: bool  # has choices, so that one more can be added
    notes: str  # the note that its choices write
    free_keys: tuple[str, ...]


def read_step_form(name: str, source: Source, step: str) -> StepForm:
    """The form of `step`. Raises CannotEdit where the file cannot be read, or there is no such step."""
    root = read_parts(source.get(f"{name}.yaml", ""))
    part = find_part(root, ("steps", step))
    spoken = _languages(root)
    verb = next((child.name for child in part.children if child.name in VERBS), "")
    catalogues = {language: _catalogue(source, language) for language in spoken}
    approvals = read_approvals(source[LOCK]) if LOCK in source else None
    builder = _Builder(verb, spoken, catalogues, approvals)
    fields = tuple(field for child in part.children for field in builder.fields(child, ("steps", step, child.name)))
    present = {child.name for child in part.children}
    grammar = VERBS.get(verb)
    missing = tuple(word for word in (grammar.words(verb) if grammar else ()) if word not in present)
    steps = find_part(root, ("steps",))
    note, choices = part.child("note"), part.child("choices")
    taken = {child.name for child in choices.children} if choices else set()
    return StepForm(
        step,
        verb,
        fields,
        missing,
        (*(child.name for child in steps.children), *RESERVED),
        spoken,
        offers=verb == "menu" and choices is not None,
        notes=note.text if note and note.kind == "scalar" else "",
        free_keys=tuple(key for key in "1234567890" if key not in taken),
    )


def prompt_names(source: Source) -> list[str]:
    """Every prompt that has wording in some language."""
    files = [path for path in source if path.startswith("prompts/")]
    return sorted({name for path in files for name in _catalogue(source, path[8:-5])})


def _languages(root: Part) -> tuple[str, ...]:
    languages, named = root.child("languages"), root.child("written_in")
    spoken = tuple(one.text for one in languages.children) if languages else ()
    return tuple(sorted(spoken, key=lambda language: language != named.text)) if named else spoken


def _catalogue(source: Source, language: str) -> dict[str, str]:
    try:
        prompts = find_part(read_parts(source.get(catalogue_file(language), "")), ("prompts",))
    except CannotEdit:
        return {}
    return {part.name: prompt_words(part) for part in prompts.children}


@dataclass(frozen=True, slots=True)
class _Builder:
    verb: str
    languages: tuple[str, ...]
    catalogues: Mapping[str, Mapping[str, str]]
    approvals: Approvals | None

    def fields(self, part: Part, path: Trail) -> Iterator[Field]:
        """The fields of a part and of all that it holds, in the order of the text."""
        if part.kind == "scalar":
            yield self._field(part, path)
            return
        for number, child in enumerate(part.children):
            below = (*path, child.name if child.key else str(number))
            if path[-1] in _KEYED and child.kind == "mapping":
                yield Field(below, "key", "", key=child.name, can_go=len(part.children) > 1)
            elif child.kind == "mapping" and part.kind == "sequence":
                yield Field(below, "row", "", key=str(number + 1), can_go=len(part.children) > 1)
            yield from self.fields(child, below)

    def _field(self, part: Part, path: Trail) -> Field:
        word = path[-1] if not path[-1].isdecimal() or path[-2] in _KEYED else path[-2]
        can_go = word not in (self.verb, "say", "when") and len(path) >= 3
        if self._speaks(path):
            return Field(path, word, "words", part.text, said=tuple(self._said(part.text)))
        if leads_somewhere(path):
            required = VERBS[self.verb].outcomes if self.verb in VERBS else ()
            return Field(path, word, "way", part.text, can_go=word not in required and word not in ("go", "otherwise"))
        options = _CHOSEN.get(word, ())
        return Field(path, word, "one_of" if options else "text", part.text, options, can_go=can_go)

    def _speaks(self, path: Trail) -> bool:
        word = path[-1]
        if word == "say" or (len(path) > 3 and path[-2] == "say" and word.isdecimal()):
            return True
        return len(path) == 3 and word == self.verb and self.verb in _SPEAK

    def _said(self, prompt: str) -> Iterator[Said]:
        """The prompt, or each that may be chosen by a fact in its name."""
        if not _FACT.search(prompt):
            yield self._one(prompt)
            return
        head, tail = _FACT.split(prompt, maxsplit=1)[0], _FACT.split(prompt)[-1]
        known = {key for catalogue in self.catalogues.values() for key in catalogue}
        for key in sorted(known):
            if key.startswith(head) and key.endswith(tail) and len(key) > len(head + tail):
                yield self._one(key)

    def _one(self, prompt: str) -> Said:
        words = {language: self.catalogues[language].get(prompt, "") for language in self.languages}
        marks = {language: mark for language in self.languages if (mark := self._mark(prompt, language, words))}
        return Said(prompt, words, marks)

    def _mark(self, prompt: str, language: str, words: Mapping[str, str]) -> str:
        if not words[language]:
            return "missing"
        original = words[self.languages[0]]
        if self.approvals is None or not original or language == self.languages[0]:
            return ""
        return "" if self.approvals.get((prompt, language)) == fingerprint(original) else "stale"
