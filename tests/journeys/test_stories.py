"""Golden dialogues. After a change that is meant: `pytest tests/journeys --update-stories`, and read the difference."""

import difflib
from pathlib import Path

import pytest

from models.store import Store
from tests.journeys.story import play, read_story, tell

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))


@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_the_story_goes_as_it_was_approved(
    path: Path, store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    now = tell(path, play(read_story(path), store, tmp_path))
    if request.config.getoption("--update-stories"):
        path.write_text(now, encoding="utf-8")
        return
    approved = path.read_text(encoding="utf-8")
    difference = difflib.unified_diff(approved.splitlines(), now.splitlines(), "approved", "now", lineterm="")
    assert now == approved, "\n".join(difference)
