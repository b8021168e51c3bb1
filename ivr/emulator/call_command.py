"""`helpline call`: a whole call from the shell, written down as it goes."""

import time

import click

from ivr.emulator.dialogue import Dialogue
from ivr.emulator.local_api import NotReached
from ivr.emulator.phone import Phone
from ivr.emulator.phone_call import PhoneCall


class _CallFailed(click.ClickException):
    """The call did not go as asked; the message says where."""


@click.command("call")
@click.option("--from", "number", default="+919830012345", show_default=True, help="The phone that calls.")
@click.option("--to", default="+919137091370", show_default=True, envvar="HELPLINE_NUMBER", help="The number it dials.")
@click.option("--press", default="", help="Keys, each when the line waits for one: 1,1,1 or 1,98300#.")
@click.option("--speak", default=3.0, show_default=True, help="Seconds to speak where the line records.")
@click.option("--stay", default=10.0, show_default=True, help="Seconds to stay on a line that wants nothing of us.")
@click.option("--texts", default=3.0, show_default=True, help="Seconds to wait for texts after the call.")
@click.option("--withheld", is_flag=True, help="Hide the number from the line.")
@click.option("--emulator", default="http://127.0.0.1:8002", show_default=True, envvar="EMULATOR_URL")
def call(
    number: str, to: str, press: str, speak: float, stay: float, texts: float, withheld: bool, emulator: str
) -> None:
    """Call the line, press the keys, print what was said. Ends with 1 if the call failed or a key was left."""
    keys = [key for key in press.replace(" ", "").split(",") if key]
    try:
        phone = Phone(emulator, number)
        phone.new_texts()  # those of earlier calls
        made = phone.dial(to, withheld=withheld)
        made.dialogue = Dialogue(made.dialogue.lines[0], click.echo)
        try:
            trouble = _go_through(made, keys, speak, stay)
            made.hang_up()
        except KeyboardInterrupt:
            made.hang_up()
            trouble = "Broken off."
        made.dialogue.close()
        _print_texts(phone, texts)
    except NotReached as error:
        raise _CallFailed(str(error)) from error
    if trouble:
        raise _CallFailed(trouble)


def _go_through(made: PhoneCall, keys: list[str], speak: float, stay: float) -> str:
    """Press each key when the line waits for one; what went wrong, or nothing."""
    mistakes: list[str] = []
    leave_at = time.monotonic() + stay
    while event := made.next_event(leave_at - time.monotonic()):
        kind = event["kind"]
        if not (made.in_line or made.in_talk):  # these go on for as long as anybody listens
            leave_at = time.monotonic() + stay
        if kind == "error":
            mistakes.append(f"The line made a mistake: {event.get('text') or event.get('code')}.")
        elif kind == "record":
            made.speaks_now(speak)
        elif kind == "listening":
            if not keys and not made.in_line:
                break
            if keys:
                made.press_now(keys.pop(0))
        elif kind == "keys" and event.get("lost"):
            mistakes.append(f"Nothing listened to {event['lost']} of the keys.")
    return _judge(made, keys, mistakes)


def _judge(made: PhoneCall, keys: list[str], mistakes: list[str]) -> str:
    if made.is_over and made.how_it_ended != "completed":
        mistakes.append(f"The call ended as {made.how_it_ended}.")
    if keys:
        mistakes.append(f"These keys were left: {','.join(keys)}.")
    return " ".join(mistakes)


def _print_texts(phone: Phone, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for text in phone.new_texts():
            click.echo(f"  text   from {text.get('from', '')}: {text['body']}")
        time.sleep(0.2)
