"""From a document to its segments: split, pair, and say how well each pair fits."""
