"""`helpline audit`: whether the acts are those that were written."""

import click

from config import Config
from ivr.line import open_store
from models.audit import verify_acts
from models.errors import TamperedRecord


@click.group()
def audit() -> None:
    """The acts that must be accounted for."""


@audit.command()
@click.pass_obj
def verify(config: Config) -> None:
    """Go through the chain of acts and name the first that was changed or removed.

    Keep the last hash somewhere else, on paper or in another office's register: whoever can write every table of the
    database can also write the whole chain anew, and only an old hash shows that.
    """
    store = open_store(config)
    try:
        with store.read() as connection:
            count, last = verify_acts(connection)
    except TamperedRecord as error:
        raise click.ClickException(f"The chain is broken: {error}. Compare with a backup.") from error
    finally:
        store.close()
    click.echo(f"{count} acts, each as it was written. The last hash: {last}")
