"""Pure helpers on text. Parses are cached, so that many rules share one reading."""
