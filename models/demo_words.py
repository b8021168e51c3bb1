"""Made-up people and matters for the demonstration, in the three languages. Any likeness is chance."""

NAMES = {
    "bn": (
        "রহিমা বিবি", "সুবল মণ্ডল", "কাকলি দাস", "আব্দুল করিম", "মালতী হাঁসদা", "তপন বিশ্বাস", "শ্যামলী রায়",
        "নিতাই বাউরি", "ফতেমা খাতুন", "গৌতম ঘোষ", "পূর্ণিমা সর্দার", "রবীন টুডু",
    ),
    "hi": ("सुनीता देवी", "रमेश प्रसाद", "मोहम्मद सलीम", "गीता कुमारी", "राजू साव", "कमला शर्मा"),
    "en": ("Anita Gurung", "Joseph Rai", "Mary Lepcha", "Arup Sen", "Nasreen Begum"),
}  # fmt: skip

STORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "ration": {
        "bn": (
            "তিন মাস ধরে রেশন পাচ্ছি না। ডিলার বলছেন আঙুলের ছাপ মিলছে না।",
            "নতুন রেশন কার্ডের জন্য ছয় মাস আগে আবেদন করেছি, এখনও কার্ড আসেনি।",
            "ডিলার মাথাপিছু এক কেজি চাল কম দিচ্ছেন, স্লিপও দেন না।",
        ),
        "hi": (
            "राशन दुकान महीने में केवल दो दिन खुलती है और गेहूँ नहीं मिलता।",
            "राशन कार्ड में बेटी का नाम जोड़ने का आवेदन चार महीने से लंबित है।",
        ),
        "en": ("The ration shop has not given kerosene or rice for two months and shows no price list.",),
    },
    "health": {
        "bn": (
            "গ্রামীণ হাসপাতালে রাতে কোনো ডাক্তার থাকেন না, রোগী ফেরত যাচ্ছে।",
            "স্বাস্থ্যসাথী কার্ড থাকতেও নার্সিং হোম টাকা চাইছে।",
        ),
        "hi": ("अस्पताल में दवा नहीं मिलती, बाहर से ख़रीदने को कहते हैं।",),
        "en": ("The ambulance did not come for three hours although the hospital had promised it.",),
    },
    "local_body": {
        "bn": (
            "পাড়ার নলকূপ চার মাস ধরে খারাপ, পঞ্চায়েতে তিনবার জানিয়েছি।",
            "রাস্তার আলো জ্বলে না, নর্দমার জল ঘরে ঢুকে যায়।",
            "একশো দিনের কাজের মজুরি আট মাস ধরে বাকি।",
        ),
        "hi": ("वार्ड में दो हफ़्ते से कचरा नहीं उठा है।", "जन्म प्रमाण पत्र के लिए बार-बार लौटाया जा रहा है।"),
        "en": ("The culvert on the village road is broken and the school van cannot pass.",),
    },
    "police": {
        "bn": ("থানায় জমি দখলের অভিযোগ নিতে চাইছে না, বসিয়ে রেখে ফেরত পাঠাচ্ছে।",),
        "hi": ("चोरी की रिपोर्ट थाने में तीन बार जाने पर भी नहीं लिखी गई।",),
        "en": ("The outpost keeps my cycle without a seizure receipt.",),
    },
    "bribery": {
        "bn": ("আবাস যোজনার ঘরের টাকা ছাড়তে দশ হাজার টাকা চাইছে।", "জমির মিউটেশনের জন্য অফিসে টাকা চাওয়া হচ্ছে।"),
        "hi": ("पेंशन फ़ॉर्म आगे बढ़ाने के लिए पैसे माँगे जा रहे हैं।",),
        "en": ("A clerk asks for money to release the scholarship form.",),
    },
    "other": {
        "bn": ("বার্ধক্য ভাতা পাঁচ মাস ধরে আসছে না।", "কলেজের বৃত্তির টাকা ব্যাঙ্কে ঢোকেনি।"),
        "hi": ("बिजली का बिल मीटर से दोगुना आ रहा है।",),
        "en": ("My application for the widow pension shows no progress since May.",),
    },
}

PLACE_DETAILS = ("Ward 7", "Arambag block", "Goghat I", "Bhatar GP", "Basanti block", "Ward 12", "Hemtabad block")

TEXTS = {
    "bn": "হেল্পলাইন: আপনার অভিযোগ {reference}। {due_on} তারিখের মধ্যে উত্তর পাবেন।",
    "hi": "हेल्पलाइन: आपकी शिकायत {reference}। उत्तर {due_on} तक मिलेगा।",
    "en": "Helpline: your complaint {reference}. A reply is promised by {due_on}.",
}

STATUS_TEXTS = {
    "bn": "হেল্পলাইন: আপনার অভিযোগ {reference} নিয়ে নতুন খবর আছে।",
    "hi": "हेल्पलाइन: आपकी शिकायत {reference} की स्थिति बदली है।",
    "en": "Helpline: there is news of your complaint {reference}.",
}
