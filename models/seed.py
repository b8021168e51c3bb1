"""What a new store begins with: departments, kinds of complaint, places of West Bengal, and where complaints go."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import add_act
from models.category import Category
from models.department import Department
from models.organisation import lay_offices
from models.place import PlaceRow
from models.routing_rule import RoutingRule

STATE = "west_bengal"
OUTSIDE = "outside"
CELL = "grievance_cell"


def _names(en: str, bn: str, hi: str) -> dict[str, str]:
    return {"bn": bn, "en": en, "hi": hi}


DEPARTMENTS = {
    "food": _names("Food and Supplies", "খাদ্য ও সরবরাহ", "खाद्य एवं आपूर्ति"),
    "health": _names("Health and Family Welfare", "স্বাস্থ্য ও পরিবার কল্যাণ", "स्वास्थ्य एवं परिवार कल्याण"),
    "panchayat": _names("Panchayats and Rural Development", "পঞ্চায়েত ও গ্রামোন্নয়ন", "पंचायत एवं ग्रामीण विकास"),
    "urban": _names("Urban Development and Municipal Affairs", "নগরোন্নয়ন ও পুর বিষয়ক", "नगर विकास एवं नगरपालिका मामले"),
    "home": _names("Home and Hill Affairs", "স্বরাষ্ট্র ও পার্বত্য বিষয়ক", "गृह एवं पर्वतीय मामले"),
    "vigilance": _names("Vigilance Commission", "ভিজিল্যান্স কমিশন", "सतर्कता आयोग"),
    CELL: _names("Chief Minister's Grievance Cell", "মুখ্যমন্ত্রীর অভিযোগ সেল", "मुख्यमंत्री शिकायत प्रकोष्ठ"),
}

# Code, names, department, working days promised: in the order of the telephone menu.
CATEGORIES = (
    ("ration", _names("Ration (PDS)", "রেশন", "राशन"), "food", 7),
    (
        "health",
        _names("Hospital or health service", "হাসপাতাল বা স্বাস্থ্য পরিষেবা", "अस्पताल या स्वास्थ्य सेवा"),
        "health",
        7,
    ),
    (
        "local_body",
        _names("Panchayat or municipality", "পঞ্চায়েত বা পুরসভা", "पंचायत या नगरपालिका"),
        "panchayat",
        7,
    ),
    ("police", _names("Police harassment", "পুলিশি হয়রানি", "पुलिस द्वारा उत्पीड़न"), "home", 7),
    ("bribery", _names("Bribery or corruption", "ঘুষ বা দুর্নীতি", "रिश्वत या भ्रष्टाचार"), "vigilance", 7),
    (
        "other",
        _names("Another government service", "অন্য সরকারি পরিষেবা", "कोई अन्य सरकारी सेवा"),
        CELL,
        7,
    ),
)

DISTRICTS = {
    "alipurduar": _names("Alipurduar", "আলিপুরদুয়ার", "अलीपुरद्वार"),
    "bankura": _names("Bankura", "বাঁকুড়া", "बाँकुड़ा"),
    "birbhum": _names("Birbhum", "বীরভূম", "बीरभूम"),
    "cooch_behar": _names("Cooch Behar", "কোচবিহার", "कूचबिहार"),
    "dakshin_dinajpur": _names("Dakshin Dinajpur", "দক্ষিণ দিনাজপুর", "दक्षिण दिनाजपुर"),
    "darjeeling": _names("Darjeeling", "দার্জিলিং", "दार्जिलिंग"),
    "hooghly": _names("Hooghly", "হুগলি", "हुगली"),
    "howrah": _names("Howrah", "হাওড়া", "हावड़ा"),
    "jalpaiguri": _names("Jalpaiguri", "জলপাইগুড়ি", "जलपाईगुड़ी"),
    "jhargram": _names("Jhargram", "ঝাড়গ্রাম", "झाड़ग्राम"),
    "kalimpong": _names("Kalimpong", "কালিম্পং", "कालिम्पोंग"),
    "kolkata": _names("Kolkata", "কলকাতা", "कोलकाता"),
    "malda": _names("Malda", "মালদা", "मालदा"),
    "murshidabad": _names("Murshidabad", "মুর্শিদাবাদ", "मुर्शिदाबाद"),
    "nadia": _names("Nadia", "নদিয়া", "नदिया"),
    "north_24_parganas": _names("North 24 Parganas", "উত্তর ২৪ পরগনা", "उत्तर 24 परगना"),
    "paschim_bardhaman": _names("Paschim Bardhaman", "পশ্চিম বর্ধমান", "पश्चिम बर्धमान"),
    "paschim_medinipur": _names("Paschim Medinipur", "পশ্চিম মেদিনীপুর", "पश्चिम मेदिनीपुर"),
    "purba_bardhaman": _names("Purba Bardhaman", "পূর্ব বর্ধমান", "पूर्व बर्धमान"),
    "purba_medinipur": _names("Purba Medinipur", "পূর্ব মেদিনীপুর", "पूर्व मेदिनीपुर"),
    "purulia": _names("Purulia", "পুরুলিয়া", "पुरुलिया"),
    "south_24_parganas": _names("South 24 Parganas", "দক্ষিণ ২৪ পরগনা", "दक्षिण 24 परगना"),
    "uttar_dinajpur": _names("Uttar Dinajpur", "উত্তর দিনাজপুর", "उत्तर दिनाजपुर"),
}

STATE_NAMES = _names("West Bengal", "পশ্চিমবঙ্গ", "पश्चिम बंगाल")
OUTSIDE_NAMES = _names("Outside the state", "রাজ্যের বাইরে", "राज्य के बाहर")

# Category, place (None: anywhere), department, office. "other" has none: the grievance cell reads and decides.
RULES = (
    ("ration", None, "food", "District Controller of Food and Supplies"),
    ("health", None, "health", "Chief Medical Officer of Health"),
    ("local_body", None, "panchayat", "District Panchayats and Rural Development Officer"),
    ("police", None, "home", "Superintendent of Police"),
    ("bribery", None, "vigilance", "Secretary, Vigilance Commission"),
    # Kolkata has no panchayat and no district police.
    ("ration", "kolkata", "food", "Director of Rationing"),
    ("local_body", "kolkata", "urban", "Kolkata Municipal Corporation"),
    ("police", "kolkata", "home", "Commissioner of Police, Kolkata"),
)


def seed(session: Session, now: datetime) -> int:
    """Lay what is missing and return how many rows that was.

    What a supervisor has changed since stays as it is, so this may run at every start.
    """
    laid = _lay(session, [Department(code=code, names=names) for code, names in DEPARTMENTS.items()])
    laid += _lay(
        session,
        [
            Category(code=code, names=names, department_code=department, days=days, position=position)
            for position, (code, names, department, days) in enumerate(CATEGORIES)
        ],
    )
    laid += _lay(
        session,
        [
            PlaceRow(code=STATE, level="state", names=STATE_NAMES),
            PlaceRow(code=OUTSIDE, level="outside", names=OUTSIDE_NAMES, in_state=False),
        ],
    )
    laid += _lay(
        session,
        [PlaceRow(code=code, parent=STATE, level="district", names=names) for code, names in DISTRICTS.items()],
    )
    laid += lay_offices(session, DISTRICTS)
    laid += _lay_rules(session)
    if laid:
        session.flush()
        add_act(session.connection(), "rule", "seeded", "register", now, {"rows": laid})
        session.flush()
    return laid


def _lay(session: Session, rows: Sequence[Department | Category | PlaceRow]) -> int:
    missing = [row for row in rows if session.get(type(row), row.code) is None]
    session.add_all(missing)
    session.flush()
    return len(missing)


def _lay_rules(session: Session) -> int:
    """Rules come all together or not at all: one that a supervisor took away must not come back."""
    if session.scalar(select(RoutingRule.id).limit(1)) is not None:
        return 0
    session.add_all(
        RoutingRule(category=category, place=place, department_code=department, office=office)
        for category, place, department, office in RULES
    )
    session.flush()
    return len(RULES)
