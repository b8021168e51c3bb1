"""Files that officers prove their work with: looked at, then kept where nobody else may read them.

What a file is, its first bytes say, never its name. It is kept under its own digest, which stands in the record.
"""

import hashlib
import re
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from config import Config
from ivr.proofs import proofs_of

MOST_BYTES = 5_000_000
_LONGEST_NAME = 80
_BEGINNINGS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
ENDINGS = {kind: ending for _, kind, ending in _BEGINNINGS}
_KINDS = {ending: kind for kind, ending in ENDINGS.items()}
_LINE = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(_KINDS)}) (.*)")


class UnusableProof(ValueError):
    """This file is not taken. `key` names the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the record speaks of it. `name` is as it was sent, and only ever shown."""

    digest: str
    kind: str
    name: str

    def on_record(self) -> str:
        """One line: what it is kept as, then the name it came with."""
        return f"{self.digest}.{ENDINGS[self.kind]} {self.name}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that was looked at, and its bytes."""

    kept: Kept
    content: bytes


def read_record_of(line: object) -> Kept | None:
    """The file that a line of the record speaks of; None where it speaks of none."""
    found = _LINE.fullmatch(line) if isinstance(line, str) else None
    return Kept(found[1], _KINDS[found[2]], found[3]) if found else None


def read_proof(file: FileStorage | None) -> Proof | None:
    """What was sent; None where no file was chosen. Raises UnusableProof."""
    if file is None or not file.filename:
        return None
    content = file.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnusableProof("refused.proof_too_big")
    kind = next((kind for beginning, kind, _ in _BEGINNINGS if content.startswith(beginning)), None)
    if kind is None:
        raise UnusableProof("refused.proof_kind")
    name = "".join(letter for letter in file.filename if letter.isprintable())[-_LONGEST_NAME:]
    return Proof(Kept(hashlib.sha256(content).hexdigest(), kind, name), content)


def keep_proof(config: Config, proof: Proof) -> None:
    """Keep it, before the record speaks of it. Raises ShelfAway."""
    proofs_of(config).put(proof.kept.digest, proof.content)
