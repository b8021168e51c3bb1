"""What is different between two steps of the same name: where they lead, what they say, and how they are set."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from flows.differences.change import Change, Kind, compare_named
from flows.differences.written import is_blank, write_value
from flows.flow import ChooseLanguage, Defaults, Hours, Menu, Queue, Step
from flows.verb_names import verb_of
from flows.ways import ways_of

# What other sentences tell: where a step leads, what it says, and what is no part of its meaning.
_TOLD_ELSEWHERE = {"name", "at", "defaults", "then", "choices", "rows", "ways", "outcomes", "results", "begins"}
_SAID = ("prompt", "prompts")
_DEFAULT_WAYS = ("give_up", "on_error")
_KINDS: Mapping[type, Kind] = {Queue: "queues", Hours: "hours"}


def compare_steps(before: Step, after: Step, default: tuple[Defaults, Defaults]) -> Iterator[Change]:
    """`default` are the settings of both flows: what a step has from them is told once, for the whole flow."""
    name = before.name
    if type(before) is not type(after):
        yield Change("routing", name, "", "step_changed", verb_of(before), verb_of(after))
        yield from compare_ways(name, {}, own_ways(after, default[1]))
        return
    was, now = ways_of(before), ways_of(after)
    for way in _DEFAULT_WAYS:
        if _is_inherited(before, way, default[0]) and _is_inherited(after, way, default[1]):
            was.pop(way, None)
            now.pop(way, None)
    yield from compare_ways(name, was, now)
    yield from compare_named(Change("wording", name, "", "said", "", ""), _said(before), _said(after))
    kind = _KINDS.get(type(before), "routing")
    yield from compare_named(Change(kind, name, "", "setting", "", ""), _settings(before), _settings(after))
    if isinstance(before, Menu) and isinstance(after, Menu):
        yield from compare_named(Change("wording", name, "", "setting", "", ""), *_orders(before, after))
    own = (own_settings(before.defaults, default[0]), own_settings(after.defaults, default[1]))
    yield from compare_named(Change("routing", name, "", "setting", "", ""), *own)


def compare_ways(step: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Each key and each way out that is new, gone or leads elsewhere."""
    for about, keys in (("key", True), ("way", False)):
        was, now = ({_short(way): to for way, to in ways.items() if _is_key(way) is keys} for ways in (before, after))
        yield from compare_named(Change("routing", step, "", about, "", ""), was, now)


def own_ways(step: Step, default: Defaults) -> dict[str, str]:
    """The ways out of a step, without those that it has from the whole flow."""
    return {
        way: to
        for way, to in ways_of(step).items()
        if way not in _DEFAULT_WAYS or not _is_inherited(step, way, default)
    }


def _is_key(way: str) -> bool:
    return way.startswith("key ")


def _short(way: str) -> str:
    return way.removeprefix("key ")


def _is_inherited(step: Step, way: str, default: Defaults) -> bool:
    return bool(getattr(step.defaults, way) == getattr(default, way))


def _said(step: Step) -> dict[str, str]:
    """The wordings that a step names, by what says them."""
    said = {word: write_value(getattr(step, word)) for word in _SAID if hasattr(step, word)}
    match step:
        case Menu():
            said |= {f"key {choice.key}": choice.say for choice in step.choices}
        case Queue():
            said |= {"while_waiting": ", ".join(step.waiting.say)}
            said |= {f"key {way.key}": way.say for way in step.waiting.keys}
        case ChooseLanguage(known_caller=known) if known:
            said |= {"known_caller": known.say}
    return said


def _settings(step: Step) -> dict[str, str]:
    """Everything else that is set, in words, so that no change can pass without a sentence."""
    told = {field.name for field in fields(step)} - _TOLD_ELSEWHERE - set(_SAID)
    told -= {"waiting", "answered", "too_long", "nobody_working", "full", "booked", "no_number", "failed"}
    told -= {"recorded", "nothing_recorded", "verified", "not_verified", "cannot_send", "open", "closed", "holiday"}
    told -= {"otherwise"}
    settings = {name: write_value(value) for name in sorted(told) if not is_blank(value := getattr(step, name))}
    match step:
        case Menu():
            for choice in step.choices:
                noted = {**({step.note or "": choice.value} if choice.value else {}), **choice.sets}
                settings |= {f"key {choice.key}: {note}": value for note, value in noted.items()}
                if choice.remembers_number:
                    settings[f"key {choice.key}: remember"] = "number"
        case ChooseLanguage():
            settings |= {f"key {key}": language for key, language in step.choices.items()}
        case Queue():
            settings |= {"every": write_value(step.waiting.every), "music": step.waiting.music}
    if hasattr(step, "rows"):
        settings |= {f"row {number}": write_value(row.when) for number, row in enumerate(step.rows, 1)}
    if verb_of(step) == "try_out":
        settings |= {f"share of {way.name}": str(way.share) for way in getattr(step, "ways", ())}
    return settings


def _orders(before: Menu, after: Menu) -> Iterator[dict[str, str]]:
    """In which order the options are read out that both have."""
    was, now = ([choice.key for choice in step.choices] for step in (before, after))
    for one, other in ((was, now), (now, was)):
        yield {"order": ", ".join(key for key in one if key in other)}


def own_settings(settings: Defaults, default: Defaults | None = None) -> dict[str, str]:
    """How a step waits; without what it has from `default`."""
    told = (field.name for field in fields(settings) if field.name not in _DEFAULT_WAYS)
    values = {name: getattr(settings, name) for name in told}
    return {
        name: write_value(value)
        for name, value in values.items()
        if not is_blank(value) and (default is None or value != getattr(default, name))
    }
