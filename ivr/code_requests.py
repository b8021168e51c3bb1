"""One-time codes within a turn: the caller waits up to five seconds for the text to leave, in slices of a second."""

from flows.values import CheckCode, SendCode, State
from ivr.asking import Asker, Told, Unsettled
from ivr.claims import claim, refuse_repeat
from ivr.codes import check_code, code_sent, request_code
from ivr.numbers import to_e164

PATIENCE = 5.0  # seconds until the text counts as not sent
_SLICE = 0.9
_STEP = 0.1


def send(asker: Asker, state: State, request: SendCode) -> Told | Unsettled:
    """`sent` once the network has the text; `cannot_send` if it will not, or has not taken it in time."""
    number = to_e164(request.to)
    if number is None:
        return Told("cannot_send")
    refuse_repeat(asker)
    message_id, until = _open_request(asker, number)
    waited = 0.0
    while (sent := code_sent(asker.telephone, message_id)) is None and waited < _SLICE:
        asker.telephone.clock.sleep(_STEP)
        waited += _STEP
    if sent is not None:
        return Told("sent" if sent else "cannot_send")
    if asker.telephone.clock.now().timestamp() >= until:
        return Told("cannot_send")
    return Unsettled(f"code={message_id}&until={until:.0f}")


def _open_request(asker: Asker, number: str) -> tuple[int, float]:
    """The message that carries the code, and until when it is waited for."""
    code, until = asker.resume.get("code", ""), asker.resume.get("until", "")
    if code.isdecimal() and until.isdecimal():
        return int(code), float(until)
    message_id = request_code(asker.telephone, asker.call_sid, number, asker.now)
    return message_id, asker.now.timestamp() + PATIENCE


def check(asker: Asker, state: State, request: CheckCode) -> Told:
    """`right`, `wrong` or `spent`. A repeat of the webhook costs no second try."""
    number = to_e164(request.to)
    if number is None:
        return Told("failed")
    refuse_repeat(asker)
    key = f"{asker.call_sid}:{asker.turn}:{request.request}:check"
    claim(asker.telephone, key, asker.call_sid, asker.turn, asker.now)
    return Told(check_code(asker.telephone, asker.call_sid, number, request.digits, asker.now))
