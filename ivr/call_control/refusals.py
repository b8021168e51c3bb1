"""Why a representative cannot do what they asked for, each named for its rule."""


class AlreadyTaken(Exception):
    """The caller is with somebody already. `who` is that person's name."""

    def __init__(self, who: str) -> None:
        super().__init__("the call is taken")
        self.who = who


class OfferExpired(Exception):
    """The offer rang too long, the caller left, or it was never for this person."""


class NotFree(Exception):
    """The representative's state does not allow this. `state` is what they are in."""

    def __init__(self, state: str) -> None:
        super().__init__(f"not possible while {state}")
        self.state = state


class DeskClosed(Exception):
    """The representative's page gives no sign of life: a call would ring there in vain."""


class TalkOver(Exception):
    """There is no such talk of this person any more."""


class NotConnectedYet(Exception):
    """The caller is only just being put through: what is asked will be possible in a moment."""


class CannotSend(Exception):
    """There is no number that a code could be sent to, or too many have been sent."""


class ColleagueBusy(Exception):
    """The colleague is not ready any more."""


class NobodySpeaksIt(Exception):
    """Nobody at work serves callers of this language."""


class TransferUnderWay(Exception):
    """The caller is being handed on already."""


class NothingRecorded(Exception):
    """This talk is not being recorded."""


class NothingToDial(Exception):
    """The call-back or message is with somebody else, done, or has no number."""
