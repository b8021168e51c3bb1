"""What callers did in the menus: step by step, where they went on, and who chose the wrong kind. Counted when asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.guard import allow
from agent_console.menus import MENUS
from agent_console.menus_words import exit_words
from agent_console.periods import today_began
from agent_console.showing import count, day, percent
from agent_console.surroundings import now, store, telephone
from agent_console.told import category_name
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from flows.flow import Flow
from ivr.pinned import DRAFT, FLOW
from models.flow_figures import StepFigures, last_calls, misunderstood_keys, read_flow_figures

blueprint = Blueprint("menus_figures", __name__)

DAYS = (1, 7, 28)  # today; one week, and four, so that each day of the week counts as often
ON_TREE = DAYS[1:]
_LAST = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the menus with what callers did there; `share` is of the busiest step, 0 to 1."""

    step: str
    figures: StepFigures
    share: float

    @property
    def wrong_keys(self) -> str:
        """Which keys meant nothing there, the most frequent first: 7 ×41, 0 ×12."""
        return ", ".join(f"{key} ×{count(calls)}" for key, calls in self.figures.wrong.most_common())

    @property
    def mean_seconds(self) -> float:
        return self.figures.seconds / self.figures.arrivals if self.figures.arrivals else 0.0


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Callers who chose one kind and wanted another, with the names of both."""

    pressed: str
    real: str
    calls: int
    of_all: int


@blueprint.get("/desk/flows/figures")
@allow(*MENUS)
def page() -> ResponseReturnValue:
    """The choice of days and language. The figures come after it, because a month takes some seconds."""
    days, language = _asked()
    with store().session() as session:
        return render_template("desk/menus/figures.html", **bar(session), days=days, choices=DAYS, language=language)


@blueprint.get("/desk/flows/figures/table")
@allow(*MENUS)
def table() -> ResponseReturnValue:
    days, language = _asked()
    start, end = _period(days)
    with store().session() as session:
        connection = session.connection()
        flow = telephone().flows.live(connection, FLOW).flow
        figures = read_flow_figures(connection, FLOW, start, end, language=language or None)
        return render_template(
            "desk/menus/figures_table.html",
            rows=_rows(flow, figures),
            mistaken=_mistaken(session, start, end),
            days=days,
            language=language,
            exit=exit_words,
        )


@blueprint.get("/desk/flows/figures/steps")
@allow(*MENUS)
def steps() -> ResponseReturnValue:
    """The same for the tree of a draft, each number as it is shown; and for each step what happened there by day."""
    days, language = _asked()
    with store().read() as connection:
        flow = telephone().flows.live(connection, FLOW).flow
        by_day = [
            (start, read_flow_figures(connection, FLOW, start, end, language=language or None))
            for start, end in _each_day(days)
        ]
    total: dict[str, StepFigures] = {}
    for _, figures in by_day:
        for step, one in figures.items():
            total.setdefault(step, StepFigures()).add(one)
    return {
        "most": max((one.arrivals for one in total.values()), default=0),
        "steps": {row.step: _shown(row) for row in _rows(flow, total)},
        "days": [[day(start), {step: _numbers(one) for step, one in figures.items()}] for start, figures in by_day],
    }


@blueprint.get("/desk/flows/figures/calls")
@allow(*MENUS)
def calls() -> ResponseReturnValue:
    """The last calls that went through one exit, with everything they did. Nobody's number is shown."""
    step, why = request.args.get("step", "")[:100], request.args.get("why", "")[:100]
    days, language = _asked()
    start, end = _period(days)
    with store().session() as session:
        connection = session.connection()
        found = last_calls(connection, FLOW, step, why, limit=_LAST, start=start, end=end, language=language or None)
        shown = {"step": step, "why": why, "calls": found, "days": days, "language": language, "exit": exit_words}
        return render_template("desk/menus/figures_calls.html", **bar(session), **shown)


def _asked() -> tuple[int, str]:
    days = request.args.get("days", 1, type=int)
    language = request.args.get("language", "")
    return (days if days in DAYS else 1), (language if language in LANGUAGES else "")


def _period(days: int) -> tuple[datetime, datetime]:
    at = now()
    return today_began(at) - timedelta(days=days - 1), at + timedelta(seconds=1)


def _each_day(days: int) -> list[tuple[datetime, datetime]]:
    """Today first."""
    start, end = _period(days)
    begins = [start + timedelta(days=n) for n in range(days)]
    return list(zip(begins, [*begins[1:], end], strict=True))[::-1]


def _shown(row: Row) -> dict[str, object]:
    return {
        "share": row.share,
        "told": f"{count(row.figures.arrivals)} · {percent(row.share)}",
        "numbers": _numbers(row.figures),
        "wrong": row.wrong_keys,
        "left": " · ".join(_left(row.figures)),
        "went": [[why, exit_words(why), to, calls] for (why, to), calls in _busiest_first(row.figures)],
    }


def _busiest_first(one: StepFigures) -> list[tuple[tuple[str, str], int]]:
    return sorted(one.went.items(), key=lambda went: (-went[1], went[0]))


def _left(one: StepFigures) -> Iterator[str]:
    """Those who left the call there, and those who were given up on."""
    for why, calls in (("hung_up", one.hang_ups), ("give_up", one.give_ups)):
        if calls:
            yield f"{say(f'flows.exit.{why}')} {count(calls)}"


def _numbers(one: StepFigures) -> list[str]:
    return [count(number) for number in (one.arrivals, one.silences, one.wrong_keys, one.give_ups, one.hang_ups)]


def _rows(flow: Flow, figures: dict[str, StepFigures]) -> list[Row]:
    """In the order of the script; steps of older versions, which are in it no more, stand last."""
    most = max((one.arrivals for one in figures.values()), default=0) or 1
    steps = [step for step in flow.steps if step in figures]
    steps += sorted(set(figures) - set(steps))
    return [Row(step, figures[step], figures[step].arrivals / most) for step in steps]


def _mistaken(session: Session, start: datetime, end: datetime) -> list[Mistaken]:
    return [
        Mistaken(category_name(session, one.pressed), category_name(session, one.real), one.calls, one.of_all)
        for one in misunderstood_keys(session.connection(), start, end, not_of=DRAFT)
    ]
