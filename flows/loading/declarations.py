"""What a flow may name because somebody declared it: look-ups, queues and boards."""

from flows.flow import LookUpDeclaration, LookUpOutcome, NoteType, Place, QueueDeclaration
from flows.loading.draft import Draft
from flows.loading.fields import Fields
from flows.loading.kept import read_kept
from flows.nodes import Mapping, Node, Scalar

LOOK_UPS = "lookups.yaml"
QUEUES = "queues.yaml"
BOARDS = "boards.yaml"

_DEFAULT_ANSWERED_WITHIN = 20.0
_DEFAULT_LONGEST = 900.0


def read_queues(draft: Draft, node: Node | None) -> dict[str, QueueDeclaration]:
    queues = Fields(draft, node, QUEUES, Place(QUEUES, 1, 1))
    return {name: _read_queue(draft, name, entry.value) for name, entry in queues.entries.items()}


def _read_queue(draft: Draft, name: str, node: Node) -> QueueDeclaration:
    fields = Fields(draft, node, f'queue "{name}"', node.at)
    fields.only(("languages", "answered_within", "longest", "music"), "a queue")
    fields.require("languages")
    return QueueDeclaration(
        name=name,
        languages=tuple(scalar.text for scalar in fields.scalars("languages")),
        answered_within=fields.duration("answered_within", _DEFAULT_ANSWERED_WITHIN),
        longest=fields.duration("longest", _DEFAULT_LONGEST),
        music=fields.text("music", "hold_music"),
    )


def read_boards(draft: Draft, node: Node | None) -> frozenset[str]:
    """Boards on which supervisors post what is to be announced today. The flow's own is always there."""
    boards = Fields(draft, node, BOARDS, Place(BOARDS, 1, 1))
    return frozenset((draft.name, *boards.entries))


def read_look_ups(draft: Draft, node: Node | None) -> dict[str, LookUpDeclaration]:
    look_ups = Fields(draft, node, LOOK_UPS, Place(LOOK_UPS, 1, 1))
    return {name: _LookUp(draft, name, entry.value, look_ups).read() for name, entry in look_ups.entries.items()}


class _LookUp:
    def __init__(self, draft: Draft, name: str, node: Node, all_of_them: Fields) -> None:
        self._draft = draft
        self._name = name
        self._all = all_of_them
        self._fields = Fields(draft, node, f'look-up "{name}"', node.at)
        self._outcomes = Fields(draft, self._fields.node("outcomes"), f'look-up "{name}"', node.at)

    def read(self) -> LookUpDeclaration:
        self._fields.only(("needs", "outcomes"), "a look-up")
        self._fields.require("needs", "outcomes")
        needs = tuple(scalar.text for scalar in self._fields.scalars("needs"))
        outcomes = {name: self._read_outcome(name, entry.value) for name, entry in self._outcomes.entries.items()}
        return LookUpDeclaration(self._name, needs, outcomes)

    def _read_outcome(self, name: str, node: Node) -> LookUpOutcome:
        same = _word_after(node, "same_as")
        if same is not None:
            other = self._outcomes.node(same.text)
            if other is None or _word_after(other, "same_as"):
                hint = self._draft.suggest(same.text, self._outcomes.entries)
                sentence = f'look-up "{self._name}": there is no outcome "{same.text}" with facts of its own.{hint}'
                self._draft.report(same.at, "E03", sentence)
                return LookUpOutcome({})
            node = other
        if isinstance(node, Scalar) and not node.text:
            return LookUpOutcome({})
        facts = Fields(self._draft, node, f'outcome "{name}" of look-up "{self._name}"', node.at)
        return LookUpOutcome({fact: self._read_fact(fact, entry.value) for fact, entry in facts.entries.items()})

    def _read_fact(self, fact: str, node: Node) -> NoteType:
        other = _word_after(node, "as")
        if other is None:
            return read_kept(self._draft, node, f'"{fact}"')
        found = _find_fact(self._all.node(other.text), fact)
        if found is None:
            sentence = f'look-up "{self._name}": "{fact}" is to be as in "{other.text}", which does not give it.'
            self._draft.report(other.at, "E03", sentence)
            return NoteType()
        return read_kept(self._draft, found, f'"{fact}"')


def _word_after(node: Node, word: str) -> Scalar | None:
    value = _value_of(node, word)
    return value if isinstance(value, Scalar) else None


def _value_of(node: Node | None, word: str) -> Node | None:
    if not isinstance(node, Mapping):
        return None
    return next((entry.value for entry in node.entries if entry.key.text == word), None)


def _find_fact(look_up: Node | None, fact: str) -> Node | None:
    """Where another look-up says what this fact can be."""
    outcomes = _value_of(look_up, "outcomes")
    if not isinstance(outcomes, Mapping):
        return None
    found = (_value_of(entry.value, fact) for entry in outcomes.entries)
    return next((node for node in found if node is not None and _word_after(node, "as") is None), None)
