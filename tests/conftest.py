"""Fixtures that every room may use, and the wall round the tests: nothing beyond this machine can be reached."""

import pytest
import pytest_socket

pytest_plugins = ["tests.compiled_statements", "tests.stores", "tests.browser", "tests.line"]

LOOPBACK = ["127.0.0.1", "::1", "localhost"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Here, because an option of a deeper conftest is unknown when only its parents are asked for."""
    parser.addoption("--update-stories", action="store_true", help="Write down anew what the golden dialogues say.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before the fixtures of a test are made, so that they stand behind the wall too."""
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before tests are chosen by their marks: of a page in a browser in several languages, all but Bengali are `rest`.

    Bengali has the longest words and the most difficult script; and English has whole calls of its own.
    """
    for item in items:
        given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if given.get("language", "bn") != "bn" and item.get_closest_marker("browser"):
            item.add_marker("rest")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Files get no name from their bytes: a WAV has its time of writing within, and each worker must find the same."""
    return "file" if isinstance(val, bytes) and len(val) > 40 else None
