"""Fitting and judging what ships, on human labels and planted errors; no audit needs it."""
