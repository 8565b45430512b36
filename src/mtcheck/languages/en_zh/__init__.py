"""English and Chinese together: what corresponds, and what is the opposite, in a pair."""
