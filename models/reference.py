"""Reference numbers: eleven digits, told from a mobile number, an Aadhaar number and a PIN code by their length."""

import re
import secrets
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from stdnum import damm

from models.call_back import CallBack
from models.complaint import Complaint
from models.deadline import INDIA
from models.voice_message import VoiceMessage

_WEARISOME = re.compile(r"(\d)\1\1")  # three equal digits in a row are miscounted when read aloud
_TAKEN = (Complaint.reference, CallBack.request_reference, VoiceMessage.request_reference)


def make_reference(year: int) -> str:
    """Two digits of `year`, eight random ones and a Damm check digit."""
    while True:
        digits = f"{year % 100:02d}{secrets.randbelow(10**8):08d}"
        reference = digits + damm.calc_check_digit(digits)
        if not _WEARISOME.search(reference):
            return reference


def new_reference(connection: Connection | Session, now: datetime) -> str:
    """A reference number that no complaint, call-back or voice message has."""
    year = now.astimezone(INDIA).year
    while True:
        reference = make_reference(year)
        if not any(connection.scalar(select(column).where(column == reference)) for column in _TAKEN):
            return reference


def is_reference(digits: str) -> bool:
    """True for eleven ASCII digits whose check digit fits. It need not exist."""
    return len(digits) == 11 and digits.isascii() and digits.isdecimal() and damm.is_valid(digits)


def formatted(reference: str) -> str:
    """As people read it: 26-482-173-059."""
    return f"{reference[:2]}-{reference[2:5]}-{reference[5:8]}-{reference[8:]}"
