"""`helpline flows explore` and `helpline flows diff`."""

from pathlib import Path

import click

from flows.calendar_file import BrokenCalendars
from flows.command_context import clips_in_force
from flows.difference import compare_sources
from flows.explore import explore as explore_flow
from flows.flow import Flow
from flows.kinds_of_change import kinds_of_change, needs_agreement
from flows.loader import BrokenFlow, Source, load_flow, read_source
from flows.source import find_flows

_PATH = click.Path(exists=True, path_type=Path)
_LANGUAGE = click.option("--language", default="en", show_default=True, help="Of the sentences: bn, en or hi.")


@click.command()
@click.argument("path", type=_PATH, default=Path(__file__).parent)
@_LANGUAGE
@click.option("--save", type=click.Path(file_okay=False, path_type=Path), help="A folder for the calls that are lost.")
def explore(path: Path, language: str, save: Path | None) -> None:
    """Look at every situation that a caller can come to, and tell those in which nobody looks after them.

    Each is shown by a call, as a rehearsal. Fails if there is one.
    """
    folder, names = find_flows(path)
    proven = True
    for name in names:
        found = explore_flow(_load(name, read_source(folder)), clips_in_force())
        click.echo(f"{name}: {found.tell(language)}")
        for number, stranded in enumerate(found.stranded, 1):
            click.echo(f"\n{stranded.tell(language)}\n{stranded.rehearsal}")
            if save:
                save.mkdir(parents=True, exist_ok=True)
                (save / f"{name}_{number}.yaml").write_text(stranded.rehearsal, encoding="utf-8")
        for sentence in found.left_out(language):
            click.echo(f"  {sentence}")
        proven = proven and found.is_proof
    if not proven:
        raise SystemExit(1)


@click.command()
@click.argument("before", type=_PATH)
@click.argument("after", type=_PATH)
@click.option("--name", default="helpline", show_default=True, help="Which flow of the two folders.")
@_LANGUAGE
def diff(before: Path, after: Path, name: str, language: str) -> None:
    """Tell in sentences what callers meet otherwise in the folder AFTER than in the folder BEFORE."""
    try:
        sources = read_source(before), read_source(after)
        changes = compare_sources(name, *sources)
    except (BrokenFlow, BrokenCalendars) as error:
        raise click.ClickException(f"{name} has errors. Mend them first:\n{error}") from error
    for change in changes:
        click.echo(f"{change.kind:<8} {change.tell(language)}")
    if not changes:
        click.echo("Callers meet nothing else.")
    elif needs_agreement(kinds_of_change(*sources)):
        click.echo("A second person has to approve: more than wording is different.")


def _load(name: str, source: Source) -> Flow:
    try:
        return load_flow(name, source)
    except BrokenFlow as error:
        raise click.ClickException(f"{name} has errors. Mend them first:\n{error}") from error
