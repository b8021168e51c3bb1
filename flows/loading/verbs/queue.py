"""`queue`: waiting for a representative."""

from flows.flow import Condition, Queue, QueueDeclaration, WaitingKey, WhileWaiting
from flows.loading.condition import read_condition
from flows.loading.destination import read_way
from flows.loading.draft import Wording
from flows.loading.fields import Fields
from flows.loading.reference import read_fact_names
from flows.loading.scalars import key_name
from flows.loading.step import StepNode
from flows.loading.verbs.keys import read_keys
from flows.nodes import Entry

_EVERY = 30.0
_MUSIC = "hold_music"


def read_queue(step: StepNode) -> Queue:
    name = step.fields.scalar("queue")
    declared = _find_declared(step)
    return Queue(
        **step.base(),
        queue=name.text if name else "",
        match_agent=read_fact_names(step.draft, step.fields, "match_agent"),
        urgent_when=_read_urgent(step),
        tell_agent=read_fact_names(step.draft, step.fields, "tell_agent"),
        waiting=_read_waiting(step, declared.music if declared else _MUSIC),
        longest_wait=_read_longest(step, declared),
        answered=step.way("answered"),
        too_long=step.way("too_long"),
        nobody_working=step.way("nobody_working"),
        full=step.way("full"),
    )


def _find_declared(step: StepNode) -> QueueDeclaration | None:
    name = step.fields.scalar("queue")
    declared = step.draft.queues.get(name.text) if name else None
    if name and declared is None and "queues.yaml" not in step.draft.unread:
        hint = step.draft.suggest(name.text, step.draft.queues) or " Queues are declared in queues.yaml."
        sentence = (
            f'step "{step.name}" puts callers in the queue "{name.text}", but there is none with that name.{hint}'
        )
        step.draft.report(name.at, "E07", sentence)
    return declared


def _read_urgent(step: StepNode) -> Condition | None:
    scalar = step.fields.scalar("urgent_when")
    return read_condition(step.draft, scalar) if scalar else None


def _read_longest(step: StepNode, declared: QueueDeclaration | None) -> float:
    longest = step.fields.duration("longest_wait", declared.longest if declared else 0.0)
    return min(longest, declared.longest) if declared else longest


def _read_waiting(step: StepNode, music: str) -> WhileWaiting:
    node = step.fields.node("while_waiting")
    if node is None:
        return WhileWaiting(music, _EVERY, (), ())
    fields = Fields(step.draft, node, f'step "{step.name}": "while_waiting"', step.at)
    fields.only(("music", "every", "say", "keys"), '"while_waiting"')
    for scalar in (say := fields.scalars("say")):
        step.draft.wordings.append(Wording(scalar.text, scalar.at, step.name))
    keys = Fields(step.draft, fields.node("keys"), f'step "{step.name}": "keys"', fields.at)
    read = [_read_key(step, key, entry) for key, entry in read_keys(step.draft, keys)]
    return WhileWaiting(
        music=fields.text("music", music),
        every=fields.duration("every", _EVERY),
        say=tuple(scalar.text for scalar in say),
        keys=tuple(key for key in read if key),
    )


def _read_key(step: StepNode, key: str, entry: Entry) -> WaitingKey | None:
    fields = Fields(step.draft, entry.value, f'step "{step.name}", key {key_name(key)}', entry.key.at)
    fields.only(("say", "go"), "a key of a queue")
    if not fields.is_mapping:
        step.draft.unsure.add(step.name)
        return None
    why = f"key {key_name(key)}"
    if not fields.has("go"):
        step.report_unwired(entry.key.at, why)
        return None
    go = read_way(step.draft, fields.node("go"), step.name, why, fields.key_at("go"), automatic=False)
    say = fields.scalar("say") if fields.require("say") else None
    if say is None:
        return None
    step.draft.wordings.append(Wording(say.text, say.at, step.name))
    return WaitingKey(key, say.text, go, entry.key.at)
