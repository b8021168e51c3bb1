"""The words of the built-in last resort. They need no catalogue: they must be there when the catalogue is not."""

from flows.values import Line, Words

APOLOGY = {
    "bn": "দুঃখিত, আমাদের দিকে একটি সমস্যা হয়েছে।",
    "en": "Sorry, something went wrong on our side.",
    "hi": "माफ़ कीजिए, हमारी ओर से कुछ गड़बड़ हो गई है।",
}
RING_BACK = {
    "bn": "আমরা আপনাকে ফোন করব।",
    "en": "We will call you back.",
    "hi": "हम आपको फ़ोन करेंगे।",
}
CALL_AGAIN = {
    "bn": "একটু পরে আবার ফোন করুন।",
    "en": "Please call again in a little while.",
    "hi": "कृपया थोड़ी देर बाद फिर फ़ोन करें।",
}


def apology_lines(languages: tuple[str, ...], *, can_ring_back: bool) -> tuple[Line, ...]:
    """What is said before hanging up, in each language; in English for a language that is not here."""
    promise = RING_BACK if can_ring_back else CALL_AGAIN
    spoken = dict.fromkeys(language if language in APOLOGY else "en" for language in languages)
    return tuple(
        Line(language, "last_resort", (Words("last_resort", words[language]),))
        for language in spoken
        for words in (APOLOGY, promise)
    )
