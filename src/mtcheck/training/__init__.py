"""Rebuild the risk model from labelled data: ``python -m mtcheck.training --help``."""

__all__: list[str] = []
