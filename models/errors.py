"""Errors, each named for the rule that it defends."""


class StoreUnavailable(Exception):
    """The database cannot be reached, or nobody knows whether a write was kept."""


class TablesBusy(StoreUnavailable):
    """Somebody reads a table that is to be changed, for longer than calls may wait. Nothing was changed."""


class IllegalTransition(Exception):
    """The complaint is in a state from which this person may not move it there."""


class Refused(Exception):
    """What somebody wants to do with a case is not theirs to do, or not now. `code` names why, for translation."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownReference(Exception):
    """No complaint or request has this reference number."""


class DraftConflict(Exception):
    """Somebody saved a newer version of the draft. `name` says who, `version` which."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} saved this draft meanwhile. Open it again to see what changed.")
        self.name = name
        self.version = version


class IncompleteComplaint(Exception):
    """A complaint lacks something it cannot be registered without. `fields` names what."""

    def __init__(self, *fields: str) -> None:
        super().__init__(f"still missing: {', '.join(fields)}")
        self.fields = fields


class TooManyCodes(Exception):
    """The cap on one-time codes for this number, caller or hour is reached."""


class TamperedRecord(Exception):
    """The chain of a complaint's events does not hold: somebody changed the record behind our back."""
