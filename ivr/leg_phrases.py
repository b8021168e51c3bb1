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
# Before a talk, to whoever has not heard it in the menus: a recording begins only after it.
RECORDED = {
    "bn": "এই কথোপকথন রেকর্ড করা হচ্ছে।",
    "en": "This conversation is being recorded.",
    "hi": "यह बातचीत रिकॉर्ड की जा रही है।",
}
# To a citizen in a talk whose representative's line is gone: it comes back, or somebody else takes over.
PLEASE_STAY = {
    "bn": "প্রতিনিধির লাইন কেটে গেছে। অনুগ্রহ করে লাইনে থাকুন, এখনই আবার যোগাযোগ করানো হচ্ছে।",
    "en": "The representative's line has dropped. Please stay on the line, you will be connected again in a moment.",
    "hi": "प्रतिनिधि की लाइन कट गई है। कृपया लाइन पर बने रहें, अभी फिर से बात कराई जा रही है।",
}
# To a caller who proves by a code that a number is theirs; only they hear and type it.
ENTER_CODE = {
    "bn": "আপনার মোবাইলে একটি কোড যাচ্ছে। কোডের ছয়টি সংখ্যা টিপুন। হেল্পলাইনের কেউ তা দেখতে পান না।",
    "en": "A code is on its way to your mobile. Please enter its six digits. Nobody at the helpline sees them.",
    "hi": "आपके मोबाइल पर एक कोड आ रहा है। कोड के छह अंक दबाएँ। हेल्पलाइन में कोई उन्हें नहीं देखता।",
}
CODE_NOT_RIGHT = {
    "bn": "কোডটি মেলেনি।",
    "en": "That code was not right.",
    "hi": "कोड सही नहीं था।",
}
CODE_NOT_SENT = {
    "bn": "কোড পাঠানো গেল না। আপনাকে প্রতিনিধির কাছে ফেরানো হচ্ছে।",
    "en": "The code could not be sent. You are put back to the representative.",
    "hi": "कोड नहीं भेजा जा सका। आपको प्रतिनिधि के पास वापस भेजा जा रहा है।",
}
# To a caller who says nothing. It may be somebody who cannot speak: the way to help is named.
EXIT_SILENT = {
    "bn": "আপনার কথা শোনা যাচ্ছে না, তাই কলটি শেষ করা হচ্ছে। আবার ফোন করতে পারেন। বিপদে পড়লে 112 নম্বরে ফোন করুন।",
    "en": "We cannot hear you, so this call ends now. You may call again. If you are in danger, dial 1 1 2.",
    "hi": "आपकी आवाज़ नहीं आ रही, इसलिए यह कॉल समाप्त हो रही है। आप फिर फ़ोन कर सकते हैं। ख़तरे में हों तो 112 पर फ़ोन करें।",
}
# To a crank or abusive caller.
EXIT_RUDE = {
    "bn": "কলটি এখন শেষ করা হচ্ছে। অভিযোগ থাকলে যে কোনো সময় বার্তা রেখে যেতে পারেন। বিপদে পড়লে 112 নম্বরে ফোন করুন।",
    "en": "This call ends now. If you have a complaint, you can leave a message at any time. In danger, dial 1 1 2.",
    "hi": "यह कॉल अब समाप्त हो रही है। शिकायत हो तो आप कभी भी संदेश छोड़ सकते हैं। ख़तरे में हों तो 112 पर फ़ोन करें।",
}
# To somebody whose calls go to the voice for a while, when they ask for a person.
DIVERTED = {
    "bn": "আপনি এখন বার্তা রেখে যেতে পারেন। বিপদে পড়লে 112 নম্বরে ফোন করুন।",
    "en": "You can leave a message now. If you are in danger, dial 1 1 2.",
    "hi": "आप अभी संदेश छोड़ सकते हैं। ख़तरे में हों तो 112 पर फ़ोन करें।",
}
# To a citizen whom we rang back, when the talk is over.
THANK_YOU = {
    "bn": "ধন্যবাদ। নমস্কার।",
    "en": "Thank you. Goodbye.",
    "hi": "धन्यवाद। नमस्कार।",
}


def leg_units() -> list[tuple[str, str]]:
    """Every unit of (language, text) spoken on legs, for rendering ahead."""
    phrases = (TICKET_OLD, CALLING_BACK, RECORDED, PLEASE_STAY, ENTER_CODE, CODE_NOT_RIGHT, CODE_NOT_SENT)
    return in_all_languages(*phrases, EXIT_SILENT, EXIT_RUDE, DIVERTED, THANK_YOU)
