"""Pairs of the reported kinds, written by someone who had not seen the rules or their words.

``python -m tests.test_fresh_pairs`` writes the list of open ones anew (see ``tests.pairs``).
"""

from __future__ import annotations

import pytest

from tests.pairs import Reported, Table

TABLE = Table("fresh_pairs")


@pytest.mark.parametrize("pair", TABLE.pairs, ids=str)
def test_fresh_pair(pair: Reported) -> None:
    TABLE.check(pair)


def test_the_list_names_pairs_there_are() -> None:
    TABLE.check_list()


if __name__ == "__main__":
    print(TABLE.rewrite())
