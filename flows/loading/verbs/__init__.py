"""How a step of each verb is read."""

from collections.abc import Callable, Mapping

from flows.flow import Step
from flows.loading.step import StepNode
from flows.loading.verbs.asking import read_ask, read_otp
from flows.loading.verbs.language import read_language
from flows.loading.verbs.menu import read_menu
from flows.loading.verbs.outside import read_decide, read_hours, read_look_up, read_set
from flows.loading.verbs.queue import read_queue
from flows.loading.verbs.record import read_callback, read_record, read_sms
from flows.loading.verbs.sharing import read_run, read_try_out
from flows.loading.verbs.speech import read_announcements, read_end, read_say

READERS: Mapping[str, Callable[[StepNode], Step | None]] = {
    "say": read_say,
    "language": read_language,
    "announcements": read_announcements,
    "menu": read_menu,
    "ask": read_ask,
    "otp": read_otp,
    "look_up": read_look_up,
    "hours": read_hours,
    "decide": read_decide,
    "set": read_set,
    "queue": read_queue,
    "callback": read_callback,
    "record": read_record,
    "sms": read_sms,
    "run": read_run,
    "try_out": read_try_out,
    "end": read_end,
}
