"""Speaks the text of a <Say> for people who listen in a browser, by a console program that anybody may supply.

The program gets `--language bn --out FILE` and the text on its standard input, and writes a WAV file.
"""

import asyncio
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

_LONGEST = 5000  # characters: as much as one <Say> may hold
_SECONDS = 10.0
_AT_ONCE = 2
_KEPT = 200  # spoken texts


class CannotSpeak(RuntimeError):
    """The text cannot be spoken. The message says why, in a line."""


class Speaker:
    """Runs the speaking program and keeps what it last spoke. With an empty command it speaks nothing."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._spoken: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def speak(self, text: str, language: str) -> bytes:
        """The text as a WAV file. `language` may be `bn` or `bn-IN`. Raises CannotSpeak."""
        about = (language.partition("-")[0].lower() or "en", " ".join(text[:_LONGEST].split()))
        async with self._turn:
            if about not in self._spoken:
                self._spoken[about] = await self._run(*about)
            self._spoken.move_to_end(about)
            while len(self._spoken) > _KEPT:
                self._spoken.popitem(last=False)
            return self._spoken[about]

    async def _run(self, language: str, text: str) -> bytes:
        if not self._command:
            raise CannotSpeak("No speaking program was given: start the emulator with --speak-command.")
        with tempfile.TemporaryDirectory(prefix="say") as folder:
            out = Path(folder) / "say.wav"
            error = await self._start(language, text, out)
            if error or not out.exists():
                raise CannotSpeak(error or "The speaking program wrote no file.")
            return out.read_bytes()

    async def _start(self, language: str, text: str, out: Path) -> str:
        """Run the program once; what it said went wrong, or nothing."""
        try:
            program = await asyncio.create_subprocess_exec(
                *self._command, "--language", language, "--out", str(out),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            raise CannotSpeak(
                f"The speaking program {self._command[0]} cannot be started: {error.strerror}."
            ) from error
        try:
            _, said = await asyncio.wait_for(program.communicate(text.encode()), _SECONDS)
        except TimeoutError:
            program.kill()
            await program.wait()
            raise CannotSpeak(f"The speaking program took more than {_SECONDS:.0f} seconds.") from None
        lines = said.decode(errors="replace").strip().splitlines()
        if program.returncode == 0:
            return ""
        return lines[-1] if lines else f"The speaking program ended with {program.returncode}."
