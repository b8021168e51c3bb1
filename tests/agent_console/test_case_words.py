"""Whatever the rules of a case answer is said in words, in every language; and every act has all of its words."""

import ast
import re
from pathlib import Path

import pytest

import models
from agent_console.case_forms import ACTS
from agent_console.words import LANGUAGES, catalogue
from models.case_access import TABLE
from models.case_moment import RULES

ROOM = Path(models.__file__).parent
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def refusals() -> set[str]:
    """Each code that `Refused` is raised with, and each that the rules of the moment return."""
    found = set()
    for path in [*ROOM.glob("services/casework/*.py"), ROOM / "case_moment.py", ROOM / "case_access.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                found |= _codes(node.args)
            if isinstance(node, ast.Return) and node.value is not None and path.parent == ROOM:
                found |= _codes([node.value])
            if isinstance(node, ast.arguments):
                found |= _codes([one for one in node.defaults if isinstance(one, ast.Constant) and one.value])
    return found - set(RULES)


def _codes(values: list[ast.expr]) -> set[str]:
    branches = [
        one for value in values for one in ([value.body, value.orelse] if isinstance(value, ast.IfExp) else [value])
    ]
    said = {str(one.value) for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    relations = {"holder", "member", "above", "secretary", "cell", "cell_holds", "passed"}
    return {code for code in said if _CODE.fullmatch(code)} - relations


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words(language: str) -> None:
    known = {key.removeprefix("refused.case.") for key in catalogue(language) if key.startswith("refused.case.")}
    assert {"not_yours", "not_now", "say_why", "level_too_low", "too_many_days"} <= refusals()
    assert refusals() == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_is_named_explained_and_acknowledged(language: str) -> None:
    words = catalogue(language)
    for act in ACTS.values():
        wanted = [f"act_of_case.{act.name}", *(f"act_of_case.{part}.{act.name}" for part in ("means", "do", "done"))]
        if "note" in act.fields:
            wanted.append(f"act_of_case.note.{act.name}")
        assert [key for key in wanted if key not in words] == [], act.name


def test_the_screen_offers_every_act_that_the_rules_know() -> None:
    assert set(ACTS) == set(TABLE) == set(RULES)
