"""Flows that a flow runs, put in the place of the steps that run them.

Each step that runs a flow gets steps of its own, called `STEP/their name`, so that every rule of the checker, and the
interpreter, meets one flow without joints: a result leads where just this step says.
"""

from collections.abc import Callable
from dataclasses import replace

from flows.flow import NoteType, Run
from flows.loading.draft import Draft, RunNode, Way
from flows.loading.facts import check_value, is_fact
from flows.ways import redirected

MOST_STEPS = 20_000  # of one flow with all that it runs: flows that run each other twice double at each level

ReadPart = Callable[[Draft, str], Draft | None]
"""Reads the flow of a name as a part of a draft; None, with something reported, if it cannot be."""


def expand_runs(draft: Draft, read_part: ReadPart) -> None:
    """Replace each `run` by the steps of the flow that it names. A part that many steps run is read once."""
    parts: dict[str, Draft | None] = {}
    for name, node in draft.runs.items():
        if node.flow not in parts:
            part = parts[node.flow] = read_part(draft, node.flow)
            draft.findings += part.findings if part else ()
        part = parts[node.flow]
        step = draft.steps.get(name)
        if part is None or not isinstance(step, Run):
            draft.unsure.add(name)
        elif len(draft.steps) + len(part.steps) > MOST_STEPS:
            sentence = f'step "{name}" runs "{node.flow}", and with it the flow has more than {MOST_STEPS} steps.'
            draft.report(node.at, "E14", f"{sentence} Flows that run others many times over are the reason.")
            draft.unsure.add(name)
        else:
            _check_results(draft, name, node, part)
            _check_given(draft, name, node, part)
            _share_notes(draft, name, node, part)
            _Splice(draft, part, name, step).run()


def _check_results(draft: Draft, name: str, node: RunNode, part: Draft) -> None:
    for result, at in node.wired.items():
        if result not in part.results:
            hint = draft.suggest(result, part.results) or f" It has: {', '.join(part.results) or 'none'}."
            draft.report(at, "E03", f'step "{name}": "{node.flow}" has no result "{result}".{hint}')
    for result in part.results:
        if result not in node.wired:
            sentence = f'step "{name}" does not say what happens for the result "{result}" of "{node.flow}".'
            draft.report(node.at, "E04", f"{sentence} Callers in that situation would be cut off.")
            draft.unsure.add(name)


def _check_given(draft: Draft, name: str, node: RunNode, part: Draft) -> None:
    for note, value, at in node.given:
        kept = part.notes.get(note)
        if kept is None:
            hint = draft.suggest(note, part.notes) or f" Declare it under notes of {part.file}."
            draft.report(
                at, "E13", f'step "{name}" passes "{note}", but "{node.flow}" has no note with that name.{hint}'
            )
        elif is_fact(draft, value):
            told = draft.facts.get(value, NoteType())
            for one in told.values if kept.values and told.kind is None else ():
                check_value(draft, at, note, kept, one)
        else:
            check_value(draft, at, note, kept, value)


def _share_notes(draft: Draft, name: str, node: RunNode, part: Draft) -> None:
    """Notes belong to the call: where both flows have one of a name, it is the same, and must hold the same."""
    for note, kept in part.notes.items():
        ours = draft.notes.setdefault(note, kept)
        draft.facts[note] = ours
        draft.note_places.setdefault(note, part.note_places[note])
        if ours != kept:
            sentence = f'step "{name}" runs "{node.flow}", where the note "{note}" holds something else than here.'
            draft.report(node.at, "E13", f"{sentence} Declare it alike in both, or give one of them another name.")


class _Splice:
    def __init__(self, draft: Draft, part: Draft, name: str, step: Run) -> None:
        self.draft = draft
        self.part = part
        self.name = name
        self.step = step

    def run(self) -> None:
        begins = self.rename(self.part.start) if self.part.start else ""
        draft, name = self.draft, self.name
        # What a result leads to is said by the steps that end in it.
        draft.ways = [way for way in draft.ways if way.step != name]
        if begins:
            draft.ways.append(Way(name, "run", begins, self.step.at, True))
        draft.steps[name] = replace(self.step, begins=begins)
        for inner, step in self.part.steps.items():
            known = self.inner(inner)
            draft.steps[known] = replace(redirected(step, self.rename), name=known)
        draft.step_places |= {self.inner(inner): at for inner, at in self.part.step_places.items()}
        draft.part_files |= {self.part.file, *self.part.part_files}
        draft.unsure |= {self.inner(inner) for inner in self.part.unsure}
        draft.ways += [replace(way, step=self.inner(way.step), to=self.rename(way.to)) for way in self.part.ways]
        draft.wordings += [replace(wording, step=self.inner(wording.step)) for wording in self.part.wordings]

    def inner(self, step: str) -> str:
        return f"{self.name}/{step}" if step else ""

    def rename(self, to: str) -> str:
        """Reserved words, and settings taken over from the runner, mean for the part what they mean for its runner."""
        if to in self.part.step_places:
            return self.inner(to)
        if to in self.part.results:
            ours = self.step.results.get(to, "")
            # To repeat is to run the other flow once more.
            return self.name if ours == "repeat" else ours
        return to
