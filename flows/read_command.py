"""`helpline flows read`, `helpline flows listen` and `helpline flows rehearse`."""

from datetime import datetime
from pathlib import Path

import click

from flows.calendar import Calendar
from flows.calendar_file import BrokenCalendars, load_calendars
from flows.command_context import TODAY, clips_in_force, day_of
from flows.flow import Flow
from flows.listen import listen as hear
from flows.listen_table import tell_ears
from flows.loader import BrokenFlow, load_flow, read_source
from flows.read import read_aloud
from flows.rehearse import read_rehearsals, rehearse_all
from flows.source import CALENDARS, Source

_FOLDER = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(__file__).parent,
    help="Where the flow's files are; without it, the ones shipped.",
)


@click.command()
@click.argument("name", default="helpline")
@click.option("--language", default="en", show_default=True, help="The caller's language: bn, en or hi.")
@_FOLDER
def read(name: str, language: str, folder: Path) -> None:
    """Print what a caller hears, in order, with keys and seconds."""
    flow = _load(name, read_source(folder))
    _require_language(flow, language)
    click.echo(read_aloud(flow, language, clips_in_force()), nl=False)


@click.command()
@click.argument("name", default="helpline")
@click.option("--language", default="en", show_default=True, help="The caller's language: bn, en or hi.")
@TODAY
@_FOLDER
def listen(name: str, language: str, today: datetime | None, folder: Path) -> None:
    """Print how many seconds a caller listens, from "hello" to each thing that they may want.

    Measured from the sounds that are rendered, else guessed; the last line says how many of them are.
    """
    source = read_source(folder)
    flow = _load(name, source)
    _require_language(flow, language)
    ears = hear(flow, _load_calendars(source), day_of(today), language, clips_in_force())
    click.echo(tell_ears(flow, language, ears), nl=False)


def _require_language(flow: Flow, language: str) -> None:
    if language not in flow.languages:
        offered = ", ".join(flow.languages)
        raise click.ClickException(f'the flow "{flow.name}" is not offered in "{language}". Choose one of: {offered}.')


@click.command()
@click.argument("name", default="helpline")
@_FOLDER
def rehearse(name: str, folder: Path) -> None:
    """Play the rehearsals of a flow. Fails if a call does not go as written."""
    source = read_source(folder)
    outcomes = list(rehearse_all(_load(name, source), read_rehearsals(folder), _load_calendars(source)))
    for outcome in outcomes:
        click.echo(f"{'FAILS' if outcome.differences else 'ok   '}  {outcome.title}")
        for difference in outcome.differences:
            click.echo(f"       {difference}")
    failed = sum(1 for outcome in outcomes if outcome.differences)
    click.echo(f"{len(outcomes)} rehearsals, {failed} of them not as written.")
    if failed:
        raise SystemExit(1)


def _load(name: str, source: Source) -> Flow:
    try:
        return load_flow(name, source)
    except BrokenFlow as error:
        raise click.ClickException(
            f'the flow "{name}" has errors; "helpline flows check" tells more.\n{error}'
        ) from error


def _load_calendars(source: Source) -> dict[str, Calendar]:
    try:
        return load_calendars(source.get(CALENDARS, ""))
    except BrokenCalendars as error:
        raise click.ClickException(str(error)) from error
