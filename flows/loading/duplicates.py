"""E02: nothing is written twice in the same place."""

from flows.finding import Finding
from flows.flow import Place
from flows.loading.scalars import same_key
from flows.nodes import Mapping, Node, Sequence


def find_duplicates(root: Node | None) -> list[Finding]:
    """Every word that stands twice in one mapping, anywhere in the tree."""
    findings = []
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, Mapping):
            findings.extend(_twice(node))
            waiting.extend(entry.value for entry in node.entries)
    return findings


def _twice(node: Mapping) -> list[Finding]:
    first: dict[str, Place] = {}
    findings = []
    for entry in node.entries:
        at = first.setdefault(same_key(entry.key.text), entry.key.at)
        if at is not entry.key.at:
            sentence = f'"{entry.key.text}" is written twice in the same place; the first is on line {at.line}.'
            findings.append(Finding(entry.key.at, "E02", f"{sentence} Only one can count."))
    return findings
