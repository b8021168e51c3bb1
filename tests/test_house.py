"""What import-linter cannot see: the single modules, and that both composition roots start in a fresh process."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"agent_console", "audio", "flows", "ivr", "models", "operations", "app", "worker", "tests"}


def imports_of(path: Path) -> set[str]:
    """Top names of everything that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("name", ["config.py", "clock.py"])
def test_settings_and_clock_are_leaves(name: str) -> None:
    assert imports_of(ROOT / name) & ROOMS == set()


@pytest.mark.parametrize("name", ["app", "worker"])
def test_each_composition_root_imports_in_a_fresh_process(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import {name}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Such a circle works until somebody imports its modules in another order."""
    rooms = ("agent_console", "ivr", "flows", "audio", "models")
    graph = grimp.build_graph(*rooms, exclude_type_checking_imports=True)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).is_file()]


def test_no_tracked_file_names_a_package_host() -> None:
    host = re.compile("py" + r"pi\.org|python" + r"hosted|registry\.np" + r"mjs|deb\.deb" + "ian")
    named = [
        path.name for path in tracked_files() if path.suffix not in {".png", ".woff2"} and host.search(_text(path))
    ]
    assert named == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_every_requirement_is_pinned_by_its_hash() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert entries, path
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries), path


def test_every_make_target_is_listed_by_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("setup", "run", "test", "check", "bench", "soak", "demo-data", "clean"):
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)
        assert f"make {target} " in told


@pytest.mark.xdist_group("kept together")
def test_tests_of_one_line_share_a_test_worker(request: pytest.FixtureRequest) -> None:
    """A group that pytest-xdist forgets fails nothing: each worker then starts every line, and all takes longer."""
    if request.config.getoption("loadgroup", default=False) is not True:
        pytest.skip("not spread over test workers by groups")
    assert request.node.nodeid.endswith("@kept together")
