"""The softphone's short-lived pass to the telephone network."""

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from config import Config

TOKEN_SECONDS = 600  # the page asks for a new one before it ends; a stolen one is soon worthless
_PREFIX = "staff-"


def identity(staff_id: int) -> str:
    """The name of a representative's softphone in the network."""
    return f"{_PREFIX}{staff_id}"


def staff_of(caller: str) -> int | None:
    """Who rings, from the network's own `From` (`client:staff-7`): parameters of the call are anybody's to choose."""
    name = caller.removeprefix("client:")
    number = name.removeprefix(_PREFIX)
    if name == caller or number == name or not (number.isascii() and number.isdecimal()):
        return None
    return int(number)


def issue_access_token(config: Config, staff_id: int) -> str:
    """A token with which this representative's browser may ring our TwiML App, for ten minutes.

    The incoming grant is what lets it register, so that the page knows whether its line is up; nobody is rung that way.
    """
    token = AccessToken(
        config.twilio_account_sid,
        config.twilio_api_key,
        config.twilio_api_secret,
        identity=identity(staff_id),
        ttl=TOKEN_SECONDS,
    )
    token.add_grant(VoiceGrant(outgoing_application_sid=config.twilio_app_sid, incoming_allow=True))
    return str(token.to_jwt())
