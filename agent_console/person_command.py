"""`helpline person`: a person's data, told or erased as they ask; and complaints that must be kept."""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.digits import only_digits
from agent_console.erasing import StillNeeded, erase_for_good
from config import Config
from ivr.line import open_telephone
from ivr.numbers import to_e164
from ivr.telephone import Telephone
from models.audit import add_act
from models.complaint import Complaint
from models.errors import Refused
from models.services.forgetting import export_person, find_person, what_keeps
from models.services.keeping import place_hold, release_hold

_by = click.option("--by", default=getpass.getuser, help="Who does it; else the user of this shell.")
_reason = click.option("--reason", required=True, help="Why: it stands among the acts.")
_WHY = {
    "open": "is open: it cannot be answered without its words and its number",
    "appealable": "ended less than 30 days ago: its citizen may still appeal",
    "merged": "follows another complaint: take it out again first",
    "held": "is under a hold: helpline person release REFERENCE",
}
_REFUSALS = {"held_already": "It is held already.", "not_held": "Nothing holds it."}


@contextmanager
def _line(config: Config) -> Iterator[Telephone]:
    telephone = open_telephone(config)
    try:
        yield telephone
    finally:
        telephone.store.close()


@click.group()
def person() -> None:
    """What is known of a person, by their telephone number."""


@person.command()
@click.argument("number", nargs=-1, required=True, metavar="NUMBER")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="A file; else it is printed.")
@_reason
@_by
@click.pass_obj
def export(config: Config, number: tuple[str, ...], to: Path | None, reason: str, by: str) -> None:
    """Everything that is kept of a person, as JSON."""
    if to is not None:  # first: what could not be written must not stand among the acts as told
        to.touch(mode=0o600)
        to.chmod(0o600)  # one that was there before, too
    with _line(config) as telephone:
        store, now = telephone.store, telephone.clock.now()
        with store.read() as connection:
            told = export_person(connection, find_person(connection, _number(number), to_e164))
        # Without the number: whoever reads the acts need not know whom it was about.
        store.write(lambda connection: add_act(connection, by, "person_exported", "person", now, {"reason": reason}))
    text = json.dumps(told, ensure_ascii=False, indent=2)
    if to is None:
        click.echo(text)
        return
    to.write_text(text, encoding="utf-8")
    click.echo(f"Written to {to}: {len(told['complaints'])} complaints, {len(told['calls'])} calls.")


@person.command()
@click.argument("number", nargs=-1, required=True, metavar="NUMBER")
@click.option("--yes", is_flag=True, help="Erase without asking once more.")
@_reason
@_by
@click.pass_obj
def erase(config: Config, number: tuple[str, ...], yes: bool, reason: str, by: str) -> None:
    """Take away who they are and what they said. It cannot be undone."""
    with _line(config) as telephone:
        store, now = telephone.store, telephone.clock.now()
        with store.session() as session:
            found = find_person(session.connection(), _number(number), to_e164)
            kept = what_keeps(session, found, now)
        if kept:
            lines = "\n".join(f"  {one.reference} {_WHY[one.why]}" for one in kept)
            raise click.ClickException(f"Nothing was erased. These complaints stand in the way:\n{lines}")
        question = f"{len(found.complaints)} complaints, {len(found.calls)} calls. Erase them for good?"
        if not yes and not click.confirm(question):
            raise click.ClickException("Nothing was erased.")

        try:
            done = erase_for_good(telephone, lambda session: found.number, reason=reason, by=by, now=now)
        except StillNeeded as error:
            raise click.ClickException("Nothing was erased: a complaint of theirs has changed meanwhile.") from error
    click.echo(f"{done.rows} rows hold nothing of them any more. Recordings of talks go within a minute or two.")
    if not done.is_whole:
        left = [f"the file {one}" for one in done.files]
        left += [f"the recording {one} at the telephone network" for one in done.recordings]
        lines = "\n".join(f"  {one}" for one in left)
        raise click.ClickException(
            f"The rows are erased, but these could not be reached. Delete them by hand:\n{lines}"
        )
    click.echo("The sealed records stay: what was done with their complaints, without their name, number and story.")


@person.command()
@click.argument("reference")
@_reason
@_by
@click.pass_obj
def hold(config: Config, reference: str, reason: str, by: str) -> None:
    """Keep everything of a complaint, recordings too, until it is released."""
    _change_hold(config, reference, lambda session, case, now: place_hold(session, case, reason=reason, by=by, now=now))
    click.echo("Held: nothing of it is deleted or erased.")


@person.command()
@click.argument("reference")
@_reason
@_by
@click.pass_obj
def release(config: Config, reference: str, reason: str, by: str) -> None:
    """Let a held complaint be kept as long as any other."""
    _change_hold(
        config, reference, lambda session, case, now: release_hold(session, case, reason=reason, by=by, now=now)
    )
    click.echo("Released.")


def _change_hold(config: Config, reference: str, change: Callable[[Session, Complaint, datetime], object]) -> None:
    digits = only_digits(reference)
    with _line(config) as telephone:
        now = telephone.clock.now()

        def work(session: Session) -> None:
            case = session.scalars(select(Complaint).where(Complaint.reference == digits)).one_or_none()
            if case is None:
                raise click.ClickException(f"There is no complaint {reference}.")
            change(session, case, now)

        try:
            telephone.store.transact(work)
        except Refused as error:
            raise click.ClickException(_REFUSALS[error.code]) from error


def _number(parts: tuple[str, ...]) -> str:
    """As a person types it: 98300 12345 are two words to the shell."""
    typed = " ".join(parts)
    number = to_e164(typed)
    if number is None:
        raise click.ClickException(f"{typed} is no telephone number. Type ten digits, or +91 and ten digits.")
    return number
