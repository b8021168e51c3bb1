"""What was published meanwhile, taken over into a draft that was begun before."""

from dataclasses import dataclass

from flows.approvals import FILE as LOCK
from flows.approvals import read_approvals, write_approvals
from flows.editing.splices import add_entry, set_value
from flows.editing.text_tree import CannotEdit, Part, find_part, read_parts
from flows.kinds_of_change import changed_files
from flows.source import Source


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`both` are files, or prompts as `prompts/en.yaml welcome`, that both changed: the draft's text stays there."""

    source: dict[str, str]
    both: tuple[str, ...]


def take_over(base: Source, live: Source, mine: Source) -> TakenOver:
    """`mine`, which was begun at `base`, on top of `live`."""
    merged = dict(mine)
    both: list[str] = []
    ours = set(changed_files(base, mine))
    for path in changed_files(base, live):
        if path not in ours:
            _put(merged, path, live.get(path))
        elif path == LOCK:
            merged[path] = _merge_lock(base.get(path, ""), live.get(path, ""), mine.get(path, ""))
        elif path.startswith("prompts/") and path in live and path in mine:
            merged[path], clashing = _merge_words(base.get(path, ""), live[path], mine[path])
            both += [f"{path} {prompt}" for prompt in clashing]
        elif live.get(path) != mine.get(path):
            both.append(path)
    return TakenOver(merged, tuple(both))


def _put(source: dict[str, str], path: str, text: str | None) -> None:
    if text is None:
        source.pop(path, None)
    else:
        source[path] = text


def _merge_lock(base: str, live: str, mine: str) -> str:
    before, theirs, ours = read_approvals(base), read_approvals(live), read_approvals(mine)
    news = {key: mark for key, mark in theirs.items() if before.get(key) != mark}
    return write_approvals({**ours, **{key: mark for key, mark in news.items() if ours.get(key) == before.get(key)}})


def _merge_words(base: str, live: str, mine: str) -> tuple[str, list[str]]:
    """The draft's words with those prompts of the live file that only it has changed; and the prompts of both."""
    try:
        before, theirs, ours = (_prompts(text) for text in (base, live, mine))
    except CannotEdit:
        return mine, ["*"]
    merged, clashing = mine, []
    for prompt, words in theirs.items():
        if words == before.get(prompt) or words == ours.get(prompt):
            continue
        if ours.get(prompt) != before.get(prompt):
            clashing.append(prompt)
        elif prompt in ours:
            path = ("prompts", prompt)
            is_long = find_part(read_parts(merged), path).kind == "mapping"
            merged = set_value(merged, (*path, "text") if is_long else path, words)
        else:
            merged = add_entry(merged, ("prompts",), prompt, words)
    return merged, clashing


def _prompts(text: str) -> dict[str, str]:
    return {part.name: _words(part) for part in find_part(read_parts(text), ("prompts",)).children}


def _words(part: Part) -> str:
    words = part.child("text") if part.kind == "mapping" else part
    return words.text if words else ""
