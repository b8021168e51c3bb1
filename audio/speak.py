"""`python -m audio.speak`: words to a WAV file by the offline synthesizer.

It is a program of its own because the synthesizer is under GPL-3: others start it and read its files, none imports it.

    echo "Good morning." | python -m audio.speak --language en --out morning.wav
    python -m audio.speak --batch < wanted.jsonl        a line each {"language", "text", "out"}, answered by a line each

Ends with 0, or with 3 when the synthesizer is missing and 2 when the request makes no sense (one plain line on stderr).
"""

import argparse
import json
import os
import sys
import wave
from collections.abc import Sequence
from pathlib import Path

from audio.espeak import Espeak, NoSynthesizer
from audio.voices import UnknownLanguage, voice_of

BAD_REQUEST = 2
NO_SYNTHESIZER = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    options = _options().parse_args(arguments)
    try:
        synthesizer = Espeak()
        if options.batch:
            _speak_batch(synthesizer)
        else:
            _speak(synthesizer, options.language, sys.stdin.buffer.read().decode(), options.out)
    except NoSynthesizer as error:
        return _fail(str(error), NO_SYNTHESIZER)
    except UnknownLanguage as error:
        return _fail(str(error), BAD_REQUEST)
    except UnicodeDecodeError:
        return _fail("The text is not UTF-8. Save it as UTF-8 and try again.", BAD_REQUEST)
    except OSError as error:
        return _fail(f"Cannot write {options.out}: {error.strerror}.", BAD_REQUEST)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpline-speak", description="Speak the text of standard input into a file.")
    parser.add_argument("--language", default="en", help="bn, en or hi")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="the WAV file to write")
    where.add_argument("--batch", action="store_true", help="read one JSON request a line")
    return parser


def _speak_batch(synthesizer: Espeak) -> None:
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answer = {"out": request["out"]}
        try:
            _speak(synthesizer, request["language"], request["text"], Path(request["out"]))
        except (UnknownLanguage, OSError) as error:
            answer["error"] = str(error)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _speak(synthesizer: Espeak, language: str, text: str, out: Path) -> None:
    samples = synthesizer.speak(text.strip(), voice_of(language))
    unfinished = out.with_name(f"{out.name}.{os.getpid()}.part")
    with unfinished.open("wb") as raw, wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(synthesizer.rate)
        if sys.byteorder == "big":
            samples.byteswap()
        file.writeframes(samples.tobytes())
    unfinished.replace(out)


def _fail(message: str, status: int) -> int:
    sys.stderr.write(message + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
