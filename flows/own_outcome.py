"""Steps that say themselves what happens when something breaks while they are under way."""

from flows.flow import Callback, LookUp, Otp, Step


def outcome_of_fault(step: Step | None) -> str | None:
    """Where the step leads on a fault; None if it leaves that to `on_error`."""
    if isinstance(step, LookUp):
        return step.outcomes.get("failed")
    if isinstance(step, Otp):
        return step.cannot_send
    return step.failed if isinstance(step, Callback) else None
