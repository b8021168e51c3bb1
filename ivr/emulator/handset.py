"""A telephone of the public network: what reaches it, and how it behaves when it rings."""

from dataclasses import dataclass, field
from typing import Any

MODES = ("manual", "answer", "busy", "reject", "off")


@dataclass
class Handset:
    """`manual` rings until someone answers it; the other modes act at once. `text_error` makes each text fail."""

    number: str
    mode: str = "manual"
    text_error: int = 0
    texts: list[dict[str, Any]] = field(default_factory=list)
