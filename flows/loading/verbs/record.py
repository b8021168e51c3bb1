"""`callback`, `record` and `sms`: what is left behind for later."""

from flows.flow import Callback, Record, Sms
from flows.loading.reference import read_fact_names
from flows.loading.step import StepNode

_BECOMES = ("complaint", "suggestion", "feedback", "message")
_LONGEST = 120.0
_SILENCE = 5.0
_FINISH_KEY = "#"


def read_callback(step: StepNode) -> Callback:
    return Callback(
        **step.base(),
        prompt=step.prompt("callback"),
        number=read_fact_names(step.draft, step.fields, "number"),
        keep_place=step.fields.yes_no("keep_place", False),
        booked=step.way("booked"),
        no_number=step.way("no_number"),
        failed=step.way("failed"),
    )


def read_record(step: StepNode) -> Record:
    return Record(
        **step.base(),
        prompt=step.prompt("record", given=("finish_key",)),
        longest=step.fields.duration("longest", _LONGEST),
        stop_after_silence=step.fields.duration("stop_after_silence", _SILENCE),
        finish_key=step.fields.key("finish_key", _FINISH_KEY),
        listen_back=step.fields.yes_no("listen_back", False),
        becomes=step.fields.one_of("becomes", _BECOMES, "message"),
        recorded=step.way("recorded"),
        nothing_recorded=step.way("nothing_recorded"),
    )


def read_sms(step: StepNode) -> Sms:
    return Sms(
        **step.base(),
        prompt=step.prompt("sms", as_text=True),
        to=read_fact_names(step.draft, step.fields, "to"),
        then=step.way("then"),
    )
