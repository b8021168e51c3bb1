"""Something that a call hears from the line: a prompt, a tone, music."""

from dataclasses import dataclass


@dataclass(eq=False)
class Sounding:
    """`file` is a sound file; empty and `endless`, the usual music. `at` is where the mixer is in it, in samples."""

    file: bytes
    endless: bool
    began: float  # by the event loop's clock
    at: int | None = None
