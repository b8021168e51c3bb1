"""Reads rehearsals from YAML.

rehearsal: a ration complaint in English
clock: 2026-12-01 11:00              # in India
caller: "+919830012345"              # or withheld; or {number: ..., remembered: bn, confirmed: yes}
outside:                             # what the outside answers, where it is not the usual
  complaint_status: {found: {complaint.status: registered}}
call:
  - hears: choose_language           # a prompt's name, or words
  - presses: 2
  - silent
  - comes_by: leave_message          # a step that is passed, or come to, after the last key
  - records: 20s
  - queue: {answered: {reference: 26482173059}}
  - outside: {hours: closed}         # it answers so from here on
  - waits: 11m
  - breaks                           # something goes wrong on our side
  - hangs_up
ends_in: goodbye
agent_sees: {category: ration}
"""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from flows.conditions import is_mobile
from flows.flow import Place
from flows.loading.scalars import parse_duration, parse_key
from flows.nodes import Mapping, Node, Scalar, Sequence, read_nodes
from flows.rehearsal import Difference, Doing, Part, Rehearsal
from flows.values import Arrived
from flows.world import INDIA, Told

WORDS = ("rehearsal", "clock", "caller", "outside", "call", "ends_in", "agent_sees")
DOINGS: tuple[Doing, ...] = get_args(Doing)
QUEUE_ENDS = ("answered", "too_long", "nobody_working", "full", "failed")


class Unplayable(ValueError):
    """The file is no rehearsal; `difference` says where and why."""

    def __init__(self, at: Place, sentence: str) -> None:
        super().__init__(sentence)
        self.difference = Difference(at, sentence)


def read_rehearsal(file: str, text: str) -> tuple[Rehearsal | None, list[Difference]]:
    """One rehearsal; None, and why, if it cannot be read."""
    root, findings = read_nodes(file, text)
    if findings:
        return None, [Difference(finding.place, finding.text) for finding in findings]
    try:
        return _read(root, Place(file, 1, 1)), []
    except Unplayable as error:
        return None, [error.difference]


def _read(root: Node | None, start: Place) -> Rehearsal:
    words = _entries(root, start)
    for word, node in words.items():
        if word not in WORDS:
            raise Unplayable(node.at, f'"{word}" is not a word a rehearsal knows. It knows: {", ".join(WORDS)}.')
    if "call" not in words:
        raise Unplayable(start, 'a rehearsal needs "call": what the caller does and hears.')
    clock = _clock(words.get("clock"), start)
    return Rehearsal(
        title=_text(words["rehearsal"]) if "rehearsal" in words else start.file,
        at=words["ends_in"].at if "ends_in" in words else start,
        clock=clock,
        arrived=_caller(words.get("caller"), clock.timestamp()),
        answers=dict(_answers(words.get("outside"))),
        parts=tuple(_parts(words["call"])),
        ends_in=_text(words["ends_in"]) if "ends_in" in words else "",
        agent_sees=_texts(words.get("agent_sees")),
    )


def _entries(node: Node | None, at: Place) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise Unplayable(node.at if node else at, "this should be a list of words with a value each.")
    return {entry.key.text: entry.value for entry in node.entries}


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise Unplayable(node.at, "one value should stand here, not several.")
    return node.text


def _texts(node: Node | None) -> dict[str, str]:
    return {name: _text(value) for name, value in _entries(node, node.at).items()} if node else {}


def _clock(node: Node | None, start: Place) -> datetime:
    if node is None:
        raise Unplayable(start, 'a rehearsal needs "clock", like 2026-12-01 11:00.')
    try:
        return datetime.strptime(_text(node), "%Y-%m-%d %H:%M").replace(tzinfo=INDIA)
    except ValueError:
        raise Unplayable(node.at, f'"{_text(node)}" is not a time. Write it like 2026-12-01 11:00.') from None


def _caller(node: Node | None, at: float) -> Arrived:
    said = {"number": _text(node)} if isinstance(node, Scalar) else _texts(node)
    number = said.get("number", "withheld")
    if number == "withheld":
        return Arrived(at, None, "withheld")
    remembered = said.get("remembered")
    confirmed = said.get("confirmed") == "yes"
    returning = remembered is not None or confirmed
    if is_mobile(number):
        return Arrived(at, number, "mobile", returning, remembered, number_confirmed=confirmed)
    kind = "landline" if number.startswith("+91") else "foreign"
    return Arrived(at, number, kind, returning, remembered)  # type: ignore[arg-type]  # one of two words


def _answers(node: Node | None) -> Iterator[tuple[str, Told]]:
    for name, value in (_entries(node, node.at) if node else {}).items():
        if isinstance(value, Scalar):
            yield name, Told(value.text)
        else:
            outcome, facts = next(iter(_entries(value, value.at).items()))
            yield name, Told(outcome, _texts(facts))


def _parts(node: Node) -> Iterator[Part]:
    if not isinstance(node, Sequence):
        raise Unplayable(node.at, '"call" should be a list, each line with a dash before it.')
    for item in node.items:
        if isinstance(item, Scalar):
            yield _part(item.text, None, item.at)
            continue
        for doing, value in _entries(item, item.at).items():
            if doing == "outside":
                for name, told in _answers(value):
                    yield Part("outside", told.outcome, item.at, told.facts, name)
            else:
                yield _part(doing, value, item.at)


def _part(doing: str, value: Node | None, at: Place) -> Part:
    match doing:
        case "silent" | "hangs_up" | "breaks":
            return Part(doing, "", at, {})
        case "hears" if value:
            return Part("hears", _text(value), at, {})
        case "comes_by" if value:
            return Part("comes_by", _text(value), at, {})
        case "presses" if value:
            return Part("presses", _keys(_text(value), at), at, {})
        case "records" if value:
            return Part("records", _seconds(_text(value), at), at, {})
        case "waits" if value:
            return Part("waits", _seconds(_text(value), at), at, {})
        case "queue" if value:
            return _queue_part(value, at)
        case _:
            raise Unplayable(at, f'"{doing}" is nothing that a caller does. It can be: {", ".join(DOINGS)}.')


def _keys(text: str, at: Place) -> str:
    keys = parse_key(text) or "".join(parse_key(key) or " " for key in text)
    if not keys or " " in keys:
        raise Unplayable(at, f'"{text}" are no keys of a telephone. Use 0 to 9, star and hash.')
    return keys


def _seconds(text: str, at: Place) -> str:
    seconds = parse_duration(text)
    if seconds is None:
        raise Unplayable(at, f'"{text}" is not a length of time. Write it like 20s.')
    return str(int(seconds))


def _queue_part(value: Node, at: Place) -> Part:
    if isinstance(value, Scalar):
        result, facts = value.text, {}
    else:
        result, told = next(iter(_entries(value, value.at).items()), ("", None))
        facts = _texts(told)
    if result not in QUEUE_ENDS:
        raise Unplayable(at, f'"{result}" is no way out of a queue. It can be: {", ".join(QUEUE_ENDS)}.')
    return Part("queue", result, at, facts)
