"""Fitting and judging the aligner."""
