"""What is known of each language and of each pair of languages, beside its word tables."""
