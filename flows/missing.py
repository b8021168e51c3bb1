"""The one error inside the interpreter: something the flow names is not there. It becomes a fault of the call."""


class Missing(LookupError):
    """What the flow names (a step, a prompt, a destination) does not exist."""
