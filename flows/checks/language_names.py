"""What languages are called in messages to supervisors."""

_NAMES = {"bn": "Bengali", "en": "English", "hi": "Hindi", "ne": "Nepali", "or": "Odia", "sat": "Santali", "ur": "Urdu"}


def language_name(language: str) -> str:
    return _NAMES.get(language, language)
