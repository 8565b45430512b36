"""mtcheck: which sentences of a machine translation can't be trusted, and why."""
