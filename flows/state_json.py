"""A call's state as JSON text, and back. What stands at its default is left out: the text is written every turn."""

import json
from dataclasses import MISSING, Field, fields
from typing import Any

from flows.values import State


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


_DEFAULTS = {field.name: _default(field) for field in fields(State)}
_TUPLES = frozenset({"back"})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class UnreadableState(ValueError):
    """The text is not a state that `to_json` wrote."""


def to_json(state: State) -> str:
    kept = {name: value for name, default in _DEFAULTS.items() if (value := getattr(state, name)) != default}
    return _encode(kept)


def from_json(text: str) -> State:
    """The state that `to_json` wrote; fields that a later release has dropped are passed over."""
    try:
        kept = json.loads(text)
        return State(**{name: _read(name, value) for name, value in kept.items() if name in _DEFAULTS})
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableState(f"this is not the state of a call: {error}") from error


def _read(name: str, value: Any) -> Any:
    return tuple(value) if name in _TUPLES else value
