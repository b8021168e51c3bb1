"""What a reply may begin with, in the citizen's language: a template with a blank, which is never sent as it stands."""

from agent_console.words import LANGUAGES, say

BLANK = "[…]"
REPLIES = {
    "ask": ("papers", "which", "when"),
    "report": ("inspected", "delivered", "corrected"),
    "propose_rejection": ("elsewhere", "incomplete", "not_admissible"),
    "extend": ("enquiry", "another_office", "weather"),
}


def reply_words(act: str, name: str, language: str) -> str:
    """The template `name` of an act; empty where there is none."""
    if name not in REPLIES.get(act, ()):
        return ""
    return say(f"reply.{act}.{name}", language if language in LANGUAGES else None)


def is_unedited(act: str, note: str) -> bool:
    """True if `note` is a template as it stands, in any language, or still has its blank."""
    plain = " ".join(note.split())
    if BLANK in plain or "[...]" in plain:
        return True
    templates = (say(f"reply.{act}.{name}", language) for name in REPLIES.get(act, ()) for language in LANGUAGES)
    return any(plain == " ".join(words.replace(BLANK, "").split()) for words in templates)
