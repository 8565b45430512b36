"""Rebuild the risk model from labelled data: ``mtcheck train --help``."""

__all__: list[str] = []
