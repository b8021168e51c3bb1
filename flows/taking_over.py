"""What was published meanwhile, taken over into a draft that was begun before."""

from dataclasses import dataclass

from flows.approvals import FILE as LOCK
from flows.approvals import read_approvals, write_approvals
from flows.editing.splices import Value, add_entry, entry_text, remove_part, replace_entry
from flows.editing.text_tree import CannotEdit, Part, Trail, find_part, read_parts
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
    """The draft's catalogue with what only the live one has changed, added or removed; and the names that both changed.

    That are prompts, each with everything that stands beside its words, such as its recording; and what stands beside
    the prompts, such as the line for a key. Where it cannot be done to the text, the draft's file stays as it is.
    """
    try:
        before, theirs, ours = (_entries(text) for text in (base, live, mine))
        merged, clashing = mine, []
        for path in dict.fromkeys((*theirs, *before)):
            was, new, own = (_value(entries.get(path)) for entries in (before, theirs, ours))
            if new in (was, own):
                continue
            if own != was:
                clashing.append(path[-1])
            elif new is None:
                merged = remove_part(merged, path)
            elif own is None:
                merged = add_entry(merged, path[:-1], path[-1], new)
            else:
                merged = replace_entry(merged, path, entry_text(live, theirs[path]))
        return merged, clashing
    except CannotEdit:
        return mine, ["*"]


def _entries(text: str) -> dict[Trail, Part]:
    root = read_parts(text)
    beside = {(part.name,): part for part in root.children if part.name != "prompts"}
    return beside | {("prompts", part.name): part for part in find_part(root, ("prompts",)).children}


def _value(part: Part | None) -> Value | None:
    if part is None:
        return None
    return {child.name: child.text for child in part.children} if part.kind == "mapping" else part.text
