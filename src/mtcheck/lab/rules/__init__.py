"""How often the rules are right."""
