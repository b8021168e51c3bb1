"""What the networks do with a text."""

import random

from ivr.emulator.errors import RestError
from ivr.emulator.exchange import Exchange
from ivr.emulator.message import Message
from ivr.emulator.names import rfc2822
from ivr.emulator.placing import is_e164
from ivr.emulator.segments import count_segments

_INDIA = "+91"
_INDIAN_DIGITS = 10
_MOBILE_STARTS = "6789"
# Twilio's published numbers that always fail, and the emulator's own: +1500555 and the code of the later failure.
_REFUSED_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_REFUSED_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_WORKING_FROM = "+15005550006"
_LATER = "+1500555"
_AT_ONCE_FAILED = frozenset({30001, 30002})


def check_text(ex: Exchange, to: str, sender: str) -> None:
    """Raise RestError where Twilio would refuse the text at once."""
    refused = _REFUSED_TO.get(to) or _REFUSED_FROM.get(sender)
    if refused:
        raise RestError(400, refused)
    if not is_e164(to):
        raise RestError(400, 21211)
    if to.startswith(_INDIA):
        digits = to.removeprefix(_INDIA)
        if len(digits) != _INDIAN_DIGITS:
            raise RestError(400, 21211)
        if digits[0] not in _MOBILE_STARTS:
            raise RestError(400, 21614)
    if sender.startswith("+") and sender != _WORKING_FROM and ex.own_number(sender) is None:
        raise RestError(400, 21606)


async def carry(ex: Exchange, message: Message) -> None:
    """Bring it to the handset, or tell why not. Its first status is never told."""
    await ex.clock.sleep(ex.settings.text_seconds)
    error = _find_error(ex, message)
    if error in _AT_ONCE_FAILED:
        _move(ex, message, "failed", error)
        return
    _move(ex, message, "sent")
    await ex.clock.sleep(ex.settings.text_seconds)
    if error:
        _move(ex, message, "undelivered", error)
        return
    ex.handset(message.to).texts.append(
        {
            "sid": message.sid,
            "from": _shown_sender(message),
            "body": message.body,
            "segments": count_segments(message.body),
            "at": ex.clock.now().isoformat(),
            "date": rfc2822(ex.clock.now()),
        }
    )
    for call in ex.calls.values():
        if call.live and call.handset_number == message.to:
            call.events.add("texts", count=len(ex.handset(message.to).texts))
    _move(ex, message, "delivered")


def _find_error(ex: Exchange, message: Message) -> int:
    tail = message.to.removeprefix(_LATER)
    if message.to.startswith(_LATER) and len(tail) == 5 and tail.startswith("30"):
        return int(tail)
    if ex.handset(message.to).text_error:
        return ex.handset(message.to).text_error
    return 30007 if message.to.startswith(_INDIA) and not ex.templates.allow(message.body) else 0


def _shown_sender(message: Message) -> str:
    """In India a number as sender is replaced on the way."""
    if message.to.startswith(_INDIA) and not any(letter.isalpha() for letter in message.sender):
        return str(random.Random(message.sid).randint(10_000, 999_999_999))  # noqa: S311 - not a secret
    return message.sender


def _move(ex: Exchange, message: Message, status: str, error: int = 0) -> None:
    if message.status == "canceled":
        return
    message.move(status, ex.clock.now(), error)
    ex.callbacks.tell("message", message.sid, message.callback, message.params())
