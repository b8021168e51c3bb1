"""Who does something to a complaint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` stands in the record: staff:7, citizen or rule. `level` is the officer's, 1 to 5; 0 for others."""

    name: str
    roles: frozenset[str]
    level: int = 0

    @classmethod
    def staff(cls, staff_id: int, *roles: str, level: int = 0) -> "Actor":
        return cls(f"staff:{staff_id}", frozenset(roles), level)


CITIZEN = Actor("citizen", frozenset({"citizen"}))
RULE = Actor("rule", frozenset({"rule"}))
