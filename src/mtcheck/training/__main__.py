"""``python -m mtcheck.training``."""

import sys

from mtcheck.training.run import main

sys.exit(main())
