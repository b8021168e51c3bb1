"""<Play>: fetches the sound as Twilio does, to know that it is there and how long it lasts."""

from contextlib import nullcontext

from ivr.emulator.errors import WebhookFailed
from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.sounds import Sound, fetch_sound
from ivr.emulator.twiml import Node
from ivr.emulator.verbs.say import times

_KEY_SECONDS = 0.5  # each key of `digits`


@verb("Play")
async def play(frame: Frame, node: Node) -> None:
    """A sound that cannot be had is passed over, with an alert."""
    call = frame.call
    if node.get("digits"):
        call.events.add("tones", count=len(node.get("digits")))
        await call.rest(_KEY_SECONDS * len(node.get("digits")))
        return
    url = frame.resolve(node.text.strip())
    fetching = frame.ex.spawn(_fetch(frame, url))
    await call.race(fetching)
    sound = fetching.result()
    if sound is None:
        return
    for _ in range(times(node)):
        call.events.add("play", url=url, text=sound.text, language=sound.language)
        with call.sounding(sound.file) if sound.file else nullcontext():
            await call.rest(sound.seconds)


async def _fetch(frame: Frame, url: str) -> Sound | None:
    try:
        return await fetch_sound(frame.ex, frame.call, url)
    except WebhookFailed as failure:
        frame.ex.note(frame.call, failure, "GET")
        return None
