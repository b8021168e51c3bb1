"""Says where a document breaks Twilio's published TwiML grammar, read from the type declarations of its own library."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DECLARATIONS = Path(__file__).parents[1] / "node_modules" / "twilio" / "lib" / "twiml" / "VoiceResponse.d.ts"

_CLASS = re.compile(r"^(?:declare|    export) class (\w+) extends TwiML \{(.*?)^(?:    )?\}", re.M | re.S)
_METHOD = re.compile(r"/\*\*((?:(?!\*/).)*?)\*/\s*((?:\w+\([^)]*\): VoiceResponse\.\w+;\s*)+)", re.S)
_SIGNATURE = re.compile(r"(\w+)\(([^)]*)\): VoiceResponse\.(\w+);")
_INTERFACE = re.compile(r"export interface (\w+)Attributes \{(.*?)^    \}", re.M | re.S)
_ATTRIBUTE = re.compile(r'^\s+"?([\w:]+)"?\??: ([\w.|\[\] "-]+);', re.M)
_SPELT = {"sayAs": "say-as"}  # what JavaScript cannot name as XML does
_ENUM = re.compile(r"^    type (\w+) = (.*);$", re.M)


@dataclass(frozen=True)
class Element:
    """What may stand in one element: its attributes with their types, its children, and whether it holds text."""

    attributes: dict[str, str]
    holds_text: bool
    needs_text: bool
    kind: str  # the class that lists its children


@dataclass(frozen=True)
class Grammar:
    """The whole vocabulary: for each class its children by element name, and the closed lists of values."""

    children: dict[str, dict[str, Element]] = field(default_factory=dict)
    enums: dict[str, frozenset[str]] = field(default_factory=dict)


@cache
def read_grammar() -> Grammar:
    """Read the declarations. Raises FileNotFoundError where `make setup` has not installed them."""
    if not DECLARATIONS.is_file():
        raise FileNotFoundError(f"{DECLARATIONS} is missing: Twilio's grammar comes with npm. Run `make setup`.")
    text = DECLARATIONS.read_text(encoding="utf-8")
    grammar = Grammar()
    for name, values in _ENUM.findall(text):
        grammar.enums[name] = frozenset(re.findall(r'"([^"]*)"', values))
    attributes = {name: dict(_ATTRIBUTE.findall(body)) for name, body in _INTERFACE.findall(text)}
    for kind, body in _CLASS.findall(text):
        grammar.children[kind] = {}
        for comment, signatures in _METHOD.findall(body):
            name, element = _read_element(comment, signatures, attributes)
            grammar.children[kind][name] = element
    return grammar


def _read_element(comment: str, signatures: str, attributes: dict[str, dict[str, str]]) -> tuple[str, Element]:
    found = _SIGNATURE.findall(signatures)
    method, _, kind = found[0]
    named = re.search(r"<(\w+)> Tw[iI]ml (?:Verb|Noun)", comment, re.I)
    allowed: dict[str, str] = {}
    texts = []
    for _, arguments, _ in found:
        for argument in filter(None, (part.strip() for part in arguments.split(","))):
            name, _, type_ = argument.partition(": ")
            interface = re.fullmatch(r"VoiceResponse\.(\w+)Attributes", type_)
            if interface:
                allowed = attributes[interface[1]]
            elif not name.startswith("attributes"):
                texts.append(name)
    needs = bool(texts) and not any(name.endswith("?") for name in texts)
    return (named[1] if named else _SPELT.get(method, method)), Element(allowed, bool(texts), needs, kind)


def violations(xml: str) -> list[str]:
    """Every breach of the grammar in a document, in plain words; empty for a good one."""
    try:
        root = ElementTree.fromstring(xml.encode())  # noqa: S314 - our own answers in tests, never a stranger's
    except ElementTree.ParseError as error:
        return [f"not XML: {error}"]
    if root.tag != "Response":
        return [f"the root is <{root.tag}>; it must be <Response>"]
    found = [f"<Response> takes no attribute {name}" for name in root.attrib]
    if not xml.startswith("<"):
        found.append("something stands before the first <")
    return found + _check_children(root, "VoiceResponse", "Response")


def _check_children(node: ElementTree.Element, kind: str, path: str) -> list[str]:
    known = read_grammar().children[kind]
    found = []
    for child in node:
        element = known.get(child.tag)
        place = f"{path}/{child.tag}"
        if element is None:
            found.append(f"{place}: <{child.tag}> may not stand in <{node.tag}>")
            continue
        found += [problem for name, value in child.attrib.items() for problem in _check(place, element, name, value)]
        own_text = (child.text or "") + "".join(grandchild.tail or "" for grandchild in child)
        if own_text.strip() and not element.holds_text:
            found.append(f"{place}: <{child.tag}> holds no text")
        if element.needs_text and not own_text.strip() and not len(child):
            found.append(f"{place}: <{child.tag}> needs text")
        found += _check_children(child, element.kind, place)
    if kind == "VoiceResponse" and "".join([node.text or "", *(child.tail or "" for child in node)]).strip():
        found.append(f"{path}: <{node.tag}> holds no text")
    return found


def _check(place: str, element: Element, name: str, value: str) -> list[str]:
    expected = element.attributes.get(name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:"))
    if expected is None:
        return [f"{place}: no attribute {name}"]
    words = value.split() if expected.endswith("[]") else [value]
    return [
        f"{place}: {name}={value!r} is not {_expectation(expected)}"
        for word in words
        if not _fits(expected.removesuffix("[]"), word)
    ]


def _fits(expected: str, value: str) -> bool:
    if expected == "boolean":
        return value in ("true", "false")
    if expected == "number":
        return value.isdecimal()
    closed = read_grammar().enums.get(expected)
    return closed is None or value in closed


def _expectation(expected: str) -> str:
    closed = sorted(read_grammar().enums.get(expected.removesuffix("[]"), ()))
    if not closed:
        return f"a {expected}"
    return f"one of {', '.join(closed)}" if len(closed) < 15 else f"a known {expected}"
