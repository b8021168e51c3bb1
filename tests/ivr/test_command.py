"""The commands of the telephone, as they are typed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from ivr.publishing import seed
from models.store import Store


@pytest.fixture
def run(store_url: str, tmp_path: Path) -> "Runner":
    return Runner(store_url, tmp_path)


class Runner:
    """A shell with a store and a data folder of its own."""

    def __init__(self, store_url: str, folder: Path) -> None:
        self._environment = {"DATABASE_URL": store_url, "HELPLINE_DATA_DIR": str(folder / "data")}

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, words, env=self._environment, catch_exceptions=False)


@pytest.fixture
def seeded(run: Runner, store_url: str) -> Runner:
    store = Store(store_url)
    seed(store, datetime.now(UTC))
    store.close()
    return run


def test_an_empty_store_says_what_to_do(run: Runner) -> None:
    told = run("flows", "versions")
    assert told.exit_code == 1
    assert "helpline flows publish helpline" in told.output


def test_versions_and_refusals_in_words(seeded: Runner) -> None:
    assert "1  live" in seeded("flows", "versions").output
    refused = seeded("flows", "rollback")
    assert (refused.exit_code, "There is no older version" in refused.output) == (1, True)
    refused = seeded("flows", "withdraw", "1")
    assert (refused.exit_code, "Version 1 is live" in refused.output) == (1, True)


def test_calendars_are_shown_and_set(seeded: Runner, tmp_path: Path) -> None:
    shown = seeded("calendar", "show", "office").output
    assert "mon-sat: 10:00-18:00" in shown
    file = tmp_path / "hours.yaml"
    file.write_text(shown.replace("10:00-18:00", "09:00-17:00", 1), encoding="utf-8")
    assert "In force from the next call: office." in seeded("calendar", "set", str(file)).output
    assert "mon-sat: 09:00-17:00" in seeded("calendar", "show").output
    file.write_text("office:\n  open:\n    mon: 18:00-10:00\n", encoding="utf-8")
    refused = seeded("calendar", "set", str(file))
    assert (refused.exit_code, "closes (10:00) before it opens (18:00)" in refused.output) == (1, True)
    assert seeded("calendar", "show", "moon").exit_code == 1


def test_closing_now_and_opening_again(seeded: Runner) -> None:
    assert "office is closed until 00:00" in seeded("close-now", "--reason", "flood").output
    assert "keeps its calendar again" in seeded("open-again").output
    assert "Nobody had closed office by hand" in seeded("open-again").output
    assert 'There is no calendar "moon". There is: ' in seeded("close-now", "moon").output
    assert "is no time. Write it like 18:00." in seeded("close-now", "--until", "soon").output
