"""How often the rules are right: measured on human error marks, clean pairs and planted errors.

The modules are run by name, ``python -m mtcheck.evaluation.rules FILE.jsonl`` and
``python -m mtcheck.evaluation.mutations FILE.jsonl``, and import nothing from the CLI.
"""

from __future__ import annotations

__all__: list[str] = []
