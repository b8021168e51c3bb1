"""`helpline prompts`: the sound of what callers hear, made, recorded and cleaned away."""

import getpass
from datetime import timedelta
from pathlib import Path

import click

from audio.cleaning import unneeded
from audio.names import one_line
from audio.synthesizer import CannotRender
from audio.take import UnusableTake, clip_seconds, telephone_clip
from config import Config
from flows.loader import BrokenFlow
from ivr.pinned import FLOW, FLOWS, NoFlow, live_version
from ivr.publishing import Refused, flows_in_use, publish, wanted_sounds
from ivr.rendering import render_flow
from ivr.shell import at_shell
from ivr.studio.changes import live_source
from ivr.studio.takes import approve, every_approved_name, send_take
from models.take import WAITING

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_REFUSALS = (NoFlow, BrokenFlow, CannotRender, Refused, UnusableTake)


@click.group()
def prompts() -> None:
    """The sound of what callers hear."""


@prompts.command()
@click.pass_obj
def render(config: Config) -> None:
    """Render every prompt of the live flows that has no sound yet. May be broken off and started again."""
    with at_shell(config, *_REFUSALS) as telephone:
        with telephone.store.read() as connection:
            wanted = [name for name in FLOWS if name == FLOW or live_version(connection, name) is not None]
            flows = [telephone.flows.live(connection, name).flow for name in wanted]
        count = sum(render_flow(telephone, flow) for flow in flows)
    click.echo(f"{count} prompts rendered; all have their sound now.")


@prompts.command()
@click.argument("language")
@click.argument("words")
@click.argument("file", type=_file)
@click.option("--speaker", default="", help="Whose voice it is; else the name of --by.")
@click.option("--by", default=getpass.getuser, help="Who does it; else the user of this shell.")
@click.pass_obj
def record(config: Config, language: str, words: str, file: Path, speaker: str, by: str) -> None:
    """Have the person in FILE speak these WORDS of LANGUAGE from now on: WAV, MP3, Ogg or FLAC.

    The version that is live is published again with it, and with whatever else has been approved meanwhile.
    """
    with at_shell(config, *_REFUSALS) as telephone:
        source, flow = live_source(telephone)
        said = one_line(words)
        if (language, said) not in {(spoken, one_line(text)) for spoken, text in wanted_sounds(flow)}:
            raise click.ClickException(f"The live menu never says {said!r} in {language}. See: helpline flows read")
        with file.open("rb") as sent:
            clip = telephone_clip(sent)
        seconds = clip_seconds(clip)
        take = send_take(telephone, language, said, clip, seconds, speaker=speaker or by, by=by)
        if take.state == WAITING:
            approve(telephone, take.id, by=by, actor=by)
        note = f"recording of {said!r}"
        publish(telephone.store, FLOW, source, by=by, note=note, now=telephone.clock.now())
    click.echo(f"Callers hear it from their next call on; it lasts {seconds:.1f} seconds.")


@prompts.command()
@click.option("--older-than", "days", default=30, show_default=True, help="Days since a sound was written.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.pass_obj
def clean(config: Config, days: int, dry_run: bool) -> None:
    """Remove sounds that no menu in use says. A person's newest take of any words stays."""
    with at_shell(config, *_REFUSALS) as telephone:
        now = telephone.clock.now()
        before = now - timedelta(days=days)
        used = flows_in_use(telephone.store, before)
        words = {unit for flow in used for unit in wanted_sounds(flow)}
        with telephone.store.read() as connection:
            kept = {*every_approved_name(connection), *(name for flow in used for name in flow.takes or ())}
        listed = telephone.sounds.refresh()
        gone = unneeded(listed, words, before.timestamp(), kept)
        for name in gone:
            if not dry_run:
                telephone.sounds.remove(name)
    verb = "would go" if dry_run else "removed"
    click.echo(f"{len(gone)} sounds {verb}; {len(listed) - len(gone)} stay.")
