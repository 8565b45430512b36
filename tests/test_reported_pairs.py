"""Pairs of kinds that users report.

``python -m tests.test_reported_pairs`` writes the list of open ones anew (see ``tests.pairs``).
"""

from __future__ import annotations

import pytest

from tests.pairs import Reported, Table

TABLE = Table("reported_pairs")


@pytest.mark.parametrize("pair", TABLE.pairs, ids=str)
def test_reported_pair(pair: Reported) -> None:
    TABLE.check(pair)


def test_the_list_names_pairs_there_are() -> None:
    TABLE.check_list()


if __name__ == "__main__":
    print(TABLE.rewrite())
