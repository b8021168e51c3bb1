"""Pairing, as a pure function: who is rung for whom."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.pairing import Ready, Waiting, in_line, pair

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def caller(number: int, waited: float, *, language: str = "bn", priority: int = 0, queue: str = "helpline") -> Waiting:
    return Waiting(number, queue, language, priority, False, NOW - timedelta(seconds=waited))


def representative(number: int, ready_for: float, *languages: str, queues: frozenset[str] = frozenset()) -> Ready:
    return Ready(number, frozenset(languages or ("bn", "en")), queues, NOW - timedelta(seconds=ready_for))


def numbers(pairs: list[tuple[Waiting, Ready]]) -> list[tuple[int, int]]:
    return [(one.entry_id, other.staff_id) for one, other in pairs]


def test_longest_wait_goes_to_longest_ready() -> None:
    pairs = pair([caller(1, 10), caller(2, 90)], [representative(7, 5), representative(8, 60)], NOW)
    assert numbers(pairs) == [(2, 8), (1, 7)]


def test_language_decides_before_readiness() -> None:
    pairs = pair([caller(1, 10, language="hi")], [representative(7, 600), representative(8, 1, "hi")], NOW)
    assert numbers(pairs) == [(1, 8)]


def test_who_cannot_be_served_keeps_nobody_else_waiting() -> None:
    pairs = pair([caller(1, 900, language="hi"), caller(2, 5)], [representative(7, 1)], NOW)
    assert numbers(pairs) == [(2, 7)]


def test_queues_limit_whom_one_serves() -> None:
    ready = [representative(7, 600, queues=frozenset({"police"})), representative(8, 1)]
    assert numbers(pair([caller(1, 1)], ready, NOW)) == [(1, 8)]


def test_priority_is_a_head_start_and_nobody_starves() -> None:
    urgent, patient = caller(1, 0, priority=10), caller(2, 599)
    assert [one.entry_id for one in in_line([patient, urgent], NOW)] == [1, 2]
    assert [one.entry_id for one in in_line([caller(2, 601), urgent], NOW)] == [2, 1]


_callers = st.lists(
    st.builds(
        caller,
        st.integers(1, 10**6),
        st.floats(0, 3600),
        language=st.sampled_from(["bn", "en", "hi"]),
        priority=st.sampled_from([0, 10, 100]),
    ),
    max_size=12,
    unique_by=lambda one: one.entry_id,
)
_staff = st.lists(
    st.builds(representative, st.integers(1, 10**6), st.floats(0, 3600), st.sampled_from(["bn", "en", "hi"])),
    max_size=8,
    unique_by=lambda one: one.staff_id,
)


@given(_callers, _staff)
def test_everybody_once_and_no_pair_left_over(callers: list[Waiting], staff: list[Ready]) -> None:
    pairs = pair(callers, staff, NOW)
    assert all(other.serves(one) for one, other in pairs)
    chosen, rung = [one.entry_id for one, _ in pairs], [other.staff_id for _, other in pairs]
    assert len(set(chosen)) == len(chosen)
    assert len(set(rung)) == len(rung)
    left = [one for one in callers if one.entry_id not in chosen]
    free = [other for other in staff if other.staff_id not in rung]
    assert not any(other.serves(one) for one in left for other in free)


@given(_callers, _staff)
def test_nobody_is_passed_over_in_the_same_language(callers: list[Waiting], staff: list[Ready]) -> None:
    chosen = {one.entry_id for one, _ in pair(callers, staff, NOW)}
    line = in_line(callers, NOW)
    for place, one in enumerate(line):
        if one.entry_id not in chosen:
            assert not any(later.entry_id in chosen for later in line[place:] if later.language == one.language)
