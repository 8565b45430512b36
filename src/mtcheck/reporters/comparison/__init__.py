"""Reports of a comparison, one a file; each takes the data of :mod:`mtcheck.comparison`."""
