"""Which state of a complaint may follow which, by whom, and on what condition. The table is the law."""

from dataclasses import dataclass

ACTED_ON = ("forwarded", "in_progress", "needs_info")  # an office has it, and its time runs
OPEN = ("registered", *ACTED_ON)
UNDER_WAY = (*OPEN, "action_reported", "appealed")
ENDED = ("closed", "rejected")
ABOUT_MERGING = ("merge_proposed", "merge_refused", "merged")  # kinds of events: the newest says how it stands

# The grievance cell are the supervisors. A representative may speak for the citizen on the telephone.
_CELL = frozenset({"supervisor"})
_OFFICER = frozenset({"officer"})
_CITIZEN = frozenset({"citizen", "representative"})
_RULE = frozenset({"rule"})


@dataclass(frozen=True, slots=True)
class Transition:
    """`needs` names what must be said; `guard` names a rule of models/guards.py; `outcomes` those of closing."""

    before: str
    after: str
    roles: frozenset[str]
    needs: tuple[str, ...] = ()
    guard: str = ""
    outcomes: tuple[str, ...] = ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition("registered", "forwarded", _RULE | _CELL, needs=("department",)),
    *(Transition(before, "forwarded", _OFFICER | _CELL, needs=("department", "reason_code")) for before in ACTED_ON),
    # The cell works on what no office has: it rose past the last of them, or every one of them is complained of.
    Transition("forwarded", "in_progress", _OFFICER | _CELL),
    Transition("in_progress", "needs_info", _OFFICER | _CELL, needs=("note",)),
    Transition("needs_info", "in_progress", _CITIZEN | _OFFICER | _RULE),
    Transition("in_progress", "action_reported", _OFFICER | _CELL, needs=("note",)),
    Transition("action_reported", "in_progress", _CITIZEN, needs=("answer",), guard="not_satisfied"),
    Transition("action_reported", "closed", _CITIZEN, outcomes=("confirmed",)),
    Transition("action_reported", "closed", _RULE | _CELL, outcomes=("unreachable",)),
    Transition("in_progress", "closed", _OFFICER | _CELL, needs=("note",), outcomes=("no_solution",)),
    *(Transition(before, "closed", _CITIZEN, outcomes=("withdrawn",)) for before in UNDER_WAY),
    Transition("closed", "in_progress", _CITIZEN, guard="reopens_in_time"),
    *(Transition(before, "rejected", _OFFICER | _CELL, needs=("note",), guard="second_officer") for before in OPEN),
    *(Transition(before, "appealed", _CITIZEN, guard="appeals_in_time") for before in ENDED),
    Transition("appealed", "in_progress", _OFFICER | _CELL, needs=("note",), guard="fresh_eyes"),
    Transition("appealed", "rejected", _OFFICER | _CELL, needs=("note",), guard="fresh_eyes"),
    Transition("appealed", "closed", _OFFICER | _CELL, needs=("note",), guard="fresh_eyes", outcomes=("no_solution",)),
    *(Transition(before, "merged", _CELL, needs=("master",), guard="proposed_to_merge") for before in OPEN),
    # By the rule where its master has ended without being reported solved.
    *(Transition("merged", after, _CELL | _RULE, guard="as_before_merging") for after in OPEN),
    # Its master is reported solved: whether theirs is, too, each citizen says for themselves.
    Transition("merged", "action_reported", _RULE, needs=("note", "master")),
)


def find_transitions(before: str, after: str) -> list[Transition]:
    """The rows of the table for this pair of states; none where it is never allowed."""
    return [row for row in TRANSITIONS if row.before == before and row.after == after]
