"""What must be accounted for: each act has words on the screen, and stands under the person who did it."""

import ast
import importlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from agent_console.words import LANGUAGES, catalogue
from ivr.accounting import account
from ivr.guessing import ALARM, MISTYPED, UNKNOWN
from ivr.publishing import SHIPPED
from models.audit_entry import AuditEntry
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.studio_in_test import PROMPT, open_studio, waiting_take, words_form

ROOT = Path(SHIPPED).parent
# Counted by the telephone, and shown to nobody one by one.
WRITERS = ("account", "add_act")
NOT_SHOWN = {UNKNOWN, MISTYPED}


@dataclass
class Writing:
    """A module that accounts for acts: each name that an act may have is followed to where it is written."""

    module: ModuleType
    tree: ast.Module

    def acts(self) -> Iterator[str]:
        for function in self._functions():
            for name in WRITERS:
                for call in self._calls(function, name):
                    yield from self._values(call.args[2], function)

    def _functions(self) -> list[ast.FunctionDef]:
        """The outermost ones: what is written inside of one belongs to it."""
        return [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]

    def _calls(self, within: ast.AST, name: str) -> list[ast.Call]:
        calls = [node for node in ast.walk(within) if isinstance(node, ast.Call)]
        return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]

    def _values(self, node: ast.expr, function: ast.FunctionDef) -> list[str]:
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        if isinstance(node, ast.JoinedStr):
            pieces = [self._values(piece, function) for piece in node.values]
            return ["".join(chosen) for chosen in itertools.product(*pieces)]
        if isinstance(node, ast.FormattedValue):
            return self._values(node.value, function)
        assert isinstance(node, ast.Name), f"{self.module.__name__}:{node.lineno}: what act is this?"
        parameters = [one.arg for one in function.args.args]
        if node.id not in parameters:
            return [str(getattr(self.module, node.id))]
        place = parameters.index(node.id)
        return [
            value
            for caller in self._functions()
            for call in self._calls(caller, function.name)
            for value in self._values(call.args[place], caller)
        ]


def acts_by_module() -> dict[str, set[str]]:
    found = {}
    for room in ("agent_console", "ivr", "models"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "migrations" in path.parts or not any(f"{name}(" in text for name in WRITERS):
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name] = set(Writing(importlib.import_module(name), ast.parse(text)).acts())
    return {name: acts for name, acts in found.items() if acts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_is_accounted_for_has_words_and_every_word_its_act(language: str) -> None:
    acts = set[str]().union(*acts_by_module().values()) - NOT_SHOWN
    assert {"take_discarded", "work_reassigned", "staff_added", "listening_changed", "number_shown"} <= acts
    named = {key.removeprefix("act.") for key in catalogue(language) if key.startswith("act.")}
    assert named == acts


def test_what_is_done_in_the_studio_stands_under_the_person_in_words(desk: Desk) -> None:
    mina = open_studio(desk, "mina", "translator")
    sumitra_id = desk.employ("sumitra", "supervisor")
    sumitra = desk.client("sumitra")
    page = f"/desk/studio/prompts/{PROMPT}"
    words = words_form(mina.get(page).text, words_en="What can we do for you?")
    assert mina.post(f"{page}/words", **words).status_code == 302
    mina.post(f"{page}/undo")
    take = waiting_take(desk)
    assert sumitra.act(f"/desk/studio/takes/{take}/approve").status_code == 200
    assert sumitra.act(f"/desk/studio/takes/{take}/withdraw").status_code == 200
    assert sumitra.act(f"/desk/studio/takes/{waiting_take(desk, seconds=2.0)}/discard").status_code == 200
    confirmed = words_form(mina.get(page).text, words_en="What can we do for you?")
    assert mina.post(f"{page}/words", **confirmed).status_code == 302
    seen = re.search(r'name="seen" value="([^"]+)"', sumitra.get("/desk/studio/publish").text)
    assert seen is not None
    sumitra.post("/desk/studio/publish", seen=seen[1])
    by_mina = {entry.action for entry in desk.rows(AuditEntry) if entry.actor == "staff:1"}
    assert by_mina == {"wording_changed", "wording_undone"}
    hers = sumitra.get("/desk/audit", who=f"staff:{sumitra_id}").text
    for told in ("Approved a recording", "Withdrew a recording", "Threw a recording away", "Published the menus"):
        assert f'<td data-head="Act">{told}</td>' in hers
    assert '<td data-head="Act">Changed what a prompt says</td>' not in hers


def test_a_caller_who_guesses_is_named_by_a_masked_number(desk: Desk) -> None:
    now = desk.clock.now()
    desk.store.write(lambda connection: account(connection, "+919830012345", ALARM, "CA" + "1" * 32, now))
    desk.employ("boss", "supervisor")
    shown = desk.client("boss").get("/desk/audit").text
    assert "98•••••345" in shown
    assert "9830012345" not in shown
