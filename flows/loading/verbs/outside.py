"""`look_up`, `hours`, `decide` and `set`: steps that a caller does not hear."""

from flows.flow import Decide, Hours, LookUp, Row, Set
from flows.loading.condition import read_condition
from flows.loading.destination import read_way
from flows.loading.fields import Fields
from flows.loading.reference import read_assignments, read_fact_names
from flows.loading.step import StepNode
from flows.nodes import Node, Scalar, Sequence

_LIMIT = 4.0


def read_look_up(step: StepNode) -> LookUp:
    name = step.fields.scalar("look_up")
    given = read_fact_names(step.draft, step.fields, "with")
    declared = step.draft.look_ups.get(name.text) if name else None
    if name and declared is None:
        _report_undeclared(step, name)
    for need in declared.needs if declared else ():
        if need not in given and step.fields.has("with"):
            sentence = f'step "{step.name}" does not give "{need}", without which "{name and name.text}" cannot look.'
            step.fields.report(step.fields.key_at("with"), sentence)
    return LookUp(
        **step.base(),
        look_up=name.text if name else "",
        given=given,
        limit=step.fields.duration("limit", _LIMIT),
        outcomes={outcome: step.way(outcome) for outcome in declared.outcomes} if declared else {},
    )


def _report_undeclared(step: StepNode, name: Scalar) -> None:
    step.draft.unsure.add(step.name)
    if "lookups.yaml" in step.draft.unread:
        return
    hint = step.draft.suggest(name.text, step.draft.look_ups) or " Programmers declare look-ups in lookups.yaml."
    sentence = f'step "{step.name}" asks the look-up "{name.text}", but there is none with that name.{hint}'
    step.draft.report(name.at, "E07", sentence)


def read_hours(step: StepNode) -> Hours:
    name = step.fields.scalar("hours")
    calendars = step.draft.calendars
    if name and calendars is not None and name.text not in calendars and "calendars.yaml" not in step.draft.unread:
        hint = step.draft.suggest(name.text, calendars) or " Calendars are in calendars.yaml."
        sentence = f'step "{step.name}" asks the calendar "{name.text}", but there is none with that name.{hint}'
        step.draft.report(name.at, "E07", sentence)
    return Hours(
        **step.base(),
        calendar=name.text if name else "",
        open=step.way("open"),
        closed=step.way("closed"),
        holiday=step.way("holiday"),
    )


def read_decide(step: StepNode) -> Decide:
    node = step.fields.node("decide")
    if not isinstance(node, Sequence) or not node.items:
        sentence = f'step "{step.name}" should decide by rows such as "- {{when: reference is known, go: home}}".'
        step.fields.report(node.at if node else step.at, sentence)
        return Decide(**step.base(), rows=(), otherwise=step.way("otherwise"))
    rows = [_read_row(step, number, item) for number, item in enumerate(node.items, 1)]
    return Decide(**step.base(), rows=tuple(row for row in rows if row), otherwise=step.way("otherwise"))


def _read_row(step: StepNode, number: int, node: Node) -> Row | None:
    fields = Fields(step.draft, node, f'step "{step.name}", row {number}', node.at)
    if not fields.is_mapping or _has_split_condition(fields):
        step.draft.unsure.add(step.name)
        return None
    fields.only(("when", "go"), "a row")
    go = ""
    if not fields.has("go"):
        step.report_unwired(node.at, f"row {number}")
    else:
        go = read_way(step.draft, fields.node("go"), step.name, f"row {number}", fields.key_at("go"), automatic=True)
    if not fields.require("when"):
        return None
    when = fields.scalar("when")
    condition = read_condition(step.draft, when) if when else None
    return Row(condition, go, node.at) if condition else None


def _has_split_condition(fields: Fields) -> bool:
    """Whether a comma inside a condition was taken for the end of it, as it is between braces."""
    stray = [word for word, entry in fields.entries.items() if word not in ("when", "go") and _is_empty(entry.value)]
    if not stray or " one of " not in fields.text("when"):
        return False
    sentence = f'"{fields.text("when")}" is cut off by the comma after it. Put the whole condition in quotation marks.'
    fields.report(fields.key_at("when"), sentence, "E17")
    return True


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text


def read_set(step: StepNode) -> Set:
    return Set(**step.base(), notes=read_assignments(step.draft, step.fields, "set"), then=step.way("then"))
