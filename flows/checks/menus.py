"""W10: few menus before a person. W11: giving up never ends a call with nothing offered. W12: real options first."""

from collections import deque

from flows.checks.graph import BACK, GOODBYE, STRUCTURE, all_edges, own_edges, reachable, successors
from flows.flow import Ask, Callback, ChooseLanguage, End, Menu, Queue, Record, Step
from flows.loading.draft import Draft

MOST_MENUS = 3


def check_menus_before_person(draft: Draft) -> None:
    """W10, for each queue: the fewest menus that a caller who presses keys comes through."""
    if draft.has_errors(STRUCTURE):
        return
    for name, menus in _fewest_menus(draft).items():
        if len(menus) > MOST_MENUS:
            named = ", ".join(menus[: MOST_MENUS + 1]) + (" ..." if len(menus) > MOST_MENUS + 1 else "")
            sentence = f"a caller comes through at least {len(menus)} menus ({named}) before a person answers in step"
            draft.report(draft.step_places[name], "W10", f'{sentence} "{name}". Most callers cope with {MOST_MENUS}.')


def _fewest_menus(draft: Draft) -> dict[str, tuple[str, ...]]:
    """For each queue that can be reached, the menus on the way with the fewest of them."""
    table: dict[str, list[str]] = {}
    for edge in own_edges(draft):
        if edge.why != "give_up" and edge.to not in (BACK, GOODBYE):
            table.setdefault(edge.step, []).append(edge.to)
    came: dict[str, tuple[str, int]] = {draft.start: ("", 0)}
    waiting = deque([draft.start])
    settled = set()
    while waiting:
        step = waiting.popleft()
        if step in settled:
            continue
        settled.add(step)
        is_menu = isinstance(draft.steps.get(step), Menu)
        menus = came[step][1] + is_menu
        for to in table.get(step, ()):
            if to not in came or came[to][1] > menus:
                came[to] = (step, menus)
                waiting.append(to) if is_menu else waiting.appendleft(to)
    queues = (queue.name for queue in draft.steps.values() if isinstance(queue, Queue) and queue.name in came)
    return {queue: _menus_on_way(draft, queue, came) for queue in queues}


def _menus_on_way(draft: Draft, step: str, came: dict[str, tuple[str, int]]) -> tuple[str, ...]:
    menus = []
    while step:
        step = came[step][0]
        if isinstance(draft.steps.get(step), Menu):
            menus.append(step)
    return tuple(reversed(menus))


def check_giving_up(draft: Draft) -> None:
    """W11: a caller who cannot manage the keys is the one who most needs a person."""
    if draft.has_errors((*STRUCTURE, "E14", "E15")):
        return
    helped = _helped(draft)
    automatic = {edge.step: edge.to for edge in own_edges(draft) if edge.automatic and edge.why in ("then", "give_up")}
    for step in draft.steps.values():
        if not isinstance(step, Menu | Ask) or step.name in helped or _offers_help(draft, step):
            continue
        if _ends_in_goodbye(draft, step.name, automatic):
            sentence = f'step "{step.name}" gives up by ending the call, and no message or person was offered.'
            draft.report(step.at, "W11", f"{sentence} Let give_up lead to a person, a call-back or a message.")


def _ends_in_goodbye(draft: Draft, step: str, automatic: dict[str, str]) -> bool:
    seen = {step}
    at = automatic.get(step, "")
    while at and at not in seen:
        if at == GOODBYE or isinstance(draft.steps.get(at), End):
            return True
        if isinstance(draft.steps.get(at), Menu | Ask | ChooseLanguage):
            return False
        seen.add(at)
        at = automatic.get(at, "")
    return False


def _offers_help(draft: Draft, step: Menu | Ask) -> bool:
    """Whether one of its own choices leads to a person, a call-back or a message at once."""
    if not isinstance(step, Menu):
        return False
    return any(choice.go and (choice.go == "person" or _is_help(draft, choice.go)) for choice in step.choices)


def _is_help(draft: Draft, step: str) -> bool:
    return isinstance(draft.steps.get(step), Queue | Record | Callback)


def _helped(draft: Draft) -> set[str]:
    """Steps that only callers reach whom somebody has answered, or who have left a message or a call-back."""
    table = successors(edge for edge in all_edges(draft) if not _is_helped_by(draft.steps.get(edge.step), edge.why))
    return set(draft.steps) - reachable([draft.start], table)


def _is_helped_by(step: Step | None, why: str) -> bool:
    return (
        (isinstance(step, Queue) and why == "answered")
        or (isinstance(step, Record) and why == "recorded")
        or (isinstance(step, Callback) and why == "booked")
    )


def check_order_of_choices(draft: Draft) -> None:
    """W12: who hears "to hear this again" first has to wait for what they called for."""
    for step in draft.steps.values():
        if not isinstance(step, Menu):
            continue
        real = [number for number, choice in enumerate(step.choices) if choice.go not in ("repeat", "back")]
        for number, choice in enumerate(step.choices):
            if choice.go in ("repeat", "back") and any(other > number for other in real):
                sentence = f'step "{step.name}" offers "{choice.go}" before its real options. Put it last.'
                draft.report(choice.at, "W12", sentence)
                break
