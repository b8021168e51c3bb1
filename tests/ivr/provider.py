"""The provider's side of the webhooks: signed forms to the app, and documents read back."""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from ivr.register import register
from tests.ivr.office import TOKEN, Office
from tests.twiml_grammar import violations

PUBLIC_URL = "https://helpline.example.gov.in"


@dataclass
class Reply:
    """What came back."""

    status: int
    text: str

    @property
    def verbs(self) -> list[str]:
        """The elements below <Response>, in order."""
        return [element.tag for element in self._root]

    def find(self, tag: str) -> ElementTree.Element:
        """The first element of this name."""
        return next(self._root.iter(tag))

    @property
    def said(self) -> str:
        return " ".join(element.text or "" for element in self._root.iter("Say"))

    @property
    def _root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.text)  # noqa: S314  (our own answer)


class Provider:
    """Posts as the telephone network does."""

    def __init__(self, office: Office) -> None:
        self._app = Flask("legs", static_folder=None)
        register(self._app, office.telephone)
        self._client: FlaskClient = self._app.test_client()
        self._validator = RequestValidator(TOKEN)

    def post(self, path: str, *, signed: bool = True, **form: Any) -> Reply:
        """Post `form` to `path`; a document that comes back is held to Twilio's grammar."""
        url = path if path.startswith("https:") else f"{PUBLIC_URL}{path}"
        values = {name: str(value) for name, value in form.items()}
        signature = self._validator.compute_signature(url, values) if signed else "wrong"
        reply = self._client.post(url.removeprefix(PUBLIC_URL), data=values, headers={"X-Twilio-Signature": signature})
        text = reply.get_data(as_text=True)
        if reply.status_code == 200:
            assert reply.mimetype == "text/xml"
            assert violations(text) == []
        return Reply(reply.status_code, text)
