"""<Gather>: keys, and words where it listens for them."""

import asyncio

from ivr.emulator.frame import WHISPER, Frame
from ivr.emulator.interpreter import run, verb
from ivr.emulator.keypad import Keypad
from ivr.emulator.twiml import Document, Node

_USUAL_TIMEOUT = 5.0
_CONFIDENCE = "0.9"


@verb("Gather")
async def gather(frame: Frame, node: Node) -> Document | None:
    """Keys during what is played inside it interrupt that. Nothing pressed: the next verb."""
    call = frame.call
    kinds = (node.get("input") or "dtmf").split()
    finish_on = node.get("finishOnKey", "#")
    keypad = Keypad(finish_on, int(node.number("numDigits", 0)))
    call.hears_keys = keypad.take if "dtmf" in kinds else None
    call.sound.clear()
    call.events.add(
        "gather", input=kinds, most=keypad.most, finish_on_key=finish_on, timeout=node.number("timeout", _USUAL_TIMEOUT)
    )
    spoken = ""
    try:
        await _play_inside(frame, node, keypad)
        spoken = await _listen(frame, node, keypad, kinds)
    finally:
        call.stop_hearing(keypad.take)
    call.events.add("gathered", count=len(keypad.keys), spoke=bool(spoken))
    return await _submit(frame, node, keypad.keys, spoken)


async def _play_inside(frame: Frame, node: Node, keypad: Keypad) -> None:
    if not node.children or keypad.pressed.is_set():
        return
    inside = Document(frame.document.url, frame.document.method, tuple(node.children))
    playing = frame.ex.spawn(run(Frame(frame.ex, frame.call, inside, WHISPER)))
    pressed = frame.ex.spawn(keypad.pressed.wait())
    spoke = frame.ex.spawn(frame.call.sound.wait())
    try:
        await frame.call.race(playing, pressed, spoke)
    finally:
        playing.cancel()
        pressed.cancel()
        spoke.cancel()


async def _listen(frame: Frame, node: Node, keypad: Keypad, kinds: list[str]) -> str:
    """Wait for keys, each starting the time anew; returns words where speech came first."""
    call = frame.call
    call.events.add("listening")
    while not keypad.finished:
        if call.sound.is_set() and "speech" in kinds and not keypad.keys:
            until = call.speaks_until or call.clock.now()
            await call.rest((until - call.clock.now()).total_seconds() + 1)
            return call.spoken
        keypad.pressed.clear()
        pressed = frame.ex.spawn(keypad.pressed.wait())
        sound = frame.ex.spawn(call.sound.wait() if "speech" in kinds and not keypad.keys else _never())
        try:
            if await call.rest(node.number("timeout", _USUAL_TIMEOUT), pressed, sound):
                break
        finally:
            pressed.cancel()
            sound.cancel()
    return ""


async def _never() -> None:
    await asyncio.get_running_loop().create_future()


async def _submit(frame: Frame, node: Node, keys: str, spoken: str) -> Document | None:
    if spoken:
        return await frame.follow(node, [("SpeechResult", spoken), ("Confidence", _CONFIDENCE)])
    if keys:
        return await frame.follow(node, [("Digits", keys)])
    if not node.flag("actionOnEmptyResult", False):
        return None
    # Twilio's documents leave open whether the field is empty or not there at all: both can be had here.
    return await frame.follow(node, [("Digits", "")] if frame.ex.faults.empty_digits == "empty" else ())
