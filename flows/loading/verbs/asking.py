"""`ask` and `otp`: digits from the caller."""

from typing import cast

from flows.flow import Ask, AskKind, Otp
from flows.loading.grammar import KINDS_ASKED
from flows.loading.reference import check_kind, read_fact_names, read_note_name
from flows.loading.step import StepNode

BACK_KEY = "*"  # in `ask` and `otp`, whatever the keys everywhere are
_FINISH_KEY = "#"


def read_ask(step: StepNode) -> Ask:
    kind = cast(AskKind, step.fields.one_of("kind", KINDS_ASKED, "number"))
    note = read_note_name(step.draft, step.fields, "note")
    if note and step.fields.text("kind") == kind:
        check_kind(step.draft, step.fields.key_at("note"), note, kind)
    return Ask(
        **step.base(),
        prompt=step.prompt("ask"),
        kind=kind,
        note=note or "",
        then=step.way("then", automatic=False),
        read_back=step.fields.yes_no("read_back", False),
        digits=step.fields.count("digits", 0) or None,
        finish_key=_read_finish_key(step),
    )


def _read_finish_key(step: StepNode) -> str:
    key = step.fields.key("finish_key", _FINISH_KEY)
    if key == BACK_KEY:
        sentence = 'key star already means "back" while digits are asked for. Use hash.'
        step.draft.report(step.fields.key_at("finish_key"), "E08", sentence)
    elif key not in ("#", BACK_KEY):
        sentence = f'key {key} is a digit and cannot also mean "finished". Use hash.'
        step.draft.report(step.fields.key_at("finish_key"), "E08", sentence)
    return key


def read_otp(step: StepNode) -> Otp:
    to = read_fact_names(step.draft, step.fields, "to")
    return Otp(
        **step.base(),
        prompt=step.prompt("otp"),
        to=to[0] if to else "",
        verified=step.way("verified", automatic=False),
        not_verified=step.way("not_verified"),
        cannot_send=step.way("cannot_send"),
    )
