"""The keys that one gather collects."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Keypad:
    """Collects the keys of one gather."""

    finish_on: str
    most: int
    keys: str = ""
    last: str = ""  # the key that finished it
    finished: bool = False
    pressed: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, key: str) -> bool:
        """Hear one key; False when it came too late."""
        if self.finished:
            return False
        if key in self.finish_on:
            self.finished = True
            self.last = key
        else:
            self.keys += key
            self.finished = bool(self.most) and len(self.keys) >= self.most
        self.pressed.set()
        return True
