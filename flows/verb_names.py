"""The verb of a compiled step, as it is written in its file."""

from flows.flow import Step

_OTHERWISE = {"ChooseLanguage": "language", "LookUp": "look_up", "TryOut": "try_out"}


def verb_of(step: Step) -> str:
    kind = type(step).__name__
    return _OTHERWISE.get(kind, kind.lower())
