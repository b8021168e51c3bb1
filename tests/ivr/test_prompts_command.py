"""`helpline prompts`, as it is typed."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from audio.names import offline_name, online_name, takes_of
from audio.shelf import Folder
from flows.loader import load_flow, read_source
from flows.speaking import fixed_units
from ivr.publishing import SHIPPED, flows_in_use, publish, seed
from models.store import Store
from tests.audio.google import Google, Reply, always
from tests.audio.test_take import voice, written
from tests.line import SOUNDS

pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")


class Shell:
    """A shell with a store of its own in which the shipped menus are live."""

    def __init__(self, store: Store, url: str, folder: Path) -> None:
        self.sounds = folder / "audio"
        self.environment = {"DATABASE_URL": url, "HELPLINE_DATA_DIR": str(folder)}
        seed(store, datetime.now(UTC))

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, words, env=self.environment, catch_exceptions=False)

    def names(self) -> set[str]:
        return set(Folder(self.sounds).listed())


@pytest.fixture
def shell(sqlite_store: Store, tmp_path: Path) -> Shell:
    return Shell(sqlite_store, str(sqlite_store.url), tmp_path / "data")


@pytest.fixture
def fixed_words() -> str:
    """Something that the shipped English menus say."""
    return fixed_units(load_flow("helpline", read_source(SHIPPED)), "en")[0]


def test_a_persons_recording_is_taken_for_words_that_the_menu_says(
    shell: Shell, tmp_path: Path, fixed_words: str
) -> None:
    sent = tmp_path / "take.mp3"
    sent.write_bytes(written(voice(), "MP3"))
    told = shell("prompts", "record", "en", f" {fixed_words} ", str(sent))
    assert "Callers hear it from their next call on; it lasts" in told.output
    recorded = [name for name in shell.names() if name.startswith(takes_of(fixed_words, "en"))]
    assert len(recorded) == 1
    told = shell("prompts", "record", "bn", fixed_words, str(sent))
    assert (told.exit_code, "The live menu never says" in told.output) == (1, True)


def test_an_unusable_recording_is_refused_in_a_sentence(shell: Shell, tmp_path: Path, fixed_words: str) -> None:
    sent = tmp_path / "take.wav"
    sent.write_bytes(written(voice(size=0.001)))
    told = shell("prompts", "record", "en", fixed_words, str(sent))
    assert (told.exit_code, "The voice is too quiet" in told.output) == (1, True)
    assert shell.names() == set()


def test_cleaning_takes_only_what_no_menu_in_use_says(shell: Shell, tmp_path: Path, fixed_words: str) -> None:
    shelf = Folder(shell.sounds)
    needed = {offline_name(fixed_words, "en"), online_name(fixed_words, "en"), offline_name("seven", "en")}
    old, young = offline_name("said long ago", "en"), offline_name("said since yesterday", "en")
    for name in (*needed, old, young):
        shelf.put(name, b"RIFF")
        long_ago = time.time() - 40 * 86_400
        if name != young:
            os.utime(shelf.file(name), (long_ago, long_ago))
    assert "1 sounds would go; 4 stay." in shell("prompts", "clean", "--dry-run").output
    assert shell.names() == {*needed, old, young}
    assert "1 sounds removed; 4 stay." in shell("prompts", "clean").output
    assert shell.names() == {*needed, young}
    assert "1 sounds removed; 3 stay." in shell("prompts", "clean", "--older-than", "0").output


def test_versions_in_use_are_those_live_called_or_lately_live(sqlite_store: Store) -> None:
    long_ago, lately, now = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 20, 25))
    seed(sqlite_store, long_ago)
    source = read_source(SHIPPED)
    english = source["prompts/en.yaml"]
    for number, at in ((2, lately), (3, now)):
        changed = {**source, "prompts/en.yaml": f"{english}\n# version {number}\n"}
        publish(sqlite_store, "helpline", changed, by="a test", note="", now=at)

    def in_use(since: datetime) -> int:
        return len(flows_in_use(sqlite_store, since))

    assert in_use(now + timedelta(days=1)) == 1
    assert in_use(lately + timedelta(days=1)) == 2
    assert in_use(long_ago) == 3


def test_rendering_asks_the_online_voice_where_it_is_in_use(shell: Shell) -> None:
    SOUNDS.mkdir(parents=True, exist_ok=True)
    shell.sounds.parent.mkdir(parents=True)
    shell.sounds.symlink_to(SOUNDS, target_is_directory=True)
    with Google().serving() as google:
        google.answer = always(Reply(status=429))
        shell.environment["SPEECH_ONLINE_URL"] = google.url
        assert "all have their sound now." in shell("prompts", "render").output
        assert google.asked == []
        shell.environment["SPEECH_ONLINE"] = "gtts"
        told = shell("prompts", "render")
    assert "0 prompts rendered; all have their sound now." in told.output
    assert len(google.asked) == 1


def test_junk_in_the_address_of_the_bucket_is_named(shell: Shell) -> None:
    shell.environment["SOUND_STORE_URL"] = "s3://sounds?endpont=https://s.example"
    told = shell("prompts", "render")
    assert (told.exit_code, told.output.startswith("Error: SOUND_STORE_URL is 's3://sounds")) == (1, True)
