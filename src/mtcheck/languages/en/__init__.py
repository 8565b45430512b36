"""English: numbers, terms, word lists, faults of a source."""
