"""`helpline prompts`: the sound of what callers hear, made, recorded and cleaned away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from audio.cleaning import unneeded
from audio.synthesizer import CannotRender
from audio.take import UnusableTake, telephone_clip
from config import Config
from flows.loader import BrokenFlow
from ivr.line import open_telephone
from ivr.pinned import FLOW, NoFlow
from ivr.publishing import flows_in_use, wanted_sounds
from ivr.rendering import render_flow
from ivr.telephone import Telephone

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _line(config: Config) -> Iterator[Telephone]:
    """The telephone for one command; what is refused is told in words."""
    telephone = open_telephone(config)
    try:
        yield telephone
    except (NoFlow, BrokenFlow, CannotRender, UnusableTake) as error:
        raise click.ClickException(str(error)) from error
    finally:
        telephone.store.close()


@click.group()
def prompts() -> None:
    """The sound of what callers hear."""


@prompts.command()
@click.pass_obj
def render(config: Config) -> None:
    """Render every prompt of the live flow that has no sound yet. May be broken off and started again."""
    with _line(config) as telephone:
        with telephone.store.read() as connection:
            flow = telephone.flows.live(connection, FLOW).flow
        count = render_flow(telephone, flow)
    click.echo(f"{count} prompts rendered; all have their sound now.")


@prompts.command()
@click.argument("language")
@click.argument("words")
@click.argument("file", type=_file)
@click.pass_obj
def record(config: Config, language: str, words: str, file: Path) -> None:
    """Have the person in FILE speak these WORDS of LANGUAGE from now on: WAV, MP3, Ogg or FLAC."""
    with _line(config) as telephone:
        with telephone.store.read() as connection:
            flow = telephone.flows.live(connection, FLOW).flow
        said = " ".join(words.split())
        if (language, said) not in {(spoken, " ".join(text.split())) for spoken, text in wanted_sounds(flow)}:
            raise click.ClickException(f"The live menu never says {said!r} in {language}. See: helpline flows read")
        with file.open("rb") as sent:
            name = telephone.sounds.add_take(said, language, telephone_clip(sent))
        seconds = telephone.sounds.seconds(name)
    click.echo(f"Callers hear it within a minute; it lasts {seconds:.1f} seconds.")


@prompts.command()
@click.option("--older-than", "days", default=30, show_default=True, help="Days since a sound was written.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.pass_obj
def clean(config: Config, days: int, dry_run: bool) -> None:
    """Remove sounds that no menu in use says. A person's newest take of any words stays."""
    with _line(config) as telephone:
        now = telephone.clock.now()
        before = now - timedelta(days=days)
        words = {unit for flow in flows_in_use(telephone.store, before) for unit in wanted_sounds(flow)}
        listed = telephone.sounds.refresh()
        gone = unneeded(listed, words, before.timestamp())
        for name in gone:
            if not dry_run:
                telephone.sounds.remove(name)
    verb = "would go" if dry_run else "removed"
    click.echo(f"{len(gone)} sounds {verb}; {len(listed) - len(gone)} stay.")
