"""`helpline flows check`, `approve` and what the other files of commands offer; others hang more beside them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from flows.approvals import FILE as LOCK
from flows.approvals import approve as approve_wording
from flows.approvals import read_approvals, write_approvals
from flows.calendar_file import load_calendars
from flows.check import check_source
from flows.command_context import TODAY, clips_in_force, day_of
from flows.finding import Finding, sort_findings
from flows.flow import Flow
from flows.loader import BrokenFlow, load_flow, read_source
from flows.proof_command import diff, explore
from flows.read_command import listen, read, rehearse
from flows.seconds import Clip, no_clips
from flows.source import CALENDARS, Source, find_flows, find_recordings
from flows.walks import Walk, walk_flow

SHIPPED = Path(__file__).parent

_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def flows() -> None:
    """The menus that callers hear: check, read and publish them."""


flows.add_command(read)
flows.add_command(listen)
flows.add_command(rehearse)
flows.add_command(explore)
flows.add_command(diff)


@flows.command()
@click.argument("path", type=_PATH, default=SHIPPED)
@TODAY
def check(path: Path, today: datetime | None) -> None:
    """Say what is wrong with the flows in a folder, or with one flow file, and what a few usual callers hear.

    Fails on errors, and if one of these callers cannot be led to an end.
    """
    folder, names = find_flows(path)
    if not names:
        raise click.ClickException(f"There is no flow in {folder}. A flow file begins with the words: flow: NAME")
    day = day_of(today)
    findings = check_folder(folder, names, day, clips_in_force())
    broken = any(finding.severity == "error" for finding in findings)
    walks = [] if broken else walk_folder(folder, names, day)
    for line in (*findings, *walks):
        click.echo(str(line))
    click.echo(summarize(findings))
    if broken or any(walk.problem for walk in walks):
        raise SystemExit(1)


def check_folder(folder: Path, names: Iterable[str], today: date, clip: Clip = no_clips) -> list[Finding]:
    """The findings of several flows that share their wording and declarations, each told once."""
    source, recordings = read_source(folder), find_recordings(folder)
    checked = (check_source(name, source, today=today, recordings=recordings, clip=clip) for name in names)
    return sort_findings(finding for findings in checked for finding in findings)


def walk_folder(folder: Path, names: Iterable[str], today: date) -> list[Walk]:
    """What a few usual callers hear in flows without errors."""
    source = read_source(folder)
    calendars = load_calendars(source.get(CALENDARS, ""))
    return [walk for name in names for walk in walk_flow(load_flow(name, source), calendars, today)]


def summarize(findings: Sequence[Finding]) -> str:
    """The closing line: `0 errors, 2 warnings`."""
    errors = sum(finding.severity == "error" for finding in findings)
    return f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def load_sound(name: str, source: Source) -> Flow:
    """The flow, or a refusal in words with what is wrong."""
    try:
        return load_flow(name, source)
    except BrokenFlow as broken:
        raise click.ClickException(f"{name} has errors. Mend them first:\n{broken}") from broken


@flows.command()
@click.argument("prompts", nargs=-1)
@click.option("--folder", "path", type=_PATH, default=SHIPPED, help="Where the files are; else the shipped ones.")
def approve(prompts: tuple[str, ...], path: Path) -> None:
    """Note that the translations of these PROMPTS say what their source says now. Without any: of all prompts."""
    folder, names = find_flows(path)
    lock = folder / LOCK
    approvals = read_approvals(lock.read_text(encoding="utf-8")) if lock.exists() else {}
    source = read_source(folder)
    for name in names:
        flow = load_sound(name, source)
        unknown = sorted(set(prompts) - set(flow.catalogues[flow.written_in].prompts))
        if unknown:
            raise click.ClickException(f"There is no prompt called {', '.join(unknown)}.")
        approvals = approve_wording(approvals, flow.catalogues, flow.written_in, prompts)
    lock.write_text(write_approvals(approvals), encoding="utf-8")
    click.echo(f"{_count(len(approvals), 'translation')} approved in {lock}.")
