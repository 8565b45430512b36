"""Chinese: numbers, punctuation, characters, spacing."""
