"""What the telephone says on the legs of a talk, in the three languages."""

from ivr.phrases import in_all_languages

# To a representative whose browser came too late, or twice.
TICKET_OLD = {
    "bn": "এই সংযোগের মেয়াদ শেষ। ডেস্ক থেকে আবার উত্তর দিন।",
    "en": "This connection is no longer valid. Please answer again from the desk.",
    "hi": "यह कनेक्शन अब मान्य नहीं है। कृपया डेस्क से फिर उत्तर दें।",
}
# To a citizen who picks up when we ring back.
CALLING_BACK = {
    "bn": "মুখ্যমন্ত্রীর হেল্পলাইন থেকে আপনাকে ফোন করা হচ্ছে। অনুগ্রহ করে লাইনে থাকুন।",
    "en": "This is the Chief Minister's helpline, calling you back. Please stay on the line.",
    "hi": "मुख्यमंत्री हेल्पलाइन से आपको फ़ोन किया जा रहा है। कृपया लाइन पर बने रहें।",
}
# To a citizen in a talk whose representative's line is gone: it comes back, or somebody else takes over.
PLEASE_STAY = {
    "bn": "প্রতিনিধির লাইন কেটে গেছে। অনুগ্রহ করে লাইনে থাকুন, এখনই আবার যোগাযোগ করানো হচ্ছে।",
    "en": "The representative's line has dropped. Please stay on the line, you will be connected again in a moment.",
    "hi": "प्रतिनिधि की लाइन कट गई है। कृपया लाइन पर बने रहें, अभी फिर से बात कराई जा रही है।",
}
# To a citizen whom we rang back, when the talk is over.
THANK_YOU = {
    "bn": "ধন্যবাদ। নমস্কার।",
    "en": "Thank you. Goodbye.",
    "hi": "धन्यवाद। नमस्कार।",
}


def leg_units() -> list[tuple[str, str]]:
    """Every unit of (language, text) spoken on legs, for rendering ahead."""
    return in_all_languages(TICKET_OLD, CALLING_BACK, PLEASE_STAY, THANK_YOU)
