"""Mappings from keys to what they do, and the rules about keys (E08, E09, E10)."""

from collections.abc import Iterator

from flows.flow import Place
from flows.loading.draft import Draft
from flows.loading.fields import Fields, read_key
from flows.loading.scalars import key_name, same_key
from flows.nodes import Entry


def read_keys(draft: Draft, fields: Fields, *, several: bool = False) -> Iterator[tuple[str, Entry]]:
    """Each key with its entry, in the order written. Of `1` and `01` the first counts."""
    seen = set()
    for entry in fields.entries.values():
        if same_key(entry.key.text) in seen:
            continue
        seen.add(same_key(entry.key.text))
        key = read_key(draft, entry.key, several=several)
        if key:
            yield key, entry


def check_everywhere(draft: Draft, key: str, at: Place, does: str | None) -> None:
    """E08: a key must not hide a key that means something in every menu; unless it does the very same."""
    meaning = draft.keys_everywhere.keys.get(key)
    if meaning is None or meaning == does:
        return
    line = draft.key_places[key].line
    sentence = f'key {key_name(key)} already means "{meaning}" in every menu (line {line}). Use another key.'
    draft.report(at, "E08", sentence)


def check_prefixes(draft: Draft, places: dict[str, Place]) -> None:
    """E10: after one key it must be clear whether the caller is finished."""
    everywhere = {key: at for key, at in draft.key_places.items() if key not in places}
    for key, at in places.items():
        begin = next((key[:n] for n in range(1, len(key)) if key[:n] in places or key[:n] in everywhere), None)
        if begin:
            sentence = f"keys {begin} and {key} cannot both be used: after {begin} we would not know whether the caller"
            draft.report(at, "E10", f"{sentence} is finished.")
