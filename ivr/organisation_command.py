"""`helpline organisation`: the register of offices and postings, in and out of a spreadsheet."""

import getpass
from collections.abc import Sequence
from pathlib import Path

import click

from config import Config
from ivr.case_clocks import settle
from ivr.shell import at_shell
from models.organisation_import.checking import Checked, check_sheets, lines_of
from models.organisation_import.sheets import COLUMNS, Name, UnreadableSheet, read_sheets, write_csv, write_xlsx
from models.organisation_import.taking_in import Change, changes_of, office_rows, posting_rows, read_known, take_in

_SHOWN = 20


@click.group()
def organisation() -> None:
    """Offices of the departments, and who serves in them."""


@organisation.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Tell what would change and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows in although there are bad ones.")
@click.option("--by", default=getpass.getuser, help="Who does it; else the user of this shell.")
@click.pass_obj
def take(config: Config, file: Path, preview: bool, skip_bad: bool, by: str) -> None:
    """Take FILE (CSV or XLSX) into the register. With one bad row nothing is written, unless you say --skip-bad."""
    with at_shell(config, UnreadableSheet) as telephone:
        sheets = read_sheets(file.read_bytes(), is_xlsx=file.suffix.lower() == ".xlsx")
        with telephone.store.session() as session:
            checked = check_sheets(sheets, read_known(session))
            changes = changes_of(session, checked)
        for fault in checked.faults:
            click.echo(str(fault))
        _tell(checked, changes, preview=preview)
        if preview:
            return
        if checked.faults and not skip_bad:
            raise click.ClickException("Nothing was written. Mend the rows above, or say --skip-bad.")
        now = telephone.clock.now()
        telephone.store.transact(lambda session: take_in(session, checked, by=by, now=now))
        settled = settle(telephone)
        click.echo(f"Written. {settled} open cases have another office or officer.")


@organisation.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sheet", type=click.Choice([*COLUMNS]), default="offices", help="Which of the two, for a CSV file.")
@click.pass_obj
def give(config: Config, file: Path, sheet: Name) -> None:
    """Write the register to FILE: both sheets as XLSX, one of them as CSV. What is exported can be imported again."""
    with at_shell(config) as telephone, telephone.store.session() as session:
        rows: dict[Name, list[Sequence[str]]] = {
            "offices": [*office_rows(session)],
            "postings": [*posting_rows(session)],
        }
    file.write_bytes(write_xlsx(rows) if file.suffix.lower() == ".xlsx" else write_csv(sheet, rows[sheet]))
    click.echo(f"{file}: {len(rows['offices'])} offices, {len(rows['postings'])} postings in the register.")


def _tell(checked: Checked, changes: list[Change], *, preview: bool) -> None:
    for change in changes[:_SHOWN] if preview else ():
        fields = ", ".join(f"{name}: {old} → {new}" for name, (old, new) in change.fields.items())
        click.echo(f"{change.kind} {change.name}" + (f" ({fields})" if change.kind == "changed" else ""))
    if preview and len(changes) > _SHOWN:
        click.echo(f"... and {len(changes) - _SHOWN} more.")
    new = sum(change.kind == "new" for change in changes)
    good = len(checked.offices) + len(checked.postings)
    click.echo(
        f"{good} good rows: {new} new, {len(changes) - new} changed, {good - len(changes)} as they are. "
        f"{lines_of(checked.faults)} bad rows."
    )
