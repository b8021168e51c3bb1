"""Templates compiled once for all applications of all tests and runs.

Each test has an application of its own; compiling the pages it shows took a third of its time. An entry is found by
the template's name and holds good for its very text only, so it is never the wrong one.
"""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

FOLDER = Path(__file__).parent.parent / "build" / "test-templates"


def keep_compiled(app: Flask) -> Flask:
    """Let `app` take its templates from those compiled before, and leave what it compiles to those after it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(FOLDER))
    return app
