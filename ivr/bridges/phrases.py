"""What officer and citizen hear of a bridge, in the three languages."""

from flows.values import Blank, Line, Words
from ivr.phrases import in_all_languages

# To the officer: before and after the number of the complaint.
ABOUT_COMPLAINT = {
    "bn": "হেল্পলাইন থেকে ফোন। অভিযোগ নম্বর",
    "en": "This is the helpline. Complaint number",
    "hi": "हेल्पलाइन से फ़ोन। शिकायत संख्या",
}
PRESS_ONE = {
    "bn": "নাগরিকের সঙ্গে কথা বলতে 1 টিপুন।",
    "en": "To be connected with the citizen, press 1.",
    "hi": "नागरिक से बात करने के लिए 1 दबाएँ।",
}
# To whoever picks up a telephone that is not proved to be the officer's: nothing of any complaint.
TYPE_CODE = {
    "bn": "হেল্পলাইন থেকে ফোন। আপনার পর্দায় যে চারটি সংখ্যা আছে তা টিপুন। পর্দায় কিছু না থাকলে ফোন রেখে দিন।",
    "en": "This is the helpline. Press the four digits that your screen shows. If it shows none, hang up.",
    "hi": "हेल्पलाइन से फ़ोन। आपकी स्क्रीन पर जो चार अंक हैं, वे दबाएँ। स्क्रीन पर कुछ न हो तो फ़ोन रख दें।",
}
NOT_CONNECTED = {
    "bn": "সংযোগ করা হল না। আবার চেষ্টা করতে হলে ফাইলের পাতা থেকে করুন।",
    "en": "You were not connected. To try again, start from the page of the case.",
    "hi": "संपर्क नहीं कराया गया। फिर कोशिश के लिए मामले के पृष्ठ से शुरू करें।",
}
CITIZEN_BUSY = {
    "bn": "নাগরিকের ফোন ব্যস্ত। পরে আবার চেষ্টা করুন।",
    "en": "The citizen's line is busy. Please try again later.",
    "hi": "नागरिक का फ़ोन व्यस्त है। बाद में फिर कोशिश करें।",
}
CITIZEN_AWAY = {
    "bn": "নাগরিক ফোন ধরলেন না। পরে আবার চেষ্টা করুন।",
    "en": "The citizen did not answer. Please try again later.",
    "hi": "नागरिक ने फ़ोन नहीं उठाया। बाद में फिर कोशिश करें।",
}
NOT_RUNG = {
    "bn": "নাগরিকের ফোনে পৌঁছনো গেল না।",
    "en": "The citizen's telephone could not be rung.",
    "hi": "नागरिक के फ़ोन तक नहीं पहुँचा जा सका।",
}
TALK_OVER = {
    "bn": "কথা শেষ হয়েছে।",
    "en": "The talk is over.",
    "hi": "बातचीत समाप्त हुई।",
}
# To the citizen, before the officer hears them.
OFFICE_CALLS = {
    "bn": "মুখ্যমন্ত্রীর হেল্পলাইন থেকে ফোন। আপনার অভিযোগ যে দপ্তর দেখছে তার একজন আধিকারিক আপনার সঙ্গে কথা বলবেন।",
    "en": "This is the Chief Minister's helpline. An officer who works on your complaint will now speak with you.",
    "hi": "मुख्यमंत्री हेल्पलाइन से फ़ोन। आपकी शिकायत पर काम कर रहे कार्यालय के एक अधिकारी अब आपसे बात करेंगे।",
}


def about_complaint(language: str, reference: str) -> Line:
    """Which complaint it is about, and the key, in a language that we speak."""
    spoken = language if language in PRESS_ONE else "en"
    before, after = Words("", ABOUT_COMPLAINT[spoken]), Words("", PRESS_ONE[spoken])
    return Line(spoken, "", (before, Blank("reference", "digits", reference), after))


def bridge_units() -> list[tuple[str, str]]:
    """Every unit of (language, text) spoken on a bridge but digits, for rendering ahead."""
    to_officer = (ABOUT_COMPLAINT, PRESS_ONE, TYPE_CODE, NOT_CONNECTED, CITIZEN_BUSY, CITIZEN_AWAY, NOT_RUNG, TALK_OVER)
    return in_all_languages(*to_officer, OFFICE_CALLS)
