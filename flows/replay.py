"""Calls that were made, played on a draft: which of them would end elsewhere, and how long they would listen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.exploration.trials import open_trials
from flows.flow import Flow
from flows.replayed.recorded import RecordedCall, doings_of
from flows.replayed.replayer import Replayer
from flows.seconds import Clip, no_clips
from flows.sentences.sentence import sentence, write_count
from flows.values import Went

__all__ = ["Parting", "RecordedCall", "Replayed", "replay_calls"]

_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Parting:
    """A call that ends elsewhere: the step at which it leaves the way that it went, and both ends."""

    sid: str
    step: str
    before: str
    after: str

    def tell(self, language: str) -> str:
        return sentence(language, "parting", step=self.step, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Replayed:
    """`seconds_before` and `seconds_after` are what a caller hears who interrupts nothing, on average.

    `unplayable` calls do not even go as recorded on the version that they were made with: keys of a one-time code, or
    wrong ones, are not recorded.
    """

    calls: int
    same: int
    partings: tuple[Parting, ...]
    unplayable: int
    seconds_before: float
    seconds_after: float

    def tell(self, language: str) -> str:
        """`212 of 230 calls end in the same place; 18 differ: ...`, and how long they listen."""
        if not self.calls:
            told = [sentence(language, "replay_none")]
        elif not self.partings:
            told = [sentence(language, "replay_all_same", calls=write_count(language, self.calls))]
        else:
            told = [self._tell_partings(language)]
        if self.unplayable:
            told.append(sentence(language, "replay_unplayable", count=write_count(language, self.unplayable)))
        if self.calls:
            before, after = (write_count(language, one) for one in (self.seconds_before, self.seconds_after))
            told.append(sentence(language, "replay_seconds", before=before, after=after))
        return " ".join(told)

    def _tell_partings(self, language: str) -> str:
        kinds = Counter((parting.before, parting.after, parting.step) for parting in self.partings)
        told = [
            sentence(
                language,
                "replay_parting",
                count=write_count(language, count),
                before=before,
                after=after,
                step=step,
            )
            for (before, after, step), count in kinds.most_common(_MOST_TOLD)
        ]
        rest = sum(count for _, count in kinds.most_common()[_MOST_TOLD:])
        if rest:
            told.append(sentence(language, "replay_more", count=write_count(language, rest)))
        numbers = {"same": self.same, "calls": self.calls, "differ": len(self.partings)}
        counts = {name: write_count(language, number) for name, number in numbers.items()}
        return sentence(language, "replay_differ", partings="; ".join(told), **counts)


def replay_calls(
    before: Mapping[str, Flow], draft: Flow, calls: Iterable[RecordedCall], clip: Clip = no_clips
) -> Replayed:
    """Play calls on the draft, with what the outside answered then.

    `before` are the versions that the calls were made with, by their content hash.
    """
    opened = {version: open_trials(flow) for version, flow in before.items()}
    on_draft = Replayer(open_trials(draft), clip)
    same, unplayable = 0, 0
    partings: list[Parting] = []
    seconds = [0.0, 0.0]
    for call in calls:
        flow = opened.get(call.version)
        if flow is None:
            unplayable += 1
            continue
        doings = doings_of(flow, call)
        was = Replayer(flow, clip).play(call, doings)
        if was.ended_in != call.ended_in:
            unplayable += 1
            continue
        now = on_draft.play(call, doings)
        seconds = [seconds[0] + was.seconds, seconds[1] + now.seconds]
        if now.ended_in == was.ended_in:
            same += 1
        else:
            partings.append(Parting(call.sid, _parts_at(was.path, now.path), was.ended_in, now.ended_in))
    played = same + len(partings)
    each = max(played, 1)
    return Replayed(played, same, tuple(partings), unplayable, seconds[0] / each, seconds[1] / each)


def _parts_at(before: Sequence[Went], after: Sequence[Went]) -> str:
    """The first step from which the two go to different ones."""
    for was, now in zip(before, after, strict=False):
        if (was.step, was.to) != (now.step, now.to):
            return was.step
    longer = max(before, after, key=len)
    return longer[min(len(before), len(after))].step if longer else ""
