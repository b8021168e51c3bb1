"""Who may hear a stream: read from the same signed cookie that the web process gives out."""

import time
from dataclasses import dataclass
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie

from itsdangerous import BadSignature

from agent_console.heard_by import audiences_of
from agent_console.session_cookie import SESSION_COOKIE, SESSION_SECONDS, session_serializer
from agent_console.signed_in import read_session_id, still_valid
from config import Config
from models.staff import Staff
from models.store import Store

MOST_PAGES = 4096  # whose cookies are remembered; of strangers none is
LONGEST_COOKIE = 4096  # what a browser keeps


@dataclass(frozen=True, slots=True)
class Pass:
    """A person with a valid session, and which news are theirs."""

    staff_id: int
    epoch: int
    audiences: frozenset[str]


class PassReader:
    """Reads sessions with the web process's own key and form."""

    def __init__(self, config: Config, store: Store) -> None:
        self._serializer = session_serializer(config.secret_key)
        self._store = store
        self._claims = lru_cache(MOST_PAGES)(self._read_session)

    def read(self, cookies: str) -> Pass | None:
        """The person of a Cookie header; None for a stranger. Asks the store: not for the event loop."""
        known = self.claimed(cookies)
        if known is None:
            return None
        with self._store.session() as rows:
            staff = rows.get(Staff, known[0])
            if staff is None or not still_valid(staff, known[1]):
                return None
            return Pass(staff.id, known[1], audiences_of(staff.id, staff.roles))

    def claimed(self, cookies: str) -> tuple[int, int] | None:
        """Staff id and epoch that the session names; None for a stranger. Whether it still holds, the store knows.

        A page shows the same cookie every ten seconds: its signature is computed once a minute.
        """
        try:
            morsel = SimpleCookie(cookies).get(SESSION_COOKIE)
            if morsel is None or len(morsel.value) > LONGEST_COOKIE:
                return None
            return self._claims(morsel.value, time.monotonic() // 60)
        except (BadSignature, CookieError):
            return None

    def _read_session(self, signed: str, _minute: float) -> tuple[int, int] | None:
        session = self._serializer.loads(signed, max_age=SESSION_SECONDS)
        return read_session_id(str(session.get("_user_id", "")))

    def is_valid(self, known: Pass) -> bool:
        """True while the person may still work. Asks the store: not for the event loop."""
        with self._store.session() as rows:
            return still_valid(rows.get(Staff, known.staff_id), known.epoch)
