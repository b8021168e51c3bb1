"""The ways out of a step, by the words of the recorded path; and the same step with its ways renamed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows.flow import (
    Announcements,
    Ask,
    Callback,
    ChooseLanguage,
    Decide,
    End,
    Hours,
    LookUp,
    Menu,
    Otp,
    Queue,
    Record,
    Run,
    Say,
    Set,
    Sms,
    Step,
    TryOut,
)

Rename = Callable[[str], str]


def ways_of(step: Step) -> dict[str, str]:
    """Every way out that the step itself names, as it is written: `key 6`, `then`, `too_long`, `row 2`, `give_up`.

    A menu's keys without a destination of their own lead where its `then` does. The step's fault comes last.
    """
    ways = {why: to for why, to in _ways(step).items() if to}
    if step.defaults.on_error:
        ways["on_error"] = step.defaults.on_error
    return ways


def _ways(step: Step) -> Mapping[str, str]:
    match step:
        case Say() | Announcements() | Set() | Sms():
            return {"then": step.then}
        case ChooseLanguage():
            return {"then": step.then}
        case Menu():
            keys = {f"key {choice.key}": choice.go or step.then or "" for choice in step.choices}
            return {**keys, "give_up": step.defaults.give_up}
        case Ask():
            return {"then": step.then, "give_up": step.defaults.give_up}
        case Otp():
            return {"verified": step.verified, "not_verified": step.not_verified, "cannot_send": step.cannot_send}
        case LookUp():
            return step.outcomes
        case Hours():
            return {"open": step.open, "closed": step.closed, "holiday": step.holiday}
        case Decide():
            return {**{f"row {n}": row.go for n, row in enumerate(step.rows, 1)}, "otherwise": step.otherwise}
        case Queue():
            keys = {f"key {way.key}": way.go for way in step.waiting.keys}
            ends = {"answered": step.answered, "too_long": step.too_long}
            return {**keys, **ends, "nobody_working": step.nobody_working, "full": step.full}
        case Callback():
            return {"booked": step.booked, "no_number": step.no_number, "failed": step.failed}
        case Record():
            return {"recorded": step.recorded, "nothing_recorded": step.nothing_recorded}
        case Run():
            return {"run": step.begins, **step.results}
        case TryOut():
            return {way.name: way.go for way in step.ways}
        case End():
            return {}


def redirected(step: Step, rename: Rename) -> Step:
    """The same step, each of its destinations renamed."""
    defaults = step.defaults
    on_error = rename(defaults.on_error) if defaults.on_error else None
    step = replace(step, defaults=replace(defaults, give_up=rename(defaults.give_up), on_error=on_error))
    match step:
        case Say() | Announcements() | Set() | Sms() | ChooseLanguage() | Ask():
            return replace(step, then=rename(step.then))
        case Menu():
            choices = tuple(replace(choice, go=choice.go and rename(choice.go)) for choice in step.choices)
            return replace(step, choices=choices, then=step.then and rename(step.then))
        case Otp():
            verified, not_verified = rename(step.verified), rename(step.not_verified)
            return replace(step, verified=verified, not_verified=not_verified, cannot_send=rename(step.cannot_send))
        case LookUp():
            return replace(step, outcomes=_renamed(step.outcomes, rename))
        case Hours():
            return replace(step, open=rename(step.open), closed=rename(step.closed), holiday=rename(step.holiday))
        case Decide():
            rows = tuple(replace(row, go=rename(row.go)) for row in step.rows)
            return replace(step, rows=rows, otherwise=rename(step.otherwise))
        case Queue():
            return _redirected_queue(step, rename)
        case Callback():
            booked, no_number = rename(step.booked), rename(step.no_number)
            return replace(step, booked=booked, no_number=no_number, failed=rename(step.failed))
        case Record():
            return replace(step, recorded=rename(step.recorded), nothing_recorded=rename(step.nothing_recorded))
        case Run():
            return replace(step, results=_renamed(step.results, rename), begins=rename(step.begins))
        case TryOut():
            return replace(step, ways=tuple(replace(way, go=rename(way.go)) for way in step.ways))
        case End():
            return step


def _redirected_queue(step: Queue, rename: Rename) -> Queue:
    keys = tuple(replace(way, go=rename(way.go)) for way in step.waiting.keys)
    return replace(
        step,
        waiting=replace(step.waiting, keys=keys),
        answered=rename(step.answered),
        too_long=rename(step.too_long),
        nobody_working=rename(step.nobody_working),
        full=rename(step.full),
    )


def _renamed(ways: Mapping[str, str], rename: Rename) -> dict[str, str]:
    return {why: rename(to) for why, to in ways.items()}
