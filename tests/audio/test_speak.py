"""The console program, started as everybody starts it."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _needs_the_library() -> None:
    pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")


def run(*arguments: str, said: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audio.speak", *arguments]
    return subprocess.run(command, input=said, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


@pytest.mark.parametrize(
    ("language", "text"), [("bn", "নমস্কার"), ("hi", "नमस्ते"), ("en", "Good morning"), ("en-IN", "Good morning")]
)
def test_it_speaks_into_a_file(tmp_path: Path, language: str, text: str) -> None:
    assert run("--language", language, "--out", str(tmp_path / "a.wav"), said=text).returncode == 0
    assert 0.3 < seconds(tmp_path / "a.wav") < 3
    assert len(list(tmp_path.iterdir())) == 1


def test_a_batch_answers_each_line(tmp_path: Path) -> None:
    wanted = [
        {"language": language, "text": "12", "out": str(tmp_path / f"{language}.wav")}
        for language in ("bn", "xx", "en")
    ]
    answers = [json.loads(line) for line in run("--batch", said="\n".join(map(json.dumps, wanted))).stdout.splitlines()]

    assert [answer["out"] for answer in answers] == [request["out"] for request in wanted]
    assert ["error" in answer for answer in answers] == [False, True, False]
    assert seconds(tmp_path / "bn.wav") > 0.2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--language", "fr", "--out", "{folder}/a.wav"),
            "There is no voice for 'fr'. There are voices for bn, en, hi.",
        ),
        (
            ("--language", "en", "--out", "{folder}/no/a.wav"),
            "Cannot write {folder}/no/a.wav: No such file or directory.",
        ),
    ],
)
def test_a_wrong_request_gets_one_plain_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*(argument.format(folder=tmp_path) for argument in arguments), said="hello")
    assert done.returncode == 2
    assert done.stderr == said.format(folder=tmp_path) + "\n"
