"""One call for each way out of each step, as rehearsals: whoever changes where a way leads makes one of them fail."""

from flows.exploration.graph import Graph, Node, Way
from flows.exploration.playable import write_play
from flows.flow import Flow
from flows.rehearsal_text import Done
from flows.seconds import no_clips
from flows.values import Arrived

MOST_SITUATIONS = 100_000


def cover_ways(flow: Flow) -> dict[tuple[str, str], str]:
    """By step and reason, a rehearsal of a short call that goes this way and comes by the step where it leads."""
    graph = Graph(flow, no_clips, MOST_SITUATIONS)
    graph.search()
    covered: dict[tuple[str, str], str] = {}
    for arrived, way in graph.arrivals:
        _cover(covered, graph, None, arrived, way)
    for number, node in enumerate(graph.nodes):
        for way in node.ways:
            if not way.is_jump or way.move.doing == "breaks":
                _cover(covered, graph, (number, node), node.arrived, way)
    return covered


def _cover(
    covered: dict[tuple[str, str], str], graph: Graph, at: tuple[int, Node] | None, arrived: Arrived, way: Way
) -> None:
    for went in way.went:
        if (went.step, went.why) in covered or went.to not in graph.flow.steps:
            continue
        path = graph.path_to(at[0]) if at else []
        if at:
            path.append((way.move, way.late))
        title = f"{went.step or 'the call'}: {went.why}"
        text = write_play(title, arrived, path, "", after=[Done("comes_by", went.to)])
        covered[went.step, went.why] = text
