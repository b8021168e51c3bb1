"""Explores a flow in a process of its own: `python -m flows.prove NAME`, the files as JSON on standard input.

It computes for some seconds without a pause, and who asks for it may have calls to answer meanwhile.
"""

import json
import os
import sys
from typing import Any

from flows.explore import Exploration, explore
from flows.loader import load_flow

LANGUAGES = ("en", "bn", "hi")
_NICE = 10


def tell(found: Exploration) -> dict[str, Any]:
    """What was found, ready to be shown in each language."""
    return {
        "is_proof": found.is_proof,
        "sentence": {language: found.tell(language) for language in LANGUAGES},
        "left_out": {language: found.left_out(language) for language in LANGUAGES},
        "stranded": [
            {
                "sentence": {language: one.tell(language) for language in LANGUAGES},
                "keys": one.keys,
                "rehearsal": one.rehearsal,
            }
            for one in found.stranded
        ],
    }


def main() -> None:
    os.nice(_NICE)
    flow = load_flow(sys.argv[1], json.load(sys.stdin))
    json.dump(tell(explore(flow)), sys.stdout)


if __name__ == "__main__":
    main()
