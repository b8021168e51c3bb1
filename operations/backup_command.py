"""`helpline backup` and `helpline restore`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from config import Config
from operations.backup import BackupFailed, back_up, put_back


@click.command()
@click.argument("to", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.pass_obj
def backup(config: Config, to: Path) -> None:
    """Write a whole copy into a new folder below FOLDER, while the line runs.

    The database at one moment, recordings, proofs, sounds, promises and secrets of the data folder. What stands in
    buckets is not copied. It holds everything that citizens said: keep it as safe as the line itself.
    """
    try:
        click.echo(f"Written to {back_up(config, to, datetime.now(UTC))}")
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("copy", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="COPY")
@click.pass_obj
def restore(config: Config, copy: Path) -> None:
    """Fill an empty database and the data folder from COPY, a folder that `helpline backup` wrote.

    The line must not run. Afterwards: helpline prepare.
    """
    try:
        put_back(config, copy)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo("Put back. Now run: helpline prepare && helpline doctor")
