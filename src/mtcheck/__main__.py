"""Run the command line, as ``mtcheck`` or ``python -m mtcheck``."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Load the command line and run it; who interrupts it while it loads gets the one line too."""
    try:
        from mtcheck.cli import main as run
    except KeyboardInterrupt:
        os.write(2, b"mtcheck: error: interrupted\n")
        exec("")  # see `run`
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
