"""The languages that Lunas speaks."""

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
