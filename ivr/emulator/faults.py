"""The troubles that can be switched on while the emulator runs."""

import random
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Faults:
    """All switched off at the start. Shares are from 0 to 1; latencies are real seconds."""

    webhook_latency: float = 0.0  # before each webhook leaves
    duplicate: bool = False  # each webhook is delivered twice, the second with the same idempotency token
    duplicate_delay: float = 0.0  # telephone seconds until the second one; 0: before the first one's answer is acted on
    reorder_callbacks: bool = False  # status callbacks of one subject swap places in pairs
    lose_callbacks: float = 0.0  # share of status callbacks that never leave
    lose_kinds: list[str] = field(default_factory=list)  # call, conference, message, recording: lost altogether
    delay_callbacks: float = 0.0  # telephone seconds before a status callback leaves
    rest_latency: float = 0.0  # before each REST answer
    rest_errors: float = 0.0  # share of REST requests that are refused undone
    rest_errors_after: float = 0.0  # share of REST requests that are done and then answered with the error
    rest_status: int = 500
    rest_problem_json: bool = False  # errors in the form of RFC 9457
    empty_digits: str = "empty"  # what an empty gather sends: Digits "empty" or "absent"
    dial_action_after_hangup: bool = True  # whether a caller's hang-up in <Dial> still asks for the action
    seed: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311 - repeatable troubles, not secrets

    def strikes(self, share: float) -> bool:
        """Throw the dice once."""
        return share > 0 and self._dice.random() < share

    def change(self, values: dict[str, Any]) -> None:
        """Set what is named. Raises ValueError for an unknown name or a value of another kind, changing nothing."""
        kinds = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"{name} is no fault. Known: {', '.join(kinds)}.")
            if not isinstance(value, (int, float) if kinds[name] is float else kinds[name]):
                raise ValueError(f"{name} must be of kind {kinds[name].__name__}, not {type(value).__name__}.")
        for name, value in values.items():
            setattr(self, name, value)
        if "seed" in values:
            self._dice.seed(self.seed)

    def as_json(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}
