"""Which function serves which verb."""

from collections.abc import Callable, Mapping
from typing import Any

from flows.course import Course, Next
from flows.flow import (
    Announcements,
    Ask,
    Callback,
    ChooseLanguage,
    Decide,
    End,
    Hours,
    LookUp,
    Menu,
    Otp,
    Queue,
    Record,
    Run,
    Say,
    Set,
    Sms,
    TryOut,
)
from flows.steps import ask, callback, decide, language, menu, otp, outside, queue, record, sharing, sms, talk
from flows.values import Event

# The step's own type is the key, so each function takes just that type; a mapping cannot say so.
ENTER: Mapping[type, Callable[[Course, Any], Next | None]] = {
    Say: talk.enter_say,
    Announcements: talk.enter_announcements,
    End: talk.enter_end,
    ChooseLanguage: language.enter_language,
    Menu: menu.enter_menu,
    Queue: queue.enter_queue,
    Ask: ask.enter_ask,
    Otp: otp.enter_otp,
    Hours: outside.enter_hours,
    LookUp: outside.enter_look_up,
    Decide: decide.enter_decide,
    Set: decide.enter_set,
    Callback: callback.enter_callback,
    Record: record.enter_record,
    Sms: sms.enter_sms,
    Run: sharing.enter_run,
    TryOut: sharing.enter_try_out,
}

HEAR: Mapping[type, Callable[[Course, Any, Event], Next | None]] = {
    Announcements: talk.hear_announcements,
    ChooseLanguage: language.hear_language,
    Menu: menu.hear_menu,
    Queue: queue.hear_queue,
    Ask: ask.hear_ask,
    Otp: otp.hear_otp,
    Hours: outside.hear_hours,
    LookUp: outside.hear_look_up,
    Callback: callback.hear_callback,
    Record: record.hear_record,
}
