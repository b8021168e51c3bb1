"""The approved texts of the live menu, in a file for the local Twilio: it drops any other, as India's networks do."""

from pathlib import Path

from config import Config
from ivr.pinned import FLOW
from ivr.telephone import Telephone
from ivr.wording import approved_texts


def approved_file(config: Config) -> Path:
    """One template a line, {#var#} for blanks."""
    return config.data_dir / "run" / "templates.txt"


def write_approved_texts(telephone: Telephone) -> None:
    """Write the file of the live version. Raises NoFlow."""
    with telephone.store.read() as connection:
        flow = telephone.flows.live(connection, FLOW).flow
    file = approved_file(telephone.config)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{text}\n" for text in approved_texts(flow)), encoding="utf-8")
