"""One text message on its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.emulator.call import Callback
from ivr.emulator.errors import MESSAGES
from ivr.emulator.names import new_sid, rfc2822
from ivr.emulator.segments import count_segments

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "read"})


@dataclass(eq=False)
class Message:
    """`sender` is a number, an alphanumeric header, or a Messaging Service."""

    account_sid: str
    to: str
    sender: str
    body: str
    created_at: datetime
    status: str = "queued"
    service_sid: str = ""
    error_code: int = 0
    sent_at: datetime | None = None
    callback: Callback | None = None

    def __post_init__(self) -> None:
        self.sid = new_sid("SM")
        self.updated_at = self.created_at

    def move(self, status: str, now: datetime, error_code: int = 0) -> None:
        self.status = status
        self.error_code = error_code
        self.updated_at = now
        if status == "sent":
            self.sent_at = now

    def params(self) -> list[tuple[str, str]]:
        """The fields of a status callback."""
        pairs = [
            ("MessageSid", self.sid),
            ("SmsSid", self.sid),
            ("MessageStatus", self.status),
            ("SmsStatus", self.status),
            ("To", self.to),
            ("From", self.sender),
            ("AccountSid", self.account_sid),
            ("ApiVersion", "2010-04-01"),
        ]
        if self.service_sid:
            pairs.append(("MessagingServiceSid", self.service_sid))
        if self.error_code:
            pairs.append(("ErrorCode", str(self.error_code)))
        if self.status in ("delivered", "undelivered"):
            pairs.append(("RawDlrDoneDate", self.updated_at.strftime("%y%m%d%H%M")))
        return pairs

    def as_json(self) -> dict[str, Any]:
        """As the REST API shows it."""
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "to": self.to,
            "from": self.sender or None,
            "messaging_service_sid": self.service_sid or None,
            "body": self.body,
            "num_segments": str(count_segments(self.body)),
            "num_media": "0",
            "direction": "outbound-api",
            "status": self.status,
            "error_code": self.error_code or None,
            "error_message": MESSAGES.get(self.error_code),
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "date_sent": rfc2822(self.sent_at),
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
