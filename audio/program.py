"""The running synthesizer, as seen from outside: requests go in and answers come out a line each."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import soundfile

from audio.synthesizer import CannotRender
from audio.telephone import Samples

SPEAK = (sys.executable, "-m", "audio.speak")
_ROOT = Path(__file__).resolve().parent.parent  # where `-m audio.speak` is found, installed or not


class SpeakProgram:
    """One synthesizer process that speaks one text after the other. Use it in a `with`."""

    def __init__(self, command: Sequence[str] = SPEAK) -> None:
        """Start the program. Raises CannotRender."""
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours or the operator's
                [*command, "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                cwd=_ROOT,
            )
        except OSError as error:
            raise CannotRender(f"The synthesizer {command[0]} cannot be started: {error.strerror}.") from error
        self._in, self._out, self._said = map(_pipe, (self._process.stdin, self._process.stdout, self._process.stderr))
        self._folder = tempfile.TemporaryDirectory(prefix="speak")
        self._clip = Path(self._folder.name) / "clip.wav"

    def speak(self, language: str, text: str) -> tuple[Samples, int]:
        """The sound of the text and its samples a second. Raises CannotRender."""
        answer = self._ask(json.dumps({"language": language, "text": text, "out": str(self._clip)}))
        if not answer:
            said = self._said.read().strip().splitlines()
            raise CannotRender(said[-1] if said else "The synthesizer ended without a word. Render again.")
        if error := json.loads(answer).get("error"):
            raise CannotRender(error)
        samples, rate = soundfile.read(self._clip, dtype="float64")
        return samples, rate

    def _ask(self, request: str) -> str:
        try:
            self._in.write(request + "\n")
            self._in.flush()
            return self._out.readline()
        except BrokenPipeError:
            return ""

    def __enter__(self) -> "SpeakProgram":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._in.close()
        self._process.wait()
        self._out.close()
        self._said.close()
        self._folder.cleanup()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise CannotRender("The synthesizer was started without its pipes.")
    return stream
