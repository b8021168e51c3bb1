"""The conference of a talk that is over is ended at once; the command beside it does so where that fails."""

from sqlalchemy import Connection

from ivr.commands import close_commands_by_key
from ivr.gateway import GatewayError
from ivr.talks import hang_up_legs
from ivr.telephone import Telephone


def end_conference_now(telephone: Telephone, talk_id: int, conference: str) -> None:
    """Ask the network to end it, with no connection held. Never fails."""
    try:
        found = telephone.gateway.end_conference(conference)
    except GatewayError:
        telephone.wake.router()  # the command that stands beside it is sent by the router until it succeeds
        return

    def ended(connection: Connection) -> None:
        now = telephone.clock.now()
        close_commands_by_key(connection, [f"talk:{talk_id}:end"], now)
        if not found:
            hang_up_legs(connection, talk_id, now)

    telephone.store.write(ended)
    telephone.wake.desk()
    telephone.wake.router()
