"""Pure functions on text: normalising, language, tokens, asked-for facts. No Rasa here."""
