"""Errors planted in right translations."""
