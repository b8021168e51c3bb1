"""Where a caller goes next: a step or a reserved word (E05)."""

from itertools import chain

from flows.flow import Place
from flows.loading.draft import Draft, Way
from flows.loading.grammar import RESERVED
from flows.nodes import Node, Scalar


def read_destination(draft: Draft, node: Node | None, owner: str, at: Place) -> str:
    """The destination as written, empty with something reported if it is none."""
    if not isinstance(node, Scalar):
        draft.report(node.at if node else at, "E03", f"{owner} should go to the name of one step here.")
        return ""
    if not node.text:
        draft.report(at, "E04", f"{owner} does not say where to go here. Callers in that situation would be cut off.")
        return ""
    if node.text in RESERVED or node.text in draft.step_places or node.text in draft.results:
        return node.text
    hint = draft.suggest(node.text, chain(draft.step_places, RESERVED, draft.results))
    draft.report(node.at, "E05", f'{owner} goes to "{node.text}", but there is no step with that name.{hint}')
    return ""


def read_way(draft: Draft, node: Node | None, step: str, why: str, at: Place, *, automatic: bool) -> str:
    """One outcome of a step, noted as a way from it; without a sound destination the step is unsure."""
    to = read_destination(draft, node, f'step "{step}"', at)
    if to and node:
        draft.ways.append(Way(step, why, to, node.at, automatic))
    else:
        draft.unsure.add(step)
    return to
