"""The shipped register of offices: four levels of each department, generated from a few names in three languages.

Level 1 works in each district, level 2 answers for the district, 3 heads the department in the state, 4 is its
secretary. A real register, down to the blocks, is imported over it.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.office import Office
from models.place import PlaceRow

Names = Mapping[str, str]

_LANGUAGES = ("bn", "en", "hi")


def _names(en: str, bn: str, hi: str) -> Names:
    return {"bn": bn, "en": en, "hi": hi}


# Of each department, levels 1 to 4; those of the first two stand before the name of their district.
LADDERS: Mapping[str, tuple[Names, Names, Names, Names]] = {
    "food": (
        _names("Inspector of Food and Supplies", "খাদ্য ও সরবরাহ পরিদর্শক", "खाद्य एवं आपूर्ति निरीक्षक"),
        _names("District Controller of Food and Supplies", "জেলা খাদ্য নিয়ামক", "ज़िला खाद्य नियंत्रक"),
        _names("Director of Rationing", "রেশনিং অধিকর্তা", "राशनिंग निदेशक"),
        _names("Secretary, Food and Supplies", "সচিব, খাদ্য ও সরবরাহ", "सचिव, खाद्य एवं आपूर्ति"),
    ),
    "health": (
        _names("Block Medical Officer of Health", "ব্লক স্বাস্থ্য আধিকারিক", "खंड स्वास्थ्य अधिकारी"),
        _names("Chief Medical Officer of Health", "মুখ্য স্বাস্থ্য আধিকারিক", "मुख्य स्वास्थ्य अधिकारी"),
        _names("Director of Health Services", "স্বাস্থ্য পরিষেবা অধিকর্তা", "स्वास्थ्य सेवा निदेशक"),
        _names("Secretary, Health and Family Welfare", "সচিব, স্বাস্থ্য ও পরিবার কল্যাণ", "सचिव, स्वास्थ्य एवं परिवार कल्याण"),
    ),
    "panchayat": (
        _names("Block Development Officer", "ব্লক উন্নয়ন আধিকারিক", "खंड विकास अधिकारी"),
        _names(
            "District Panchayats and Rural Development Officer",
            "জেলা পঞ্চায়েত ও গ্রামোন্নয়ন আধিকারিক",
            "ज़िला पंचायत एवं ग्रामीण विकास अधिकारी",
        ),
        _names(
            "Commissioner, Panchayats and Rural Development", "কমিশনার, পঞ্চায়েত ও গ্রামোন্নয়ন", "आयुक्त, पंचायत एवं ग्रामीण विकास"
        ),
        _names("Secretary, Panchayats and Rural Development", "সচিব, পঞ্চায়েত ও গ্রামোন্নয়ন", "सचिव, पंचायत एवं ग्रामीण विकास"),
    ),
    "urban": (
        _names("Executive Officer, Municipalities", "কার্যনির্বাহী আধিকারিক, পুরসভা", "कार्यपालक अधिकारी, नगरपालिकाएँ"),
        _names("District Municipal Officer", "জেলা পুর আধিকারিক", "ज़िला नगरपालिका अधिकारी"),
        _names("Director of Local Bodies", "স্থানীয় সংস্থা অধিকর্তা", "स्थानीय निकाय निदेशक"),
        _names(
            "Secretary, Urban Development and Municipal Affairs",
            "সচিব, নগরোন্নয়ন ও পুর বিষয়ক",
            "सचिव, नगर विकास एवं नगरपालिका मामले",
        ),
    ),
    "home": (
        _names("Sub-Divisional Police Officer", "মহকুমা পুলিশ আধিকারিক", "अनुमंडल पुलिस अधिकारी"),
        _names("Superintendent of Police", "পুলিশ সুপার", "पुलिस अधीक्षक"),
        _names("Director General of Police", "পুলিশ মহানির্দেশক", "पुलिस महानिदेशक"),
        _names("Secretary, Home and Hill Affairs", "সচিব, স্বরাষ্ট্র ও পার্বত্য বিষয়ক", "सचिव, गृह एवं पर्वतीय मामले"),
    ),
    "vigilance": (
        _names("Inspector, Vigilance", "ভিজিল্যান্স পরিদর্শক", "सतर्कता निरीक्षक"),
        _names("Deputy Superintendent, Vigilance", "উপ-অধীক্ষক, ভিজিল্যান্স", "उपाधीक्षक, सतर्कता"),
        _names("Vigilance Commissioner", "ভিজিল্যান্স কমিশনার", "सतर्कता आयुक्त"),
        _names("Secretary, Vigilance Commission", "সচিব, ভিজিল্যান্স কমিশন", "सचिव, सतर्कता आयोग"),
    ),
}

# Kolkata has no panchayats, and its city has a corporation and a police of its own.
WITHOUT = {("panchayat", "kolkata")}
OTHERWISE: Mapping[tuple[str, int, str], Names] = {
    ("food", 1, "kolkata"): _names("Rationing Officer, Kolkata", "রেশনিং আধিকারিক, কলকাতা", "राशनिंग अधिकारी, कोलकाता"),
    ("food", 2, "kolkata"): _names(
        "Deputy Director of Rationing, Kolkata", "রেশনিং উপ-অধিকর্তা, কলকাতা", "राशनिंग उप-निदेशक, कोलकाता"
    ),
    ("urban", 1, "kolkata"): _names(
        "Borough Office, Kolkata Municipal Corporation", "বরো কার্যালয়, কলকাতা পুরসভা", "बरो कार्यालय, कोलकाता नगर निगम"
    ),
    ("urban", 2, "kolkata"): _names("Kolkata Municipal Corporation", "কলকাতা পুরসভা", "कोलकाता नगर निगम"),
    ("home", 1, "kolkata"): _names(
        "Deputy Commissioner of Police, Kolkata", "উপ-পুলিশ কমিশনার, কলকাতা", "पुलिस उपायुक्त, कोलकाता"
    ),
    ("home", 2, "kolkata"): _names("Commissioner of Police, Kolkata", "কলকাতার পুলিশ কমিশনার", "पुलिस आयुक्त, कोलकाता"),
}


def lay_offices(session: Session, districts: Mapping[str, Names]) -> int:
    """Lay the shipped register where there is none. All together or not at all: what was taken away stays away."""
    if session.scalar(select(Office.code).limit(1)) is not None:
        return 0
    known = set(session.scalars(select(PlaceRow.code)))
    rows = list(shipped_offices({code: names for code, names in districts.items() if code in known}))
    # The highest first: each refers to the one above it.
    for level in (4, 3, 2, 1):
        session.add_all(office for office in rows if office.level == level)
        session.flush()
    return len(rows)


def shipped_offices(districts: Mapping[str, Names]) -> Iterator[Office]:
    """Every office of every department."""
    for department, (field, district, head, secretary) in LADDERS.items():
        top, state = f"{department}-secretary", f"{department}-head"
        yield _office(top, department, 4, secretary, None, None)
        yield _office(state, department, 3, head, None, top)
        for place, names in districts.items():
            if (department, place) in WITHOUT:
                continue
            above, below = f"{department}-district-{place}", f"{department}-field-{place}"
            yield _office(above, department, 2, _of(department, 2, place, district, names), place, state)
            yield _office(below, department, 1, _of(department, 1, place, field, names), place, above)


def _of(department: str, level: int, place: str, office: Names, district: Names) -> Names:
    own = OTHERWISE.get((department, level, place))
    return own or {language: f"{office[language]}, {district[language]}" for language in _LANGUAGES}


def _office(code: str, department: str, level: int, names: Names, place: str | None, parent: str | None) -> Office:
    return Office(
        code=code, department_code=department, level=level, names=dict(names), place_code=place, parent=parent
    )
