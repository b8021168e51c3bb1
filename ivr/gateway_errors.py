"""What the telephone network's refusals mean to us: provider codes to own reasons, permanent or worth another try."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One own reason. `permanent` when trying again cannot help. `words` are for staff, by screen language."""

    reason: str
    permanent: bool
    words: dict[str, str]


def _refusal(reason: str, *, permanent: bool, en: str, bn: str, hi: str) -> Refusal:
    return Refusal(reason, permanent, {"en": en, "bn": bn, "hi": hi})


BAD_CREDENTIALS = _refusal(
    "bad_credentials",
    permanent=False,  # the operator mends the settings, and what waited leaves
    en="The telephone account refuses our name and key. Check the account settings.",
    bn="টেলিফোন অ্যাকাউন্ট আমাদের নাম ও চাবি মানছে না। অ্যাকাউন্টের সেটিংস দেখুন।",
    hi="टेलीफ़ोन खाता हमारा नाम और कुंजी नहीं मान रहा। खाते की सेटिंग देखें।",
)
SUSPENDED = _refusal(
    "suspended",
    permanent=False,
    en="The telephone account is suspended. Ask the provider to open it again.",
    bn="টেলিফোন অ্যাকাউন্ট স্থগিত আছে। প্রদানকারীকে আবার খুলতে বলুন।",
    hi="टेलीफ़ोन खाता निलंबित है। प्रदाता से उसे फिर खोलने को कहें।",
)
GONE = _refusal(
    "gone",
    permanent=True,
    en="The call or conference is over.",
    bn="কলটি শেষ হয়ে গেছে।",
    hi="कॉल समाप्त हो चुकी है।",
)
TOO_FAST = _refusal(
    "too_fast",
    permanent=False,
    en="Too many requests at once. It is tried again by itself.",
    bn="একসঙ্গে অনেক অনুরোধ হয়েছে। নিজে থেকেই আবার চেষ্টা হবে।",
    hi="एक साथ बहुत अनुरोध हुए। अपने आप फिर कोशिश होगी।",
)
BAD_NUMBER = _refusal(
    "bad_number",
    permanent=True,
    en="This is not a telephone number that can be reached. Ask for another number.",
    bn="এই নম্বরে পৌঁছানো যায় না। অন্য নম্বর চেয়ে নিন।",
    hi="इस नंबर पर पहुँचा नहीं जा सकता। दूसरा नंबर पूछें।",
)
NOT_MOBILE = _refusal(
    "not_mobile",
    permanent=True,
    en="This number cannot receive texts: it is a landline. Ask for a mobile number.",
    bn="এই নম্বরে বার্তা যায় না: এটি ল্যান্ডলাইন। মোবাইল নম্বর চেয়ে নিন।",
    hi="इस नंबर पर संदेश नहीं जा सकता: यह लैंडलाइन है। मोबाइल नंबर पूछें।",
)
OPTED_OUT = _refusal(
    "opted_out",
    permanent=True,
    en="The owner of this number has asked for no texts. Tell them by telephone.",
    bn="এই নম্বরের মালিক বার্তা চান না। টেলিফোনে জানান।",
    hi="इस नंबर के धारक ने संदेश मना किए हैं। फ़ोन से बताएँ।",
)
NOT_PERMITTED = _refusal(
    "not_permitted",
    permanent=True,
    en="Our telephone account may not reach this country or number. Ask the operator to allow it.",
    bn="আমাদের টেলিফোন অ্যাকাউন্ট থেকে এই দেশ বা নম্বরে যাওয়া বারণ। পরিচালককে অনুমতি দিতে বলুন।",
    hi="हमारे टेलीफ़ोन खाते को इस देश या नंबर की अनुमति नहीं है। संचालक से अनुमति माँगें।",
)
BAD_SENDER = _refusal(
    "bad_sender",
    permanent=False,
    en="The sender of our texts is not set up. Ask the operator to check TEXT_SENDER.",
    bn="আমাদের বার্তার প্রেরক ঠিক করা নেই। পরিচালককে TEXT_SENDER দেখতে বলুন।",
    hi="हमारे संदेशों का प्रेषक तय नहीं है। संचालक से TEXT_SENDER देखने को कहें।",
)
UNREACHABLE = _refusal(
    "unreachable",
    permanent=False,
    en="The phone is switched off or out of reach. It is tried again by itself.",
    bn="ফোনটি বন্ধ বা নাগালের বাইরে। নিজে থেকেই আবার চেষ্টা হবে।",
    hi="फ़ोन बंद है या पहुँच से बाहर है। अपने आप फिर कोशिश होगी।",
)
UNKNOWN_PHONE = _refusal(
    "unknown_phone",
    permanent=True,
    en="The number does not exist or its network does not know it. Ask for another number.",
    bn="নম্বরটি নেই বা তার নেটওয়ার্ক চেনে না। অন্য নম্বর চেয়ে নিন।",
    hi="नंबर मौजूद नहीं है या उसका नेटवर्क उसे नहीं जानता। दूसरा नंबर पूछें।",
)
BLOCKED = _refusal(
    "blocked",
    permanent=True,
    en="The network blocks texts to this number. Tell them by telephone.",
    bn="নেটওয়ার্ক এই নম্বরে বার্তা আটকাচ্ছে। টেলিফোনে জানান।",
    hi="नेटवर्क इस नंबर पर संदेश रोक रहा है। फ़ोन से बताएँ।",
)
FILTERED = _refusal(
    "filtered",
    permanent=True,
    en="The network did not accept the wording. Ask the operator to compare it with its approved template.",
    bn="নেটওয়ার্ক কথাগুলি নেয়নি। পরিচালককে অনুমোদিত নমুনার সঙ্গে মেলাতে বলুন।",
    hi="नेटवर्क ने शब्द स्वीकार नहीं किए। संचालक से स्वीकृत नमूने से मिलाने को कहें।",
)
TOO_LATE = _refusal(
    "too_late",
    permanent=True,
    en="The text waited longer than it was good for, and was dropped.",
    bn="বার্তাটি তার মেয়াদের চেয়ে বেশি অপেক্ষা করে বাদ গেছে।",
    hi="संदेश अपनी अवधि से अधिक रुका रहा और हटा दिया गया।",
)
BAD_REQUEST = _refusal(
    "bad_request",
    permanent=True,
    en="The telephone network did not understand our request. Report it to the operator.",
    bn="টেলিফোন নেটওয়ার্ক আমাদের অনুরোধ বোঝেনি। পরিচালককে জানান।",
    hi="टेलीफ़ोन नेटवर्क ने हमारा अनुरोध नहीं समझा। संचालक को बताएँ।",
)
PROVIDER_DOWN = _refusal(
    "provider_down",
    permanent=False,
    en="The telephone network has a fault. It is tried again by itself.",
    bn="টেলিফোন নেটওয়ার্কে গোলমাল। নিজে থেকেই আবার চেষ্টা হবে।",
    hi="टेलीफ़ोन नेटवर्क में ख़राबी है। अपने आप फिर कोशिश होगी।",
)
NO_ANSWER = _refusal(
    "no_answer",
    permanent=False,
    en="The telephone network cannot be reached. It is tried again by itself.",
    bn="টেলিফোন নেটওয়ার্কে পৌঁছানো যাচ্ছে না। নিজে থেকেই আবার চেষ্টা হবে।",
    hi="टेलीफ़ोन नेटवर्क से संपर्क नहीं हो रहा। अपने आप फिर कोशिश होगी।",
)
UNKNOWN = _refusal(
    "unknown",
    permanent=False,
    en="The telephone network gave a reason we do not know. It is tried again by itself.",
    bn="টেলিফোন নেটওয়ার্ক একটি অজানা কারণ দিয়েছে। নিজে থেকেই আবার চেষ্টা হবে।",
    hi="टेलीफ़ोन नेटवर्क ने कोई अनजान कारण दिया। अपने आप फिर कोशिश होगी।",
)

# Twilio's codes. The provider advises against logic on single codes: what is missing here goes by the HTTP status.
BY_CODE: dict[int, Refusal] = {
    20003: BAD_CREDENTIALS,
    20005: SUSPENDED,
    20404: GONE,
    20429: TOO_FAST,
    21201: BAD_NUMBER,
    21205: BAD_REQUEST,
    21210: BAD_SENDER,
    21211: BAD_NUMBER,
    21212: BAD_SENDER,
    21214: BAD_NUMBER,
    21215: NOT_PERMITTED,
    21217: BAD_NUMBER,
    21219: NOT_PERMITTED,
    21220: GONE,
    21408: NOT_PERMITTED,
    21601: BAD_REQUEST,
    21602: BAD_REQUEST,
    21603: BAD_SENDER,
    21604: BAD_NUMBER,
    21606: BAD_SENDER,
    21608: NOT_PERMITTED,
    21610: OPTED_OUT,
    21611: TOO_FAST,
    21612: BAD_SENDER,
    21614: NOT_MOBILE,
    21617: BAD_REQUEST,
    30001: TOO_FAST,
    30002: SUSPENDED,
    30003: UNREACHABLE,
    30004: BLOCKED,
    30005: UNKNOWN_PHONE,
    30006: NOT_MOBILE,
    30007: FILTERED,
    30008: UNREACHABLE,
    30036: TOO_LATE,
    63016: NOT_PERMITTED,
}


def refusal(code: int | None, status: int | None = None) -> Refusal:
    """The own reason for a provider's `code`, or for its HTTP `status` where the code says nothing."""
    known = BY_CODE.get(code) if code is not None else None
    if known is not None:
        return known
    match status:
        case 401 | 403:
            return BAD_CREDENTIALS
        case 404:
            return GONE
        case 429:
            return TOO_FAST
        case int() if status >= 500:
            return PROVIDER_DOWN
        case int() if status >= 400:
            return BAD_REQUEST
        case _:
            return UNKNOWN


_BY_REASON = {
    known.reason: known for known in [*BY_CODE.values(), BAD_REQUEST, PROVIDER_DOWN, NO_ANSWER, UNKNOWN, TOO_LATE]
}


def refusal_words(reason: str, language: str) -> str:
    """What staff read about `reason`, in their screen language."""
    words = _BY_REASON.get(reason, UNKNOWN).words
    return words.get(language, words["en"])
