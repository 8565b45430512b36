"""The page of ``mtcheck compare`` in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mtcheck
from tests.browser.conftest import Open
from tests.browser.test_report import violations
from tests.comparison.test_compare import rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three systems: one right, one with wrong numbers, one with markup that wants to run."""
    good = rows()
    wrong = rows("{1}地块的产量增加了9{0}%。".format)
    hostile = rows(lambda n, place: f"{place}地块{HOSTILE}增加了{n}%。")
    comparison = mtcheck.compare(good, wrong, hostile, systems=("may", "june", "july"))
    path: Path = tmp_path_factory.mktemp("comparison") / "comparison.html"
    path.write_text(comparison.to_html(), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(
    ("width", "dark"), [(1400, False), (1400, True), (390, False), (390, True)]
)
def test_nobody_is_shut_out(
    open_page: Open, shoot: Callable[[Page, str], None], page_of: str, width: int, dark: bool
) -> None:
    page = open_page(page_of, width=width, dark=dark)
    for summary in page.locator("summary").all():
        summary.click()
    shoot(page, f"comparison-{width}-{'dark' if dark else 'light'}")
    assert violations(page) == []
    text = page.inner_text("body")
    assert not re.search(r"\b(?:undefined|null|NaN|None)\b", text)
    assert all(name in text for name in ("may", "june", "july"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_markup_in_a_translation_is_shown_and_does_not_run(open_page: Open, page_of: str) -> None:
    page = open_page(page_of)
    assert HOSTILE in page.inner_text("body")
    assert page.locator("img").count() == 0
