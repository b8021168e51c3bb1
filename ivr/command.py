"""What is typed at a shell: versions of the menus, calendars, closing early."""

import getpass
from datetime import datetime, timedelta
from pathlib import Path

import click

from config import Config
from flows import command as menus
from flows.calendar_file import BrokenCalendars
from flows.command_context import CLIPS, clips_in_force
from flows.flow_folder import read_folder, write_folder
from flows.kinds_of_change import changed_files
from flows.loader import BrokenFlow, load_flow, read_source
from flows.source import CALENDARS
from ivr import calendars, publishing
from ivr.lengths import clip_lengths
from ivr.line import open_sounds
from ivr.menus.drafts import DraftGone, begin_draft, find_draft
from ivr.opening import UnknownCalendar
from ivr.pinned import FLOW, NoFlow
from ivr.publishing import SHIPPED, ZONE, Refused, Version
from ivr.rendering import try_to_render
from ivr.replaying import LAST, replay_on
from ivr.shell import at_shell
from ivr.studio.takes import adopt_takes
from ivr.working_days import DEPARTMENTS, recount_if_changed
from models.base import composed

__all__ = ["calendar", "close_now", "flows", "open_again"]

_REFUSALS = (DraftGone, Refused, BrokenFlow, BrokenCalendars, UnknownCalendar, NoFlow)

_by = click.option("--by", default=getpass.getuser, help="Who does it; else the user of this shell.")
_note = click.option("--note", default="", help="Why, for those who read the list of versions.")
_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(commands=menus.flows.commands, help=menus.flows.help)
@click.pass_obj
@click.pass_context
def flows(ctx: click.Context, config: Config) -> None:
    """What the room of menus offers, and the versions that callers have."""
    ctx.meta[CLIPS] = clip_lengths(open_sounds(config))


@flows.command()
@click.argument("name", default=FLOW)
@click.option("--from", "folder", type=_folder, default=SHIPPED, help="Where the files are; else the shipped ones.")
@_note
@_by
@click.pass_obj
def publish(config: Config, name: str, folder: Path, note: str, by: str) -> None:
    """Check the flow NAME and have new calls use it. Calls under way keep theirs."""
    source = read_folder(folder)
    with at_shell(config, *_REFUSALS) as telephone:
        # Its sound comes first: callers of the new version must not hear two voices.
        try_to_render(telephone, load_flow(name, source))
        now = telephone.clock.now()
        adopt_takes(telephone, publishing.wanted_sounds(load_flow(name, source)), by=by)
        version = publishing.publish(telephone.store, name, source, by=by, note=note, now=now)
    click.echo(f"Version {version.number} of {name} is live. To go back: helpline flows rollback {name}")


@flows.command()
@click.argument("name", default=FLOW)
@click.option("--to", type=int, help="The number of the version; else the one that was live before.")
@_note
@_by
@click.pass_obj
def rollback(config: Config, name: str, to: int | None, note: str, by: str) -> None:
    """Publish an older version of the flow NAME again."""
    with at_shell(config, *_REFUSALS) as telephone:
        version = publishing.roll_back(telephone.store, name, by=by, note=note, now=telephone.clock.now(), to=to)
        with telephone.store.read() as connection:
            flow = telephone.flows.get(connection, version.id)
        try_to_render(telephone, flow)  # of an old version, sounds may have been cleaned away
    click.echo(f"Version {version.number} of {name} is live again.")


@flows.command()
@click.argument("number", type=int)
@click.argument("name", default=FLOW)
@_by
@click.pass_obj
def withdraw(config: Config, number: int, name: str, by: str) -> None:
    """Never let version NUMBER be published again, and lead its calls to a person at their next turn."""
    with at_shell(config, *_REFUSALS) as telephone:
        publishing.withdraw(telephone.store, name, number, by=by, now=telephone.clock.now())
    click.echo(f"Version {number} of {name} is withdrawn.")


@flows.command()
@click.argument("name", default=FLOW)
@click.pass_obj
def versions(config: Config, name: str) -> None:
    """List the versions of the flow NAME, the newest first."""
    with at_shell(config, *_REFUSALS) as telephone, telephone.store.read() as connection:
        listed = publishing.list_versions(connection, name)
    for version in listed:
        click.echo(_describe(version))
    if not listed:
        raise click.ClickException(f"No version of {name} is published. Run: helpline flows publish {name}")


@flows.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", "number", type=int, help="The number of the version; else the one that callers have.")
@click.option("--draft", "draft_id", type=int, help="The number of a draft of the console.")
@click.pass_obj
def write_files(config: Config, folder: Path, number: int | None, draft_id: int | None) -> None:
    """Write what callers have into the files of FOLDER: menus, wording, rehearsals, opening hours. Remarks stay."""
    with at_shell(config, *_REFUSALS) as telephone, telephone.store.read() as connection:
        if draft_id is not None:
            source = dict(find_draft(connection, draft_id).files)
        else:
            live = publishing.live_number(connection, FLOW) if number is None else number
            version = publishing.numbered_version(connection, FLOW, live)
            source = publishing.version_source(connection, version.id)
        hours = calendars.calendar_texts(connection)
    file = folder / CALENDARS
    known = calendars.split_calendars(file.read_bytes().decode()) if file.exists() else {}
    if known != hours:  # a file that says the same already keeps its order
        source[CALENDARS] = "\n".join(f"{text.rstrip()}\n" for text in hours.values())
    left = write_folder(folder, source)
    click.echo(f"{len(source)} files are in {folder}.")
    for path in left:
        if path != CALENDARS:
            click.echo(f"{path} is no file of these menus. Remove it, or the next import brings it back.")


@flows.command("import")
@click.argument("folder", type=_folder, default=SHIPPED)
@click.option("--title", default="", help="What the draft is called in the console.")
@_by
@click.pass_obj
def read_files(config: Config, folder: Path, title: str, by: str) -> None:
    """Make a draft of the console from the files of FOLDER. Callers hear nothing of it before it is published there."""
    source = read_folder(folder)
    if f"{FLOW}.yaml" not in source:
        raise click.ClickException(f"There is no {FLOW}.yaml in {folder}.")
    with at_shell(config, *_REFUSALS) as telephone:
        with telephone.store.read() as connection:
            live = publishing.numbered_version(connection, FLOW, publishing.live_number(connection, FLOW))
            has = publishing.version_source(connection, live.id)
        if not changed_files(has, {path: composed(text) for path, text in source.items() if path != CALENDARS}):
            click.echo(f"Version {live.number}, which callers have, says just this. There is nothing to import.")
            return
        now = telephone.clock.now()
        draft_id = begin_draft(telephone.store, live.id, by=by, now=now, title=title or folder.name, files=source)
    click.echo(f"Draft {draft_id} holds these files, on top of version {live.number}. Go on at /desk/flows/{draft_id}")


def _describe(version: Version) -> str:
    mark = "live" if version.is_live else "withdrawn" if version.withdrawn_at else ""
    at = version.created_at.astimezone(ZONE)
    return f"{version.number:>4}  {mark:<9}  {at:%Y-%m-%d %H:%M}  {version.author}  {version.note}".rstrip()


@flows.command()
@click.argument("folder", type=_folder)
@click.argument("name", default=FLOW)
@click.option("--last", type=click.IntRange(min=1), default=LAST, show_default=True, help="How many calls.")
@click.option("--language", default="en", show_default=True, help="Of the sentences: bn, en or hi.")
@click.pass_obj
def replay(config: Config, folder: Path, name: str, last: int, language: str) -> None:
    """Play the last recorded calls on the draft in FOLDER, and tell which of them would end elsewhere."""
    with at_shell(config, *_REFUSALS) as telephone:
        found = replay_on(telephone, load_flow(name, read_source(folder)), last=last, clip=clips_in_force())
    click.echo(found.tell(language))
    for parting in found.partings:
        click.echo(f"{parting.sid}  {parting.tell(language)}")


@click.group()
def calendar() -> None:
    """Opening hours and holidays. A change counts from the next call."""


@calendar.command("show")
@click.argument("name", required=False)
@click.pass_obj
def show_calendar(config: Config, name: str | None) -> None:
    """Print the calendars in force, or the one called NAME."""
    with at_shell(config, *_REFUSALS) as telephone, telephone.store.read() as connection:
        texts = calendars.calendar_texts(connection)
    if name is not None and name not in texts:
        raise click.ClickException(f"There is no calendar {name}. There is: {', '.join(texts) or 'none yet'}.")
    click.echo((texts[name] if name else "\n".join(text.rstrip() for text in texts.values())).rstrip())


@calendar.command("set")
@click.argument("file", type=_file)
@_by
@click.pass_obj
def set_calendar(config: Config, file: Path, by: str) -> None:
    """Put the calendars of FILE in force. It asks nobody: in the console another week needs a second person."""
    with at_shell(config, *_REFUSALS) as telephone:
        text = file.read_text(encoding="utf-8")
        names = calendars.set_calendars(telephone.store, text, by=by, now=telephone.clock.now())
        moved = recount_if_changed(telephone.store, telephone.clock.now()) if DEPARTMENTS in names else 0
    click.echo(f"In force from the next call: {', '.join(names)}.")
    if moved:
        click.echo(f"{moved} promised dates of open complaints moved with it.")


@click.command("close-now")
@click.argument("name", default="office")
@click.option("--until", help="A time of today such as 18:00; else the end of today.")
@click.option("--reason", default="", help="Why, for the record; callers do not hear it.")
@_by
@click.pass_obj
def close_now(config: Config, name: str, until: str | None, reason: str, by: str) -> None:
    """Close early: callers hear from now on that the calendar NAME is closed."""
    with at_shell(config, *_REFUSALS) as telephone:
        now = telephone.clock.now()
        end = _end_of_closing(until, now)
        calendars.close_now(telephone.store, name, end, reason=reason, by=by, now=now)
    click.echo(f"{name} is closed until {end:%H:%M}. To open before: helpline open-again {name}")


def _end_of_closing(until: str | None, now: datetime) -> datetime:
    local = now.astimezone(ZONE)
    if until is None:
        return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    try:
        at = datetime.strptime(until, "%H:%M")  # noqa: DTZ007 - only the hour and minute of it count, on a local day
    except ValueError as error:
        raise click.BadParameter(f'"{until}" is no time. Write it like 18:00.') from error
    end = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if end <= local:
        raise click.BadParameter(f"{until} is over already today.")
    return end


@click.command("open-again")
@click.argument("name", default="office")
@_by
@click.pass_obj
def open_again(config: Config, name: str, by: str) -> None:
    """Take back a closing by hand: the calendar NAME counts again."""
    with at_shell(config, *_REFUSALS) as telephone:
        opened = calendars.open_again(telephone.store, name, by=by, now=telephone.clock.now())
    click.echo(f"{name} keeps its calendar again." if opened else f"Nobody had closed {name} by hand.")
