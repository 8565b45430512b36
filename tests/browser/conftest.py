"""Real pages in a real Chromium; every test fails on a console error or a network request.

Needs the extra ``browser`` and Chromium (``make test-browser`` installs both); the tests are
skipped where either is absent. ``MTCHECK_SCREENSHOTS=folder`` keeps pictures to look at.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest

import mtcheck
from mtcheck import schema
from mtcheck.config import Config
from mtcheck.inspected import ranked
from mtcheck.records import Record
from mtcheck.reporters import Run
from mtcheck.reporters.folder import all_formats
from mtcheck.summary import Summary
from tests.conftest import ROOT, shared
from tests.reporters.conftest import EMPTY, as_batch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BATCH = 500

Open = Callable[..., "Page"]


@dataclass(frozen=True)
class Report:
    """A page on disk, and the segments that went into it, in the order of the input."""

    path: Path
    rows: list[Record]

    @property
    def url(self) -> str:
        return self.path.as_uri()


def write(folder: Path, frame: pd.DataFrame, summary: Summary, config: Config) -> Path:
    """The page of some inspected segments, through the writer, in batches."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = all_formats()["html"].open(folder, Run(config))
    for start in range(0, len(frame), BATCH):
        writer.add(as_batch(frame.iloc[start : start + BATCH]))
    writer.end(summary)
    return folder / "report.html"


def report(folder: Path, frame: pd.DataFrame, summary: Summary, *, lang: str = "en") -> Report:
    path = write(folder, frame, summary, Config(lang=lang))
    return Report(path, [record for _, record in ranked(as_batch(frame))])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    driver = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make test-browser"
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed: make test-browser")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a report in a browser of its own: ``open_page(report, link="", width=1400, …)``."""
    contexts = []
    complaints: list[str] = []

    def check(page: Page) -> None:
        page.on("console", lambda m: complaints.append(f"console: {m.text}"))
        page.on("pageerror", lambda e: complaints.append(f"error: {e}"))
        page.on("dialog", lambda d: complaints.append(f"dialog: {d.message}"))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith(("file:", "blob:"))
                else complaints.append(f"request: {r.url}")
            ),
        )

    def opened(
        report: Report | str,
        *,
        link: str = "",
        width: int = 1400,
        before: str = "",
        scripts: bool = True,
        dark: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.set_default_navigation_timeout(60_000)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        check(page)
        page.goto(report if isinstance(report, str) else report.url + link)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def audited() -> mtcheck.Audit:
    """The sample data of this repository, audited."""
    return mtcheck.audit(ROOT / "data" / "abstracts.csv")


@pytest.fixture(scope="session")
def sample(audited: mtcheck.Audit, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report(tmp_path_factory.mktemp("sample"), audited.segments, audited.summary)


@pytest.fixture(scope="session")
def chinese(audited: mtcheck.Audit, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("chinese")
    return report(folder, audited.segments, audited.summary, lang="zh")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A page as it was saved from a database of papers."""
    audit = mtcheck.audit(shared("pages/booksci_nato_japan.txt"))
    return report(tmp_path_factory.mktemp("real"), audit.segments, audit.summary)


@pytest.fixture(scope="session")
def large(audited: mtcheck.Audit, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Ten thousand segments: the sample data again and again, with ids of their own."""
    frame = audited.segments
    copies = -(-10_000 // len(frame))
    many = pd.concat([frame] * copies, ignore_index=True).iloc[:10_000]
    number = pd.Series([f"{i // len(frame):03d}-" for i in range(len(many))], dtype="string")
    for name in ("doc_id", "segment_id"):
        many[name] = number + many[name]
    summary = json.loads(json.dumps(audited.summary))
    summary["counts"] |= {"segments": len(many), "documents": int(many["doc_id"].nunique())}
    return report(tmp_path_factory.mktemp("large"), many, summary)


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Report]:
    """A page of hand-made rows: dicts of what differs from an accepted segment."""

    def make(*rows: Mapping[str, object], **changed: object) -> Report:
        plain: list[dict[str, Any]] = [
            {
                "doc_id": "d",
                "segment_id": f"d#{n}",
                "path": "in.csv",
                "source": f"Sentence {n}.",
                "hypothesis": f"第{n}句。",
                "status": "accept",
                "reasons": [],
                "findings": [],
                "risk_spans": [],
                "_rank": 0.0,
                **row,
            }
            for n, row in enumerate(rows)
        ]
        return report(
            tmp_path, schema.frame(plain, schema.SEGMENT), cast("Summary", {**EMPTY, **changed})
        )

    return make


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of a page, if ``MTCHECK_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("MTCHECK_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=False)

    return take
