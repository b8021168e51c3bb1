"""The words of the menu language: which verbs there are, and what a step of each verb must and may say."""

from dataclasses import dataclass

RESERVED = ("repeat", "back", "home", "person", "hang_up")
"""Destinations that every flow has without a step of that name."""

EVERYWHERE = ("back", "repeat", "person", "home")
"""What a key of `keys_everywhere` can do."""

KINDS_ASKED = ("mobile", "reference", "pin", "date", "number", "yes_no")
KINDS_SPOKEN = ("number", "digits", "date", "time", "day_time", "money", "name")
KINDS_KEPT = tuple(dict.fromkeys((*KINDS_ASKED, *KINDS_SPOKEN)))

FLOW_REQUIRED = ("flow", "format", "languages", "start", "person", "steps")
FLOW_OPTIONAL = ("title", "written_in", "home", "defaults", "keys_everywhere", "notes", "results")

STEP_SETTINGS = ("interrupt", "on_error")
WAITING_SETTINGS = ("wait", "tries", "on_silence", "on_wrong_key", "quiet_caller_tries")
DEFAULTS = (*STEP_SETTINGS, *WAITING_SETTINGS, "give_up", "longest_in_menus")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words of one verb. Every outcome is required."""

    required: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    waits: bool = False  # for keys: may set how

    def words(self, verb: str) -> tuple[str, ...]:
        """Every word a step of this verb knows."""
        settings = (*STEP_SETTINGS, *(WAITING_SETTINGS if self.waits else ()))
        return (verb, *self.required, *self.outcomes, *self.optional, *settings)


VERBS = {
    "say": Grammar(outcomes=("then",)),
    "language": Grammar(
        required=("choices",), outcomes=("then",), optional=("remember", "known_caller", "give_up"), waits=True
    ),
    "announcements": Grammar(outcomes=("then",)),
    "menu": Grammar(required=("choices",), optional=("note", "then", "give_up"), waits=True),
    "ask": Grammar(
        required=("kind", "note"),
        outcomes=("then",),
        optional=("read_back", "digits", "finish_key", "give_up"),
        waits=True,
    ),
    "otp": Grammar(required=("to",), outcomes=("verified", "not_verified", "cannot_send"), waits=True),
    "look_up": Grammar(required=("with",), optional=("limit",)),
    "hours": Grammar(outcomes=("open", "closed", "holiday")),
    "decide": Grammar(outcomes=("otherwise",)),
    "set": Grammar(outcomes=("then",)),
    "queue": Grammar(
        required=("tell_agent", "longest_wait"),
        outcomes=("answered", "too_long", "nobody_working", "full"),
        optional=("match_agent", "urgent_when", "while_waiting"),
    ),
    "callback": Grammar(required=("number",), outcomes=("booked", "no_number", "failed"), optional=("keep_place",)),
    "record": Grammar(
        required=("longest",),
        outcomes=("recorded", "nothing_recorded"),
        optional=("stop_after_silence", "finish_key", "listen_back", "becomes"),
    ),
    "sms": Grammar(required=("to",), outcomes=("then",)),
    "run": Grammar(required=("results",), optional=("pass",)),
    "try_out": Grammar(required=("ways",)),
    "end": Grammar(),
}

WAYS = frozenset(("then", "give_up", "on_error")).union(*(grammar.outcomes for grammar in VERBS.values()))
"""What leads on from a step, as it is written in it. The outcomes of a look-up come besides, under names of its own."""

NO_WAYS = frozenset(word for verb, grammar in VERBS.items() for word in grammar.words(verb)) - WAYS
"""Every other word of a step."""
