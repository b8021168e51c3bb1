"""What stops each mistake in the menus, as a table: docs/mutations.md.

`python -m tests.flows.mutations --update` writes it anew, in a quarter of an hour on a quiet machine. With a number
behind it, it explores for so many seconds only, and the table says of the rest that it was not; begun again, it goes on
where it was, unless the program has changed.
"""

import gc
import hashlib
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import repeat
from pathlib import Path

from tests.flows import mutated
from tests.flows.mutated import KINDS, ROOM, Mutation, Verdict, judge, mutations

TABLE = Path(__file__).parents[2] / "docs" / "mutations.md"
KEPT = Path(__file__).parents[2] / "build" / "mutations.jsonl"

NOT_YET = "not yet"

Judged = list[tuple[Mutation, Verdict]]


def write_table(judged: Judged) -> str:
    passed = [verdict for _, verdict in judged if verdict.passes]
    explored = sum(1 for verdict in passed if verdict.proof)
    stopped = Counter(verdict.stopped_by or "nothing" for _, verdict in judged)
    rows = [
        "# What stops a mistake in the menus\n",
        f"The shipped flow was broken in {len(judged)} small ways, one at a time: each line deleted, each destination",
        "changed, each key given twice, each wording emptied. This table, written by",
        "`python -m tests.flows.mutations --update`, tells which rule stops each before it can be published.",
        f"{explored} of the {len(passed)} that no rule stops were looked at for it in every situation that a caller",
        "can come to. `make test` repeats a few of these; `make soak` every one, and holds this table to it.\n",
        "| stopped by | times |",
        "|---|---|",
        *(f"| {rule} | {count} |" for rule, count in stopped.most_common()),
        "",
        "*Told*: sentences of the difference. *Rehearsals*: how many fail, of the shipped ones and one for each way of",
        "the shipped flow. *Exploration*: situations looked at, and the most that the quickest way to a person, a",
        "message or a goodbye takes from any of them; or where callers would be lost.\n",
    ]
    for kind in KINDS:
        rows += [f"## {kind.capitalize()}\n", "| where | what | stopped by | told | rehearsals | exploration |"]
        rows += ["|---|---|---|---|---|---|"]
        rows += [write_row(one, verdict) for one, verdict in judged if one.kind == kind]
        rows.append("")
    return "\n".join(rows)


def write_row(mutation: Mutation, verdict: Verdict) -> str:
    what = mutation.was.replace("|", "\\|")
    told = (str(verdict.told), str(verdict.failed)) if verdict.passes else ("", "")
    by = verdict.stopped_by or " ".join(("–", *verdict.warned))
    proof = verdict.proof or (NOT_YET if verdict.passes else "")
    cells = (f"{mutation.file}:{mutation.line}", f"`{what[:70]}`", by, *told, proof)
    return f"| {' | '.join(cells)} |"


def read_kept() -> dict[str, Verdict]:
    """The verdicts that were found before, by what they were found for."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    kept = (json.loads(line) for line in lines)
    return {name: Verdict(**{**told, "warned": tuple(told["warned"])}) for name, told in kept}


def _program() -> str:
    """Names all that a verdict depends on besides the mutation itself."""
    files = [*sorted(ROOM.rglob("*.*")), Path(mutated.__file__)]
    parts = [path.read_bytes() for path in files if path.suffix in (".py", ".yaml", ".lock")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _name(mutation: Mutation, program: str) -> str:
    return hashlib.sha256(f"{program}\n{mutation.file}\n{mutation.text}".encode()).hexdigest()


def _judge_before(ends: float, mutation: Mutation) -> Verdict | None:
    if time.time() > ends:
        return None
    gc.disable()  # an exploration makes many small objects, and no circle of them
    verdict = judge(mutation)
    gc.enable()
    gc.collect()
    return verdict


def _judge_unexplored(mutation: Mutation) -> Verdict:
    return judge(mutation, explored=False)


def _judge_all(every: Mapping[str, Mutation], ends: float) -> dict[str, Verdict]:
    """The verdicts by name, as far as the time goes. Each is kept as soon as it is found."""
    verdicts = read_kept()
    open_ones = {name: one for name, one in every.items() if name not in verdicts}
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as kept, ProcessPoolExecutor(2) as pool:
        found = pool.map(_judge_before, repeat(ends), open_ones.values())
        for name, verdict in zip(open_ones, found, strict=False):
            if verdict is not None:
                verdicts[name] = verdict
                kept.write(f"{json.dumps([name, asdict(verdict)])}\n")
                kept.flush()
    return verdicts


def main() -> None:
    if sys.argv[1:2] != ["--update"]:
        raise SystemExit("python -m tests.flows.mutations --update [SECONDS]")
    ends = time.time() + float(sys.argv[2]) if sys.argv[2:] else math.inf
    program = _program()
    every = {_name(one, program): one for one in mutations()}
    verdicts = _judge_all(every, ends)
    left = [name for name in every if name not in verdicts]
    with ProcessPoolExecutor(2) as pool:
        unexplored = pool.map(_judge_unexplored, (every[name] for name in left))
        verdicts |= zip(left, unexplored, strict=True)
    TABLE.write_text(write_table([(one, verdicts[name]) for name, one in every.items()]), encoding="utf-8")
    open_ones = sum(1 for name in left if not verdicts[name].stopped_by)
    if open_ones:
        raise SystemExit(f"{TABLE.name} is written. {open_ones} are still to be explored: begin it again.")
    print(f"{TABLE.name} is written, and all {len(every)} are judged.")  # noqa: T201 - a tool of the shell


if __name__ == "__main__":
    main()
