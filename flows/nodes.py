"""YAML as a tree in which every scalar is text and everything knows its line and column.

`safe_load` would turn `10:00` into 600 and `yes` into True, and merge the keys `1` and `01` without a word. The tree is
built from parser events, without recursion, so that no file can exhaust the stack or, by aliases, the memory.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from flows.finding import Finding
from flows.flow import Place
from flows.unreadable import explain_error, explain_feature

# Control characters, halves of surrogate pairs, and the mark of a byte that was no UTF-8.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")
# libyaml reads a flow of ten thousand steps in half a second; the same in Python takes ten.
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    at: Place


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    at: Place


Node = Scalar | Mapping | Sequence


@dataclass(slots=True)
class _Open:
    """A mapping or list under construction. A mapping's children alternate between keys and values."""

    is_mapping: bool
    at: Place
    children: list[Node]


@lru_cache(maxsize=24)  # of the files of a flow one is changed, and then all of them are checked
def read_nodes(file: str, text: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """The tree of one file, None if it cannot be read or is empty; and what is wrong with it (E01)."""
    if unfit := explain_characters(file, text):
        return None, (unfit,)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        return None, (*builder.findings, explain_error(file, text, error))
    except yaml.YAMLError as error:
        return None, (*builder.findings, Finding(Place(file, 1, 1), "E01", f"this file cannot be read: {error}."))
    return (None if builder.findings else builder.root), tuple(builder.findings)


def explain_characters(file: str, text: str) -> Finding | None:
    """The first character that no YAML file may contain, as a finding."""
    found = _UNFIT.search(text)
    if found is None:
        return None
    number = found.start()
    line, column = text.count("\n", 0, number) + 1, number - text.rfind("\n", 0, number)
    return Finding(
        Place(file, line, column),
        "E01",
        "this line cannot be read: it contains a character that is no text. Type the words again and save as UTF-8.",
    )


class _Builder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._documents = 0
        self.root: Node | None = None
        self.findings: list[Finding] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_features(event)
            self._add(Scalar(event.value, self._place(event)))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_features(event)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self._open.append(_Open(is_mapping, self._place(event), []))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._add(self._closed(self._open.pop()))
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, explain_feature("alias", event.anchor))
            self._add(Scalar("", self._place(event)))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._refuse(event, explain_feature("document", None))

    def _refuse_features(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, explain_feature("anchor", event.anchor))
        if getattr(event, "tag", None) not in (None, "!"):
            self._refuse(event, explain_feature("tag", None))

    def _refuse(self, event: yaml.Event, sentence: str) -> None:
        self.findings.append(Finding(self._place(event), "E01", sentence))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node

    def _closed(self, part: _Open) -> Node:
        if not part.is_mapping:
            return Sequence(tuple(part.children), part.at)
        entries = []
        for key, value in zip(part.children[::2], part.children[1::2], strict=True):
            if isinstance(key, Scalar):
                entries.append(Entry(key, value))
            else:
                self.findings.append(Finding(key.at, "E01", explain_feature("complex_key", None)))
        return Mapping(tuple(entries), part.at)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 1, 1)
