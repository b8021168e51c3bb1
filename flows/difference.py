"""The difference between two versions of a flow, in sentences, each of a kind by which approval is decided."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import chain

from flows.calendar_file import load_calendars
from flows.differences.change import KINDS, Change, Kind, compare_named
from flows.differences.hours import compare_hours
from flows.differences.steps import compare_steps, compare_ways, own_settings, own_ways
from flows.differences.written import is_blank, write_value
from flows.flow import Catalogue, Flow, Prompt
from flows.loader import load_flow
from flows.source import CALENDARS, Source
from flows.verb_names import verb_of

__all__ = [
    "Change",
    "Kind",
    "compare_flows",
    "compare_hours",
    "compare_sources",
]

_WHOLE = ("start", "home", "person", "languages", "written_in", "notes", "look_ups")


def compare_sources(name: str, before: Source, after: Source) -> list[Change]:
    """Everything that is different for callers. Raises BrokenFlow, BrokenCalendars."""
    hours = (load_calendars(source.get(CALENDARS, "")) for source in (before, after))
    return compare_flows(load_flow(name, before), load_flow(name, after)) + compare_hours(*hours)


def compare_flows(before: Flow, after: Flow) -> list[Change]:
    """Where callers are led comes first, and wording last; each in the order of the files."""
    changes = [*_compare_whole(before, after), *_compare_steps(before, after), *_compare_queues(before, after)]
    changes += chain.from_iterable(_compare_words(before, after, language) for language in after.languages)
    changes += _compare_templates(before, after)
    return sorted(changes, key=lambda change: KINDS.index(change.kind))


def _compare_whole(before: Flow, after: Flow) -> Iterator[Change]:
    was, now = _default_ways(before), _default_ways(after)
    yield from compare_named(Change("routing", "", "", "default_way", "", ""), was, now)
    about = Change("routing", "", "", "flow", "", "")
    yield from compare_named(about, _keys_everywhere(before), _keys_everywhere(after))
    yield from compare_named(about, own_settings(before.defaults), own_settings(after.defaults))
    for word in _WHOLE:
        yield from compare_named(about, _told(before, word), _told(after, word))
    yield from compare_named(Change("wording", "", "", "flow", "", ""), _told(before, "title"), _told(after, "title"))


def _default_ways(flow: Flow) -> dict[str, str]:
    return {"give_up": flow.defaults.give_up, "on_error": flow.defaults.on_error or ""}


def _keys_everywhere(flow: Flow) -> dict[str, str]:
    keys = {f"keys_everywhere: {key}": does for key, does in flow.keys_everywhere.keys.items()}
    return {**keys, "told_in": flow.keys_everywhere.told_in or ""}


def _told(flow: Flow, word: str) -> dict[str, str]:
    value = getattr(flow, word)
    if isinstance(value, Mapping):
        return {f"{word}: {name}": write_value(one) or "–" for name, one in value.items()}
    return {} if is_blank(value) else {word: write_value(value)}


def _compare_steps(before: Flow, after: Flow) -> Iterator[Change]:
    default = (before.defaults, after.defaults)
    for name in dict.fromkeys((*before.steps, *after.steps)):
        was, now = before.steps.get(name), after.steps.get(name)
        if was and now:
            if was != now:
                yield from compare_steps(was, now, default)
        elif now:
            yield Change("routing", name, "", "step_new", "", verb_of(now))
            yield from compare_ways(name, {}, own_ways(now, after.defaults))
        elif was:
            yield Change("routing", name, "", "step_gone", verb_of(was), "")


def _compare_queues(before: Flow, after: Flow) -> Iterator[Change]:
    for name in dict.fromkeys((*before.queues, *after.queues)):
        was, now = before.queues.get(name), after.queues.get(name)
        if was is None or now is None:
            told = write_value(now or was)
            yield Change("queues", "", name, "queue_new" if now else "queue_gone", told if was else "", told)
            continue
        about = Change("queues", "", name, "queue", "", "")
        settings = ({field.name: write_value(getattr(one, field.name)) for field in fields(one)} for one in (was, now))
        yield from compare_named(about, *settings, names_detail=True)


def _compare_words(before: Flow, after: Flow, language: str) -> Iterator[Change]:
    was, now = (_words(flow.catalogues.get(language)) for flow in (before, after))
    yield from compare_named(Change("wording", "", "", "words", "", "", language), was, now)


def _words(catalogue: Catalogue | None) -> dict[str, str]:
    if catalogue is None:
        return {}
    words = {key: _write_prompt(prompt) for key, prompt in catalogue.prompts.items()}
    return {"key_line": catalogue.key_line.source, "locale": catalogue.locale, **words}


def _write_prompt(prompt: Prompt) -> str:
    return f"{prompt.source} [{prompt.recording}]" if prompt.recording else prompt.source


def _compare_templates(before: Flow, after: Flow) -> Iterator[Change]:
    for kind in ("approved", "approved_under"):
        was, now = (_templates(getattr(flow, kind)) for flow in (before, after))
        yield from compare_named(Change("wording", "", "", "words", "", "", "templates.yaml"), was, now)


def _templates(approved: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{key} ({language})": text for key, texts in approved.items() for language, text in texts.items()}
