"""What the words of the menu language are called by people who do not know it, in the language of their screen."""

from agent_console.words import catalogue, say, screen_language


def word_label(word: str) -> str:
    """What a word of a step means; empty where nobody has said so, as for the outcomes that a look-up names itself."""
    key = f"flows.label.{word}"
    return say(key) if key in catalogue(screen_language()) else ""


def exit_words(why: str) -> str:
    """Why somebody went on, of the words of a recorded path: `key 6`, `row 2`, `too_long`; else as it is written."""
    kind, _, number = why.partition(" ")
    if number and kind == "row":
        return say("flows.row", n=int(number))
    if number and kind == "key":
        return say("flows.exit.key", key=number)
    key = f"flows.exit.{why}"
    return say(key) if key in catalogue(screen_language()) else word_label(why) or why
