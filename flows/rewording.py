"""Other words in the files of a flow, with everything else in them left as it stands: remarks, order, indents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from flows.loading.catalogue import catalogue_file
from flows.loading.templates import FILE as TEMPLATES
from flows.loading.templates import id_field
from flows.source import Source


class UnknownWording(KeyError):
    """A prompt, or a template of one, that the files do not have."""


@dataclass(slots=True)
class Splice:
    """Characters `start` to `end` of a text become `words`."""

    start: int
    end: int
    words: str


def reword(source: Source, language: str, words: Mapping[str, str]) -> dict[str, str]:
    """The files with these prompts of a language said otherwise. Raises UnknownWording."""
    file = catalogue_file(language)
    prompts = _children(_child(_root(source, file), "prompts"))
    splices = []
    for key, said in words.items():
        node = prompts.get(key)
        if isinstance(node, yaml.MappingNode):
            node = _children(node).get("text")
        if not isinstance(node, yaml.ScalarNode):
            raise UnknownWording(key)
        splices.append(_replace(node, said))
    return {**source, file: _apply(source[file], splices)}


def reword_template(source: Source, prompt: str, language: str, approved: str, number: str) -> dict[str, str]:
    """The files with another approved template of a text message, and its number. Raises UnknownWording."""
    fields = _template(source, prompt)
    wording, known = _scalar(fields, language), _scalar(fields, id_field(language))
    if wording is None:
        raise UnknownWording(f"{prompt} {language}")
    splices = [_replace(wording, approved)]
    if known is not None:
        splices.append(_replace(known, number))
    else:
        key = next(key for key, value in fields.value if value is wording)
        splices[0].words += f"\n{' ' * key.start_mark.column}{id_field(language)}: {json.dumps(number)}"
    return {**source, TEMPLATES: _apply(source[TEMPLATES], splices)}


def _template(source: Source, prompt: str) -> yaml.MappingNode:
    if TEMPLATES in source:
        for node in _children(_root(source, TEMPLATES)).values():
            named = _scalar(node, "prompt")
            if named is not None and named.value == prompt and isinstance(node, yaml.MappingNode):
                return node
    raise UnknownWording(prompt)


def _scalar(node: yaml.Node, name: str) -> yaml.ScalarNode | None:
    child = _children(node).get(name)
    return child if isinstance(child, yaml.ScalarNode) else None


def _root(source: Source, file: str) -> yaml.Node:
    # Not libyaml: its marks count bytes in some releases, and characters are needed here.
    node = yaml.compose(source.get(file, ""), Loader=yaml.SafeLoader)
    if node is None:
        raise UnknownWording(file)
    return node


def _child(node: yaml.Node, name: str) -> yaml.Node:
    child = _children(node).get(name)
    if child is None:
        raise UnknownWording(name)
    return child


def _children(node: yaml.Node) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _replace(node: yaml.ScalarNode, words: str) -> Splice:
    ends_line = "\n" if node.style in ("|", ">") else ""
    # What JSON puts between its quotation marks, YAML reads as the same text.
    return Splice(node.start_mark.index, node.end_mark.index, json.dumps(words, ensure_ascii=False) + ends_line)


def _apply(text: str, splices: list[Splice]) -> str:
    for splice in sorted(splices, key=lambda splice: splice.start, reverse=True):
        text = text[: splice.start] + splice.words + text[splice.end :]
    return text
