"""What staff see: sign-in, the representative's desk, the supervisor's board, the event stream."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ivr.telephone import Telephone

__all__ = ["register"]


def register(app: "Flask", telephone: "Telephone") -> None:
    """Add every staff screen to `app`. `app.secret_key` becomes that of the settings."""
    # Here, because the event stream and the command line need parts of this room, and none of its pages.
    from agent_console.console import register as add_screens

    add_screens(app, telephone)
