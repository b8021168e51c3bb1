"""Exhaustive exploration: from every situation that a caller can come to, is there a person, a message or a goodbye?"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from flows.exploration.graph import Graph, Way
from flows.exploration.playable import write_play
from flows.exploration.value import measure
from flows.flow import Flow
from flows.rehearsal import rehearse
from flows.rehearsal_file import read_rehearsal
from flows.rehearsal_text import Done
from flows.seconds import Clip, no_clips
from flows.sentences.sentence import sentence, write_count

MOST_SITUATIONS = 100_000
_LEFT_OUT = ("values", "facts", "history", "faults", "time", "hang_up", "announcements")

Why = Literal["no_way_out", "goes_round", "breaks", "cut_off"]


@dataclass(frozen=True, slots=True)
class Stranded:
    """A situation in which callers are not looked after, and a call that leads to it.

    `rehearsal` is YAML that `helpline flows rehearse` plays; `keys` tells the same shortly. `is_played` is False where
    the call as written ends elsewhere: histories of calls are taken more widely than they are.
    """

    why: Why
    step: str
    rehearsal: str
    keys: tuple[str, ...]
    is_played: bool

    def tell(self, language: str) -> str:
        return sentence(language, self.why, step=self.step)


@dataclass(frozen=True, slots=True)
class Exploration:
    """`keys` and `seconds` are the most that the quickest way out of any situation takes, whatever the outside answers;
    `silent_seconds` the most for a caller who presses nothing more.
    """

    situations: int
    keys: int
    seconds: float
    silent_seconds: float
    stranded: tuple[Stranded, ...]
    is_complete: bool
    lost: int = 0  # situations in which callers are not looked after
    alike: bool = False  # one language stands for all
    guessed: bool = True

    @property
    def is_proof(self) -> bool:
        return self.is_complete and not self.stranded

    def tell(self, language: str) -> str:
        """The proof in one sentence, or why there is none."""
        situations = write_count(language, self.situations)
        if not self.is_complete:
            return sentence(language, "incomplete", situations=situations)
        if self.stranded:
            stranded = write_count(language, self.lost)
            return sentence(language, "no_proof", situations=situations, stranded=stranded)
        seconds, silent = (write_count(language, math.ceil(one)) for one in (self.seconds, self.silent_seconds))
        keys = write_count(language, self.keys)
        return sentence(language, "proof", situations=situations, keys=keys, seconds=seconds, silent=silent)

    def left_out(self, language: str) -> tuple[str, ...]:
        """What is not told apart, or not looked at, in sentences."""
        more = (("languages", self.alike), ("guess", self.guessed))
        told = (*_LEFT_OUT, *(what for what, holds in more if holds))
        return tuple(sentence(language, f"left_out_{what}") for what in told)


def explore(flow: Flow, clip: Clip = no_clips, *, most: int = MOST_SITUATIONS) -> Exploration:
    """Look at every situation of a flow. Beyond `most` of them nothing is proven."""
    graph = Graph(flow, clip, most)
    graph.search()
    alike = len(graph.languages) < len(flow.languages)
    times = len(flow.languages) if alike else 1
    if not graph.is_complete:
        return Exploration(most, 0, 0.0, 0.0, (), is_complete=False, alike=alike)
    far = measure(graph.nodes, lambda way: True)
    silent = measure(graph.nodes, lambda way: way.move.doing == "silent")
    lost = [*_broken(graph), *_without(graph, far.keys(), "no_way_out")]
    lost += [one for one in _without(graph, silent.keys(), "goes_round") if one.number in far]
    return Exploration(
        situations=len(graph.nodes) * times,
        keys=max((one.keys for one in far.values()), default=0),
        seconds=max((one.seconds for one in far.values()), default=0.0),
        silent_seconds=max((one.seconds for one in silent.values()), default=0.0),
        stranded=tuple(_Tellers(flow, graph).tell(lost)),
        is_complete=True,
        lost=len({one.number for one in lost}) * times,
        alike=alike,
        guessed=graph.listening.guessed,
    )


@dataclass(frozen=True, slots=True)
class _Lost:
    """Where callers are lost: in a situation, or by a way out of it (None: on arrival)."""

    why: Why
    step: str
    number: int | None
    way: Way | None = None


def _broken(graph: Graph) -> Iterator[_Lost]:
    for _, way in graph.broken_on_arrival:
        if way.broke:
            yield _Lost("breaks", way.broke, None, way)
        elif way.cut_off:
            yield _Lost("cut_off", graph.flow.start, None, way)
    for number, node in enumerate(graph.nodes):
        for way in node.ways:
            if way.broke:
                yield _Lost("breaks", way.broke, number, way)
            elif way.cut_off and way.move.doing != "presses":
                yield _Lost("cut_off", node.state.step, number, way)


def _without(graph: Graph, reached: Collection[int], why: Why) -> Iterator[_Lost]:
    for number, node in enumerate(graph.nodes):
        if number not in reached:
            yield _Lost(why, node.state.step, number)


class _Tellers:
    """Makes playable calls; one for each reason and step, the shortest first."""

    def __init__(self, flow: Flow, graph: Graph) -> None:
        self._flow = flow
        self._graph = graph

    def tell(self, lost: list[_Lost]) -> Iterator[Stranded]:
        told: dict[tuple[str, str], list[_Lost]] = {}
        for one in lost:
            told.setdefault((one.why, one.step), []).append(one)
        for found in told.values():
            stranded = [self._make(one) for one in found[:3]]
            yield next((one for one in stranded if one.is_played), stranded[0])

    def _make(self, lost: _Lost) -> Stranded:
        path = self._graph.path_to(lost.number) if lost.number is not None else []
        if lost.way is not None and lost.number is not None:
            path.append((lost.way.move, lost.way.late))
        arrived = self._graph.arrived_at(lost.number)
        ends_in = lost.step if lost.way is None else ""
        seen = [Done("comes_by", step) for step in _steps_of_break(lost.way)]
        text = write_play(sentence("en", lost.why, step=lost.step), arrived, path, ends_in, seen)
        keys = tuple(f"{move.doing} {move.value}".strip() for move, _ in path)
        return Stranded(lost.why, lost.step, text, keys, self._is_played(text))

    def _is_played(self, text: str) -> bool:
        rehearsal, _ = read_rehearsal("counterexample.yaml", text)
        return rehearsal is not None and not rehearse(self._flow, rehearsal, {})


def _steps_of_break(way: Way | None) -> Iterator[str]:
    """The step that cannot be carried out, and the one to which that leads: else the call as played proves nothing."""
    if way is None or not way.broke:
        return
    yield way.broke
    yield from (went.to for went in way.went if went.why == "fault" and went.step == way.broke and went.to)
