"""Offices in the other languages: by their row, else by the shipped list. What was typed is shown as it was typed."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from models.office import Office


def _names(bn: str, hi: str) -> Mapping[str, str]:
    return {"bn": bn, "hi": hi}


OFFICE_NAMES: Mapping[str, Mapping[str, str]] = {
    "District Controller of Food and Supplies": _names("জেলা খাদ্য নিয়ামক", "ज़िला खाद्य नियंत्रक"),
    "Chief Medical Officer of Health": _names("মুখ্য স্বাস্থ্য আধিকারিক", "मुख्य स्वास्थ्य अधिकारी"),
    "District Panchayats and Rural Development Officer": _names(
        "জেলা পঞ্চায়েত ও গ্রামোন্নয়ন আধিকারিক", "ज़िला पंचायत एवं ग्रामीण विकास अधिकारी"
    ),
    "Superintendent of Police": _names("পুলিশ সুপার", "पुलिस अधीक्षक"),
    "Secretary, Vigilance Commission": _names("সচিব, ভিজিল্যান্স কমিশন", "सचिव, सतर्कता आयोग"),
    "Director of Rationing": _names("রেশনিং অধিকর্তা", "राशनिंग निदेशक"),
    "Kolkata Municipal Corporation": _names("কলকাতা পুরসভা", "कोलकाता नगर निगम"),
    "Commissioner of Police, Kolkata": _names("কলকাতার পুলিশ কমিশনার", "पुलिस आयुक्त, कोलकाता"),
}


def office_in(office: str, language: str) -> str:
    """The name of `office` in `language`, where the shipped list has one."""
    return OFFICE_NAMES.get(office, {}).get(language, office)


def office_name(session: Session, office_code: str | None, typed: str, language: str) -> str:
    """The name of the office of this code in `language`; without one, of what was typed."""
    office = session.get(Office, office_code) if office_code else None
    return office.names.get(language) or office.names["en"] if office else office_in(typed, language)
