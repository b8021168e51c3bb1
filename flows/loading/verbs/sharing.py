"""`run` and `try_out`: menus that are shared, and menus that are tried on a share of the callers."""

from flows.flow import Place, Run, TriedWay, TryOut
from flows.loading.destination import read_way
from flows.loading.draft import RunNode
from flows.loading.fields import Fields
from flows.loading.scalars import parse_count
from flows.loading.step import StepNode

ALL_CALLERS = 100


def read_run(step: StepNode) -> Run:
    """The other flow itself is read when all steps of this one are known."""
    name = step.fields.text("run")
    results = Fields(step.draft, step.fields.node("results"), f'step "{step.name}": "results"', step.at)
    ways = {
        result: read_way(step.draft, entry.value, step.name, result, entry.key.at, automatic=True)
        for result, entry in results.entries.items()
    }
    node = step.fields.node("run")
    places = {result: entry.key.at for result, entry in results.entries.items()}
    given, given_at = _read_given(step)
    if name:
        named = tuple((note, value, given_at[note]) for note, value in given.items())
        step.draft.runs[step.name] = RunNode(name, node.at if node else step.at, named, places)
    return Run(**step.base(), flow=name, given=given, results=ways, begins="")


def _read_given(step: StepNode) -> tuple[dict[str, str], dict[str, Place]]:
    fields = Fields(step.draft, step.fields.node("pass"), f'step "{step.name}": "pass"', step.at)
    given, places = {}, {}
    for note, entry in fields.entries.items():
        value = fields.as_scalar(entry.value, note)
        if value:
            given[note], places[note] = value.text, value.at
    return given, places


def read_try_out(step: StepNode) -> TryOut:
    trial = step.fields.text("try_out")
    fields = Fields(step.draft, step.fields.node("ways"), f'step "{step.name}": "ways"', step.at)
    ways = []
    for name, entry in fields.entries.items():
        way = Fields(step.draft, entry.value, f'step "{step.name}", way "{name}"', entry.key.at)
        way.only(("share", "go"), "a way")
        if not way.is_mapping or not way.require("share"):
            step.draft.unsure.add(step.name)
            continue
        share = _read_share(way)
        go = ""
        if way.has("go"):
            go = read_way(step.draft, way.node("go"), step.name, name, way.key_at("go"), automatic=True)
        else:
            step.report_unwired(entry.key.at, f'"{name}"')
        if share is not None:
            ways.append(TriedWay(name, share, go, entry.key.at))
    _check_shares(step, ways, len(fields.entries))
    return TryOut(**step.base(), trial=trial, ways=tuple(ways))


def _read_share(way: Fields) -> int | None:
    scalar = way.scalar("share")
    if scalar is None:
        return None
    share = parse_count(scalar.text)
    if share is None or share > ALL_CALLERS:
        sentence = f'"{scalar.text}" is not a share. Write how many of a hundred callers go this way, like 10.'
        way.report(scalar.at, sentence, "E17")
        return None
    return share


def _check_shares(step: StepNode, ways: list[TriedWay], written: int) -> None:
    if len(ways) != written or (not ways and step.fields.has("ways") and step.draft.has_errors(("E03",))):
        return  # one that cannot be read is the reason, and has been told
    together = sum(way.share for way in ways)
    if together != ALL_CALLERS:
        sentence = f'the shares of step "{step.name}" make {together}, not {ALL_CALLERS}.'
        step.fields.report(
            step.fields.key_at("ways"), f"{sentence} Callers beyond them would have nowhere to go.", "E17"
        )
