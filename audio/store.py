"""The store of sounds: a folder of mu-law WAV files, each named by what it says and how, so that a name never changes
its sound and a file is written once."""

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

import soundfile

from audio.telephone import FORMAT
from audio.voices import voice_of

_NAME = re.compile(r"[0-9a-f]{64}")


class UnknownSound(KeyError):
    """The store has no sound of this name."""

    def __str__(self) -> str:
        return f"There is no sound {self.args[0]!r} in the store. Render the prompts."


class SoundStore:
    """A folder of sounds. Several processes may read and write it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def name_of(self, text: str, language: str) -> str:
        """The name of these words in this language's voice, whether rendered or not. Raises UnknownLanguage."""
        said = unicodedata.normalize("NFC", " ".join(text.split()))
        about = ["words", said, *voice_of(language).settings, FORMAT]
        return hashlib.sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()

    def path(self, name: str) -> Path:
        """Where the sound of this name is or would be. Raises UnknownSound if this cannot be a name."""
        if not _NAME.fullmatch(name):
            raise UnknownSound(name)
        return self.folder / f"{name}.wav"

    def has(self, name: str) -> bool:
        """Whether the sound is there."""
        return self.path(name).exists()

    def open(self, name: str) -> BinaryIO:
        """The WAV file, open for reading. Raises UnknownSound."""
        try:
            return self.path(name).open("rb")
        except FileNotFoundError as error:
            raise UnknownSound(name) from error

    def seconds(self, name: str) -> float:
        """How long the sound is. Raises UnknownSound."""
        with self.open(name) as file:
            return float(soundfile.info(file).duration)

    def put(self, name: str, wav: bytes) -> None:
        """Store a WAV file: whole or not at all, also when the power goes."""
        path = self.path(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished, file_name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(unfinished, "wb") as file:
                file.write(wav)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o644)
            os.replace(file_name, path)
        except BaseException:
            Path(file_name).unlink(missing_ok=True)
            raise
