"""What the commands of this room share: the day they are run for, and the sounds that whoever runs them knows of."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from flows.seconds import Clip, no_clips

INDIA = ZoneInfo("Asia/Kolkata")
CLIPS = "flows.clips"  # the key in the context's `meta` under which a Clip is handed in

TODAY = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if it were this day, such as 2026-11-22.")


def clips_in_force() -> Clip:
    """How long each sound is; without any that are known, everything is guessed."""
    clip: Clip = click.get_current_context().meta.get(CLIPS, no_clips)
    return clip


def day_of(today: datetime | None) -> date:
    """The room itself has no clock; only here, at the command line, is a day left out taken to be today."""
    return today.date() if today else datetime.now(INDIA).date()
