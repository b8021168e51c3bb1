"""The difference between two versions, in sentences."""

import pytest

from flows.difference import Change, compare_sources
from flows.sentences import bengali, english, hindi
from flows.source import read_source
from tests.flows.calls import ROOM

SHIPPED = read_source(ROOM)
Edit = tuple[str, str, str]

EDITS: list[tuple[Edit, str, str]] = [
    (("helpline.yaml", "too_long: nobody_free", "too_long: book_callback"), "routing",
     'After "too_long" in "join_queue" callers now go to "book_callback", no longer to "nobody_free".'),
    (("helpline.yaml", "3: {say: opt_finish,         go: goodbye}", "3: {say: opt_finish, go: home}"), "routing",
     'Key 3 in "after_status" now leads to "home", no longer to "goodbye".'),
    (("helpline.yaml", "      3: {say: opt_finish,         go: goodbye}\n", ""), "routing",
     'Key 3 in "after_status" is gone; it led to "goodbye".'),
    (("helpline.yaml", "9: {say: cat_other,       is: other}", "8: {say: cat_other, is: other}"), "routing",
     'Key 8 in "category" is new: it leads to "office_hours".'),
    (("helpline.yaml", "give_up: person  ", "give_up: goodbye  "), "routing",
     'Where a step does not say so itself, after "give_up" callers now go to "goodbye", no longer to "person".'),
    (("helpline.yaml", "  trouble:\n", "  more:\n    say: trouble\n    then: goodbye\n  trouble:\n"), "routing",
     'Step "more" (say) is new.'),
    (("helpline.yaml", "    say: reference_not_found\n    then: after_status\n", "    end: reference_not_found\n"),
     "routing", 'Step "reference_not_found" is now of the kind "end", no longer "say".'),
    (("helpline.yaml", "when: contact_number is known, ", "when: contact_number is not known, "), "routing",
     'In "which_number", "row 1" is now "contact_number is not known", no longer "contact_number is known".'),
    (("helpline.yaml", "  tries: 3 ", "  tries: 2 "), "routing",
     'For the whole menu, "tries" is now "2", no longer "3".'),
    (("helpline.yaml", "    tries: 1\n", ""), "routing",
     'In "rate_the_call", "tries" is no longer set; it was "1".'),
    (("helpline.yaml", "  0: person", "  0: home"), "routing",
     'For the whole menu, "keys_everywhere: 0" is now "home", '
     'no longer "person".'),
    (("helpline.yaml", "longest_wait: 15m", "longest_wait: 10m"), "queues",
     'In "join_queue", "longest_wait" is now "10m", no longer "15m".'),
    (("queues.yaml", "15m", "12m"), "queues",
     'For the queue "complaints", "longest" is now 12m, no longer 15m.'),
    (("prompts/en.yaml", "goodbye: ", "goodbye: So. "), "wording", 'The wording "goodbye" (en) is now: So. '),
    (("helpline.yaml", "{say: opt_finish, ", "{say: opt_repeat, "), "wording",
     '"after_status" now says "opt_repeat", no longer "opt_finish" (key 3).'),
    (("calendars.yaml", "10:00-18:00", "10:00-17:00"), "hours",
     '"office" is now open on Monday 10:00-17:00, no longer 10:00-18:00.'),
    (("calendars.yaml", "2027-01-26: republic_day", "2027-01-27: republic_day"), "hours",
     '"office" is no longer closed on 2027-01-26 for a holiday (republic_day).'),
]  # fmt: skip


def changes_of(file: str, old: str, new: str) -> list[Change]:
    assert old in SHIPPED[file], old
    return compare_sources("helpline", SHIPPED, {**SHIPPED, file: SHIPPED[file].replace(old, new, 1)})


@pytest.mark.parametrize(("edit", "kind", "expected"), EDITS, ids=[edit[1].strip() for edit, _, _ in EDITS])
def test_a_change_is_told_in_a_sentence_of_its_kind(edit: Edit, kind: str, expected: str) -> None:
    changes = changes_of(*edit)
    told = [change for change in changes if change.tell("en").startswith(expected)]
    assert [change.kind for change in told] == [kind], [change.tell("en") for change in changes]


def test_the_same_source_has_no_difference() -> None:
    assert compare_sources("helpline", SHIPPED, dict(SHIPPED)) == []


def test_remarks_and_indents_are_no_difference() -> None:
    assert changes_of("helpline.yaml", "steps:\n", "# a remark\nsteps:\n\n") == []


def test_options_in_another_order_are_heard_in_another_order() -> None:
    first = "      1: {say: opt_leave_message, go: leave_message}\n"
    changes = changes_of("helpline.yaml", f"{first}      2: {{say: opt_call_me_back,  go: book_callback}}\n",
                         f"      2: {{say: opt_call_me_back,  go: book_callback}}\n{first}")  # fmt: skip
    assert [change.tell("en") for change in changes] == [
        'In "closed_now", "order" is now "2, 1, 3", no longer "1, 2, 3".'
    ]


def test_every_sentence_is_there_in_three_languages_with_the_same_blanks() -> None:
    for what, words in english.SENTENCES.items():
        for other in (bengali.SENTENCES, hindi.SENTENCES):
            assert blanks(other[what]) == blanks(words), what
    assert set(english.SENTENCES) == set(bengali.SENTENCES) == set(hindi.SENTENCES)


def blanks(words: str) -> set[str]:
    return {part.partition("}")[0] for part in words.split("{")[1:]}


def test_sentences_are_in_the_language_of_their_reader() -> None:
    change = changes_of("helpline.yaml", "too_long: nobody_free", "too_long: book_callback")[0]
    assert change.tell("bn").endswith("আগে যেতেন “nobody_free” ধাপে।")
    assert change.tell("hi").endswith("पहले “nobody_free” पर जाते थे।")
    assert change.tell("fr") == change.tell("en")
