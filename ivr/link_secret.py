"""The secret of a link in a text: made from the report that it asks about, never kept, and known again by its hash."""

import hmac

from config import Config

ADDRESS = "/a/"  # below the address of the citizens' pages
PLACE = "*" * 12  # stands in the row for the secret, which is filled in when the text leaves

# Small letters and digits that nobody takes for one another: some telephones show no link, and it is typed.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def secret_of(config: Config, complaint_id: int, event_n: int) -> str:
    """Twelve letters, 59 bits: always the same for a report, so that a text that leaves twice leads to one page."""
    digest = hmac.new(config.code_pepper.encode(), f"link:{complaint_id}:{event_n}".encode(), "sha256").digest()
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in PLACE:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def hash_of(config: Config, secret: str) -> str:
    """What is kept of a secret."""
    return hmac.new(config.code_pepper.encode(), f"of-link:{secret}".encode(), "sha256").hexdigest()
