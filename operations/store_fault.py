"""Why a command could not use the store, in a sentence that names the mend."""

from collections.abc import Mapping

from config import Config
from ivr.line import open_store
from models.errors import StoreUnavailable
from models.migrations.shape import Shape, shape_of

MENDS: Mapping[Shape, str] = {
    "empty": "It holds no tables yet. Run: helpline prepare",
    "older": "Its tables are those of an older version of the program. Run: helpline prepare",
    "newer": "Its tables are those of a newer version of the program. Start that version, or restore an older backup.",
}


def shape_of_store(config: Config) -> Shape | None:
    """The shape of the tables; None when the database does not answer."""
    store = open_store(config)
    try:
        with store.read() as connection:
            return shape_of(connection)
    except StoreUnavailable:
        return None
    finally:
        store.close()


def tell_store_fault(config: Config, said: str) -> str:
    """What is wrong with the database. `said` is what the store said of it, where its tables are not the reason."""
    shape = shape_of_store(config)
    if shape is not None and shape in MENDS:
        return f"The database is there. {MENDS[shape]}"
    return f"{said} See that it runs, and that DATABASE_URL is right."
