"""Alembic, set up without a file, so that it works from an installed package too."""

from alembic.config import Config
from sqlalchemy import Connection


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, bound to a connection whose transaction is already open; without one they tell the steps."""
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
