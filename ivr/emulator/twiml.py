"""From the bytes of an answer to the verbs of a document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ivr.emulator.errors import WebhookFailed
from ivr.emulator.grammar import ELEMENTS, SSML
from ivr.emulator.webhook import Reply

_TEXT_KINDS = ("text/xml", "application/xml", "text/html")
_SSML = frozenset(SSML.split())
APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."


@dataclass(slots=True)
class Node:
    """One element with its own text; a <Say> also has the text of the markup inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        return {"true": True, "false": False}.get(self.get(name).lower(), default)

    def number(self, name: str, default: float) -> float:
        """A number that is not negative; the default where it is missing or junk."""
        try:
            value = float(self.get(name))
        except ValueError:
            return default
        return value if value >= 0 else default


@dataclass(frozen=True, slots=True)
class Document:
    """What a call does next, and where it came from."""

    url: str  # empty: given inline
    method: str
    verbs: tuple[Node, ...]
    warnings: tuple[str, ...] = ()


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name, dict(attributes))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _: str) -> None:
        node = self._open.pop()
        if node.name in _SSML and self._open:
            self._open[-1].text += f" {node.text} "

    def text(self, words: str) -> None:
        self._open[-1].text += words


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type declaration is not TwiML")


def parse_xml(text: str) -> Node:
    """Read XML. Raises ValueError, in words, where it is none."""
    if not text.startswith("<"):
        raise ValueError("something stands before the first <" if text else "the body is empty")
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    if builder.root is None or builder.root.name != "Response":
        raise ValueError("the root must be <Response>")
    return builder.root


def read_twiml(text: str, url: str, method: str) -> Document:
    """Read a TwiML document. Raises ValueError where it is none; smaller faults become warnings and are left out."""
    root = parse_xml(text)
    warnings = list(_prune(root))
    return Document(url, method, tuple(root.children), tuple(warnings))


def _prune(node: Node) -> Iterator[str]:
    """Take out what Twilio would ignore, telling each."""
    element = ELEMENTS.get(node.name)
    if element is None:
        return
    for name in [name for name in node.attributes if name not in element.attributes]:
        del node.attributes[name]
        yield f"<{node.name}> has no attribute {name}"
    for child in [child for child in node.children if child.name not in element.children]:
        node.children.remove(child)
        yield f"<{child.name}> may not stand in <{node.name}>"
    for child in node.children:
        yield from _prune(child)


def read_reply(reply: Reply, method: str) -> Document:
    """What a webhook's answer makes a call do, by its content type. Raises WebhookFailed with Twilio's code."""
    kind = reply.content_type
    if kind.startswith("audio/"):
        return Document(reply.url, method, (Node("Play", text=reply.url),))
    if kind not in (*_TEXT_KINDS, "text/plain"):
        raise WebhookFailed(12300, reply.url, f"the answer is of type {kind or 'unknown: the header is missing'}")
    try:
        text = reply.body.decode()
    except UnicodeDecodeError as error:
        raise WebhookFailed(12100, reply.url, "the body is not UTF-8") from error
    try:
        return read_twiml(text, reply.url, method)
    except ValueError as error:
        if kind == "text/plain":
            return Document(reply.url, method, (Node("Say", text=text), Node("Hangup")))
        raise WebhookFailed(12100, reply.url, str(error)) from error


def apology() -> Document:
    """What a caller hears where nothing else is left."""
    return Document("", "POST", (Node("Say", {"language": "en-US"}, text=APPLICATION_ERROR), Node("Hangup")))
