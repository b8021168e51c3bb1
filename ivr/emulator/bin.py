"""A document that the emulator itself serves, as a TwiML Bin does in production."""

import re

_NAME = re.compile(r"[a-z0-9-]{1,64}")
LAST_RESORT = (
    '<?xml version="1.0" encoding="UTF-8"?><Response>'
    '<Say language="bn-IN" voice="Google.bn-IN-Wavenet-A">দুঃখিত, এখন লাইনে অসুবিধা হচ্ছে। একটু পরে আবার ফোন করুন।</Say>'
    '<Say language="hi-IN" voice="Google.hi-IN-Wavenet-A">क्षमा करें, अभी लाइन में दिक्कत है। कुछ देर बाद फिर फ़ोन करें।</Say>'
    '<Say language="en-IN" voice="Google.en-IN-Wavenet-A">'
    "We are sorry, the line is in trouble. Please call again in a little while.</Say>"
    "<Hangup/></Response>"
)


class Bins:
    """Documents by name; `fallback` is there from the start."""

    def __init__(self) -> None:
        self._documents = {"fallback": LAST_RESORT}

    def read(self, name: str) -> str | None:
        return self._documents.get(name)

    def write(self, name: str, document: str) -> None:
        """Keep a document. Raises ValueError for a name that is not plain."""
        if not _NAME.fullmatch(name):
            raise ValueError("a bin's name is 1 to 64 of a-z, 0-9 and -")
        self._documents[name] = document
