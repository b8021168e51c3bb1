"""What a note or fact may hold: `{one_of: [...]}` or `{kind: ...}`."""

from flows.flow import NoteType
from flows.loading.draft import Draft
from flows.loading.fields import Fields
from flows.loading.grammar import KINDS_KEPT
from flows.nodes import Node


def read_kept(draft: Draft, node: Node, owner: str) -> NoteType:
    """The declared type; what is wrong with it is reported (E03) and the note then holds anything."""
    fields = Fields(draft, node, owner, node.at)
    fields.only(("one_of", "kind"), "a note or fact")
    if not fields.is_mapping:
        return NoteType()
    if fields.has("one_of") == fields.has("kind"):
        fields.report(node.at, f'{owner} needs either "one_of" with its values, or "kind".')
        return NoteType()
    if fields.has("kind"):
        return NoteType(kind=fields.one_of("kind", KINDS_KEPT, "name"))
    return NoteType(values=tuple(scalar.text for scalar in fields.scalars("one_of")))
