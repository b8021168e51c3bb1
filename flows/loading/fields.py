"""The words of one mapping, taken one by one; what is missing, unknown or of the wrong shape is reported."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from flows.flow import Place
from flows.loading.draft import Draft
from flows.loading.scalars import parse_count, parse_duration, parse_key, parse_yes_no, same_key
from flows.nodes import Entry, Mapping, Node, Scalar, Sequence

T = TypeVar("T")


class Fields:
    """`owner` begins a sentence: `step "welcome"`. The first of two equal words counts; E02 tells of the other."""

    def __init__(self, draft: Draft, node: Node | None, owner: str, at: Place) -> None:
        self.draft = draft
        self.owner = owner
        self.at = node.at if node else at
        self.entries: dict[str, Entry] = {}
        self.guessed: set[str] = set()  # words that were probably meant by others
        self.is_mapping = isinstance(node, Mapping)
        if isinstance(node, Mapping):
            for entry in node.entries:
                self.entries.setdefault(entry.key.text, entry)
        elif node is not None:
            self.report(node.at, f"{owner} should be a list of words with a value each, such as {{say: welcome}}.")

    def report(self, at: Place, sentence: str, code: str = "E03") -> None:
        self.draft.report(at, code, sentence)

    def has(self, word: str) -> bool:
        return word in self.entries

    def node(self, word: str) -> Node | None:
        entry = self.entries.get(word)
        return entry.value if entry else None

    def key_at(self, word: str) -> Place:
        entry = self.entries.get(word)
        return entry.key.at if entry else self.at

    def only(self, known: Iterable[str], what: str) -> None:
        """Report words that are not known. `what` says whose words they are: `a "menu" step`."""
        names = tuple(known)
        for word, entry in self.entries.items():
            if word not in names:
                hint = self.draft.suggest(word, names)
                self.guessed |= {name for name in names if f'"{name}"' in hint}
                self.report(entry.key.at, f'{self.owner}: "{word}" is not a word {what} knows.{hint}')

    def require(self, *words: str) -> bool:
        """Report required words that are missing, unless a misspelt one has been reported."""
        missing = [word for word in words if word not in self.entries]
        for word in (word for word in missing if word not in self.guessed):
            self.report(self.at, f'{self.owner} does not say "{word}", which is needed here.')
        return not missing

    def scalar(self, word: str) -> Scalar | None:
        """The single word after `word`; a list, a mapping or nothing at all is reported."""
        node = self.node(word)
        if node is None:
            return None
        return self.as_scalar(node, word)

    def as_scalar(self, node: Node, word: str) -> Scalar | None:
        if isinstance(node, Scalar) and node.text:
            return node
        if isinstance(node, Scalar):
            self.report(node.at, f'{self.owner} says nothing after "{word}".')
        else:
            self.report(node.at, f'{self.owner}: "{word}" should be followed by one value, not by several.')
        return None

    def text(self, word: str, default: str = "") -> str:
        scalar = self.scalar(word)
        return scalar.text if scalar else default

    def scalars(self, word: str) -> list[Scalar]:
        """One word, or a list of words."""
        node = self.node(word)
        if node is None:
            return []
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [self.as_scalar(item, word) for item in items]
        return [scalar for scalar in found if scalar]

    def duration(self, word: str, default: float) -> float:
        return self._parsed(word, parse_duration, default, "is not a length of time. Write it like 6s or 2m.")

    def yes_no(self, word: str, default: bool) -> bool:
        return self._parsed(word, parse_yes_no, default, 'is neither "yes" nor "no".')

    def count(self, word: str, default: int) -> int:
        return self._parsed(word, parse_count, default, "is not a whole number. Write it like 3.")

    def _parsed(self, word: str, parse: Callable[[str], T | None], default: T, complaint: str) -> T:
        scalar = self.scalar(word)
        if scalar is None:
            return default
        value = parse(scalar.text)
        if value is None:
            self.report(scalar.at, f'"{scalar.text}" {complaint}', "E17")
            return default
        return value

    def key(self, word: str, default: str) -> str:
        """One key of a telephone (E09)."""
        scalar = self.scalar(word)
        if scalar is None:
            return default
        return read_key(self.draft, scalar) or default

    def one_of(self, word: str, known: tuple[str, ...], default: str) -> str:
        scalar = self.scalar(word)
        if scalar is None:
            return default
        if scalar.text not in known:
            hint = self.draft.suggest(scalar.text, known) or f" It can be: {', '.join(known)}."
            self.report(scalar.at, f'{self.owner}: "{scalar.text}" is not a known "{word}".{hint}')
            return default
        return scalar.text


def read_key(draft: Draft, scalar: Scalar, *, several: bool = False) -> str | None:
    """A key of a telephone (E09): `0` to `9`, `*` or `#`; where it makes sense, `several` digits in a row."""
    key = parse_key(scalar.text)
    if key is None:
        sentence = f'there is no key "{scalar.text}" on a telephone. Use 0 to 9, or the words star and hash.'
        draft.report(scalar.at, "E09", sentence)
    elif len(key) > 1 and (not several or key.startswith("0")):
        single = same_key(key)
        mend = f"Write {single}." if len(single) == 1 else "Use one of 0 to 9, star and hash."
        draft.report(scalar.at, "E09", f'"{key}" is more than one key, and here we wait for a single one. {mend}')
        return None
    return key
