"""One command at the shell with the telephone of its settings."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from config import Config
from ivr.line import open_telephone
from ivr.telephone import Telephone


@contextmanager
def at_shell(config: Config, *refusals: type[Exception]) -> Iterator[Telephone]:
    """The telephone, until the end of the block; what is refused is told in words."""
    telephone = open_telephone(config)
    try:
        yield telephone
    except refusals as error:
        raise click.ClickException(str(error)) from error
    finally:
        telephone.store.close()
