"""What every part of the telephone needs, passed around explicitly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audio.store import SoundStore
    from clock import Clock
    from config import Config
    from ivr.gateway import Gateway
    from ivr.pinned import PinnedFlows
    from ivr.wake import Wake
    from models.store import Store


@dataclass(frozen=True, slots=True)
class Telephone:
    """One per process, made by its composition root. Views find it in `current_app.extensions["telephone"]`."""

    config: Config
    clock: Clock
    store: Store
    gateway: Gateway
    wake: Wake
    sounds: SoundStore
    flows: PinnedFlows
