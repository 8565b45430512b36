"""The HTML report as a reader uses it, in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import mtcheck
from mtcheck.records import codes, findings
from mtcheck.reporters.words import visible
from tests.browser.conftest import Open, Report, report

if TYPE_CHECKING:
    from playwright.sync_api import Page

Small = Callable[..., Report]
Shoot = Callable[["Page", str], None]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe-core finds at levels A and AA, with the elements concerned."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


def hits(page: Page) -> int:
    """How many segments the page says it shows."""
    return int((page.locator("#hits").text_content() or "").split()[0].replace(",", ""))


def settled(page: Page, expected: int) -> None:
    """Wait until the page shows so many segments; typing is taken up after a moment."""
    page.wait_for_function(
        "n => document.querySelector('#hits').textContent.startsWith(n + ' of')",
        arg=f"{expected:,}",
    )


def ids(page: Page) -> list[str]:
    return list(page.locator(".toggle").all_text_contents())


def row(page: Page, segment_id: str) -> Any:
    return page.locator("tr.row").filter(
        has=page.get_by_role("button", name=segment_id, exact=True)
    )


def opened(page: Page, segment_id: str) -> Any:
    """Open a segment; gives its details."""
    head = row(page, segment_id)
    if head.locator(".toggle").get_attribute("aria-expanded") == "false":
        head.locator(".toggle").click()
    return page.locator(f"#{head.get_attribute('id')}-details")


def exported(page: Page, folder: Path) -> tuple[Path, list[dict[str, Any]]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Export decisions").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# --- whole pages ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dark", "width"),
    [
        ("sample", False, 1400),
        ("sample", True, 390),
        ("chinese", True, 1400),
        ("chinese", False, 390),
    ],
)
def test_nobody_is_shut_out(
    request: pytest.FixtureRequest,
    open_page: Open,
    shoot: Shoot,
    name: str,
    dark: bool,
    width: int,
) -> None:
    page = open_page(request.getfixturevalue(name), width=width, dark=dark)
    shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}-top")
    page.locator(".toggle").nth(0).click()
    page.locator(".toggle").nth(1).click()
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".decider button").nth(1).click()
    page.locator("#list").evaluate("e => e.scrollIntoView()")
    shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}-table")
    assert violations(page) == []
    assert not re.search(r"\b(?:undefined|null|false|NaN)\b(?! alarm)", page.inner_text("#list"))
    # Nothing sticks out sideways.
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_real_page(open_page: Open, real: Report, shoot: Shoot) -> None:
    page = open_page(real)
    assert hits(page) == len(real.rows)
    for toggle in page.locator(".toggle").all():
        toggle.click()
    shoot(page, "real")
    assert page.locator("tr.details").count() == len(real.rows)
    assert violations(page) == []


def test_ten_thousand_segments_without_jank(
    open_page: Open, large: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    """Judged by the processor time of the page's main thread, which no busy machine lengthens."""
    page = open_page("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration") * 1000

    # From an input to the frame in which it is drawn.
    act = """async ([selector, value, type]) => {
        const node = document.querySelector(selector);
        if (type === "click") node.click();
        else { node.value = value; node.dispatchEvent(new Event(type)); }
        await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
    }"""
    steps = {
        "sort": ["th.risk button", "", "click"],
        "next page": ["[data-page=next]", "", "click"],
        "open": [".toggle", "", "click"],
        "filter": [".controls select", "accept", "change"],
    }
    page.goto(large.url)
    assert hits(page) == 10_000
    ready = page.evaluate("performance.getEntriesByName('mtcheck-ready')[0].startTime")
    busy, times = spent(), {}
    for name, step in steps.items():
        before = spent()
        page.evaluate(act, step)
        times[name] = spent() - before
    before = spent()
    page.locator("#search").fill("ZLT-12")
    settled(page, sum("ZLT-12" in haystack(r) and r["status"] == "accept" for r in large.rows))
    times["search"] = spent() - before
    with capsys.disabled():
        told = ", ".join(f"{name} {took:.0f} ms" for name, took in times.items())
        size = large.path.stat().st_size / 1e6
        print(
            f"\n10,000 segments, {size:.1f} MB: interactive after {ready:.0f} ms "
            f"({busy:.0f} ms of processor time); {told}"
        )
    assert busy < 2000
    assert max(times.values()) < 400


def haystack(row: dict[str, Any]) -> str:
    return " ".join(str(row[k]) for k in ("source", "hypothesis", "reference"))


# --- finding -------------------------------------------------------------------------------


def test_search_looks_into_texts_messages_and_ids(open_page: Open, sample: Report) -> None:
    page = open_page(sample)
    for word in ("偏头痛", "zlt-12", "ＺＬＴ－１２", "sample-07#5", "stands there 3 times"):
        page.locator("#search").fill(word)
        plain = {"ＺＬＴ－１２": "zlt-12"}.get(word, word)
        settled(page, sum(plain in json.dumps(r, ensure_ascii=False).lower() for r in sample.rows))
        assert hits(page) > 0
    page.locator("#search").fill("no such words")
    page.wait_for_function(
        "() => document.querySelector('#hits').textContent.startsWith('No segment')"
    )
    page.get_by_role("button", name="Clear").click()
    settled(page, len(sample.rows))


def test_filters(open_page: Open, sample: Report) -> None:
    page = open_page(sample)
    rows: list[dict[str, Any]] = sample.rows
    checks: dict[str, tuple[str, Callable[[dict[str, Any]], bool]]] = {
        "Status": ("flagged", lambda r: r["status"] != "accept"),
        "Rule": ("ACC005 number mismatch", lambda r: "ACC005" in codes(r)),
        "Category": (
            "accuracy: omission",
            lambda r: any(f["category"] == "accuracy/omission" for f in r["findings"]),
        ),
    }
    for label, (option, fits) in checks.items():
        page.get_by_label(label, exact=True).select_option(label=option)
        settled(page, sum(map(fits, rows)))
        assert set(ids(page)) == {r["segment_id"] for r in rows if fits(r)}
        page.get_by_role("button", name="Clear").click()
    page.get_by_label("Document", exact=True).fill("sample-03")
    settled(page, sum(r["doc_id"] == "sample-03" for r in rows))
    page.get_by_label("Risk from").fill("0.3")
    settled(page, sum(r["doc_id"] == "sample-03" and r["risk"] >= 0.3 for r in rows))
    page.get_by_role("button", name="Clear").click()
    settled(page, len(rows))
    # A rule in the summary is a filter too.
    page.locator("summary", has_text="Findings").first.click()
    page.locator(".codes").get_by_role("button", name="ACC010").click()
    settled(page, sum("ACC010" in codes(r) for r in rows))


def test_sorting_by_header_and_by_list(open_page: Open, sample: Report) -> None:
    page = open_page(sample)
    flagged = [r["status"] != "accept" for r in sample.rows]
    status = page.locator("td.status").all_text_contents()
    assert [s != "accept" for s in status] == sorted(flagged, reverse=True)[:100]
    risks = sorted((float(str(r["risk"])) for r in sample.rows), reverse=True)
    header = page.locator("th.risk")
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    assert page.locator("td.risk").all_text_contents() == [f"{r:.2f}" for r in risks[:100]]
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert page.locator("td.risk").all_text_contents() == [f"{r:.2f}" for r in risks[:-101:-1]]
    page.get_by_label("Sort by").select_option(label="order of the input")
    assert ids(page) == [str(r["segment_id"]) for r in sample.rows[:100]]
    page.get_by_role("button", name="Next page").first.click()
    assert ids(page) == [str(r["segment_id"]) for r in sample.rows[100:200]]
    page.get_by_label("Sort by").select_option(label="random order, for a fair sample")
    drawn = ids(page)
    page.reload()
    page.get_by_label("Sort by").select_option(label="random order, for a fair sample")
    assert drawn == ids(page)  # the same again, so that one can go on tomorrow
    flags = {str(r["segment_id"]): r["status"] != "accept" for r in sample.rows}
    assert 0 < sum(flags[i] for i in drawn[:50]) < 40


def test_a_link_leads_to_its_segment_whatever_is_filtered(open_page: Open, sample: Report) -> None:
    accepted = [r for r in sample.rows if r["status"] == "accept"][-1]
    document, own = str(accepted["doc_id"]), str(accepted["segment_id"])
    page = open_page(sample, link=f"#{document}/{own.partition('#')[2]}")
    assert page.evaluate("document.activeElement.textContent") == own
    details = opened(page, own)
    assert str(accepted["source"]) in details.locator(".pair").text_content()
    # To the neighbour before, though the filter leaves it out.
    page.get_by_label("Status", exact=True).select_option(label="reject")
    page.evaluate("location.hash = 'sample-02/3'")
    page.wait_for_function("() => document.activeElement.textContent === 'sample-02#3'")
    assert page.locator("#said").text_content() == ""


# --- an opened segment ---------------------------------------------------------------------


def test_marks_count_in_code_points(open_page: Open, small: Small) -> None:
    source, hypothesis = "𝛼𝛽 rose by 40% in 𠮷 cells.", "𠮷细胞中𝛼𝛽上升了14%，😀明显。"
    start, other = source.index("40%"), hypothesis.index("14%")
    found = {
        "code": "ACC005",
        "name": "number-mismatch",
        "category": "accuracy/mistranslation",
        "severity": "major",
        "message": "40% ≠ 14%",
        "spans": [
            {"side": "source", "start": start, "end": start + 3},
            {"side": "hypothesis", "start": other, "end": other + 3},
        ],
        "suggestion": "40%",
        "fingerprint": "f1",
    }
    risky = [{"side": "hypothesis", "start": other + 4, "end": other + 5}]
    page = open_page(
        small(
            {},
            {
                "source": source,
                "hypothesis": hypothesis,
                "status": "review",
                "reasons": ["number-mismatch: 40% ≠ 14%"],
                "findings": [found],
                "risk": 0.625,
                "risk_spans": risky,
                "reference": "参考",
                "_rank": 1.0,
            },
            {},
        )
    )
    details = opened(page, "d#1")
    assert details.locator(".side mark").all_text_contents() == ["40%", "14%", "😀"]
    assert details.locator("mark.major").count() == 2
    assert details.locator("mark.risk").all_text_contents() == ["😀"]
    assert details.locator("mark.major").first.get_attribute("title") == "ACC005: 40% ≠ 14%"
    assert details.locator(".side .text").nth(0).text_content() == source
    assert details.locator(".side .text").nth(1).text_content() == hypothesis
    assert details.locator(".quoted").all_text_contents() == ["40%", "14%"]
    assert details.locator(".context .text").all_text_contents() == [
        "Sentence 0.", "第0句。", "Sentence 2.", "第2句。",
    ]  # fmt: skip
    assert "Risk 0.625" in details.text_content()
    languages = details.locator(".side .text").evaluate_all("all => all.map((e) => e.lang)")
    assert languages == ["en", "zh-CN", "zh-CN"]
    details.get_by_role("button", name="Copy the suggestion").click()
    page.wait_for_function("() => document.querySelector('#said').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()") == "40%"
    details.get_by_role("button", name="Copy the translation").click()
    page.wait_for_function(
        "t => navigator.clipboard.readText().then((c) => c === t)", arg=hypothesis
    )
    details.get_by_role("button", name="Copy the link").click()
    page.wait_for_function(
        "() => navigator.clipboard.readText().then((c) => c.endsWith('html#d/1'))"
    )


def test_what_was_suppressed_or_is_known_says_so(
    open_page: Open, small: Small, tmp_path: Path
) -> None:
    found = {
        "code": "ACC005",
        "name": "number-mismatch",
        "category": "accuracy/mistranslation",
        "severity": "minor",
        "message": "4 ≠ 5",
        "spans": [],
        "suggestion": "",
        "fingerprint": "f1",
    }
    told, silent = {**found, "known": True}, {**found, "code": "ACC006", "fingerprint": "f2"}
    silent |= {"reason": "house style", "by": "decisions.jsonl:3"}
    page = open_page(small({"findings": [told], "suppressed": [silent]}))
    assert page.locator("td.why b").all_text_contents() == ["number mismatch"]
    first, second = opened(page, "d#0").locator(".found li").all()
    assert "known to the baseline" in first.text_content()
    assert "Not reported: house style · decisions.jsonl:3" in second.text_content()
    # A decision on it can be read again, seen and changed.
    line = {"mtcheck_decision": 1, "decision": "false-alarm", "code": "ACC006"}
    line |= {"source": "Sentence 0.", "hypothesis": "第0句。", "fingerprint": "f2"}
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(line), "utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_function("() => document.querySelectorAll('.decided').length === 1")
    assert row(page, "d#0").locator(".decision").text_content() == "ACC006: false alarm"


def test_everything_goes_by_keyboard(open_page: Open, sample: Report, tmp_path: Path) -> None:
    page = open_page(sample)
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the segments"
    keys.press("Enter")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    keys.type("zlt-12")
    settled(page, sum("zlt-12" in json.dumps(r).lower() for r in sample.rows))
    page.locator(".toggle").first.focus()
    first, second = ids(page)[:2]
    keys.press("j")
    assert page.evaluate("document.activeElement.textContent") == second
    keys.press("k")
    keys.press("Enter")
    assert row(page, first).locator(".toggle").get_attribute("aria-expanded") == "true"
    keys.press("f")
    assert row(page, first).locator(".decision").text_content() == "false alarm"
    keys.press("n")
    keys.type("checked cj")  # letters are letters in a field
    keys.press("Tab")
    keys.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    keys.press("f")  # outside the table a letter decides nothing
    (line,) = exported(page, tmp_path)[1]
    assert (line["segment_id"], line["decision"], line["note"]) == (
        first, "false-alarm", "checked cj",
    )  # fmt: skip


# --- decisions -----------------------------------------------------------------------------


def test_decisions_are_kept_exported_and_read_back(
    open_page: Open, sample: Report, tmp_path: Path
) -> None:
    page = open_page(sample)
    first = next(r for r in sample.rows if len(findings(r)) == 1)
    own = str(first["segment_id"])
    (found,) = findings(first)
    page.locator("#search").fill(own)
    details = opened(page, own)
    of_finding, of_segment = details.locator(".decider").all()
    of_finding.get_by_role("button", name="false alarm").click()
    of_finding.get_by_label("Note").fill("the unit is right 单位正确")
    of_segment.get_by_role("button", name="confirm").click()
    of_segment.get_by_role("button", name="fixed").click()
    page.reload()
    row(page, own).wait_for()
    assert row(page, own).locator(".decided").count() == 2
    page.get_by_label("Decision", exact=True).select_option(label="false alarm")
    settled(page, 1)
    file, lines = exported(page, tmp_path)
    assert file.name == "decisions.jsonl"
    both = {
        "mtcheck_decision": 1,
        "doc_id": first["doc_id"],
        "segment_id": own,
        "source": first["source"],
        "hypothesis": first["hypothesis"],
        "risk": first["risk"],
    }
    for line in lines:
        moment = time.strptime(line.pop("decided_at"), "%Y-%m-%dT%H:%M:%SZ")
        assert abs(time.mktime(moment) - time.timezone - time.time()) < 3600 * 2
    assert lines == [
        {**both, "decision": "fixed", "note": "", "code": None, "fingerprint": None},
        {
            **both,
            "decision": "false-alarm",
            "note": "the unit is right 单位正确",
            "code": found["code"],
            "fingerprint": found["fingerprint"],
        },
    ]
    # Into another browser, with a line that fits nothing and one that is none.
    stray = {**json.loads(file.read_text("utf-8").splitlines()[0]), "source": "Another text."}
    with file.open("a", encoding="utf-8") as more:
        more.write(json.dumps(stray) + "\nnonsense\n")
    other = open_page(sample)
    other.locator("#search").fill(own)
    settled(other, 1)
    assert other.locator(".decided").count() == 0
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Import decisions").click()
    chooser.value.set_files(file)
    other.wait_for_function("() => document.querySelectorAll('.decided').length === 2")
    said = other.locator("#said").text_content()
    assert said == "2 decisions read, 1 fits no segment here, 1 line not understood"
    again = exported(other, tmp_path / "again")[0]
    assert again.read_text("utf-8").splitlines() == file.read_text("utf-8").splitlines()[:2]


def test_a_confirmed_segment_without_findings_asks_what_is_wrong(
    open_page: Open, tmp_path: Path
) -> None:
    rows = pd.DataFrame([{"id": "one", "source": "It rained.", "mt": "下雪了。"}])
    first = mtcheck.audit(rows, risk=False)
    page = open_page(report(tmp_path, first.segments, first.summary))
    details = opened(page, ids(page)[0])
    details.get_by_role("button", name="confirm").click()
    assert "What is the error?" in (page.locator("#said").text_content() or "")
    details.get_by_label("Of which kind").select_option("accuracy/mistranslation")
    details.get_by_label("How severe").select_option("critical")
    page.evaluate(
        """() => {
          const text = document.querySelector('.side .text[data-side=hypothesis]').firstChild;
          getSelection().setBaseAndExtent(text, 1, text, 2);
        }"""
    )
    details.get_by_role("button", name="Take the selected text").click()
    assert details.locator(".places").text_content() == "雪 ×"
    file, (line,) = exported(page, tmp_path)
    assert line["spans"] == [{"side": "hypothesis", "start": 1, "end": 2}]
    (found,) = mtcheck.audit(rows, risk=False, decisions=(str(file),)).findings.to_dict("records")
    assert (found["code"], found["category"], found["severity"], found["marked"]) == (
        "HUM001",
        "accuracy/mistranslation",
        "critical",
        "雪",
    )


def test_mtcheck_reads_what_the_page_exported(open_page: Open, tmp_path: Path) -> None:
    wrong = {"source": "The trial enrolled 3,450 patients.", "mt": "该试验招募了3540名患者。"}
    rows = pd.DataFrame([{"id": name, **wrong} for name in ("one", "two")])
    first = mtcheck.audit(rows, risk=False)
    page = open_page(report(tmp_path, first.segments, first.summary))
    assert page.locator("td.why").all_text_contents() == ["number mismatch 3,450 = 3450 ≠ 3540"] * 2
    decider = opened(page, ids(page)[0]).locator(".decider").first
    decider.get_by_role("button", name="false alarm").click()
    file, _ = exported(page, tmp_path)
    second = mtcheck.audit(rows, risk=False, decisions=(str(file),))
    assert len(first.findings) == 2
    assert len(second.findings) == 0
    again = open_page(report(tmp_path, second.segments, second.summary))
    assert "Not reported" in opened(again, ids(again)[0]).text_content()


def test_a_decision_reaches_identical_pairs_of_another_report(
    open_page: Open, small: Small, tmp_path: Path
) -> None:
    same = {"source": "It rained.", "hypothesis": "下雨了。"}
    line = {"mtcheck_decision": 1, "decision": "confirm", "doc_id": "elsewhere", **same}
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({**line, "segment_id": "9", "code": None}) + "\n", "utf-8")
    page = open_page(small(same, {}, same))
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_function("() => document.querySelectorAll('.decided').length === 2")
    assert row(page, "d#1").locator(".decided").count() == 0


def test_a_decision_can_be_taken_back(open_page: Open, sample: Report) -> None:
    page = open_page(sample)
    own = ids(page)[0]
    confirm = opened(page, own).locator(".decider").last.get_by_role("button", name="confirm")
    confirm.click()
    assert confirm.get_attribute("aria-pressed") == "true"
    confirm.click()
    assert confirm.get_attribute("aria-pressed") == "false"
    assert page.get_by_role("button", name="Export decisions").is_disabled()
    page.reload()
    assert page.locator(".decided").count() == 0


@pytest.mark.parametrize(
    "refusal",
    [
        "get() { throw new DOMException('denied', 'SecurityError'); }",
        "value: { getItem: () => null, setItem() { throw new Error('full'); } }",
        "value: null",
    ],
)
def test_a_browser_that_keeps_nothing_says_so_and_still_exports(
    open_page: Open, sample: Report, tmp_path: Path, refusal: str
) -> None:
    page = open_page(
        sample, before=f"Object.defineProperty(window, 'localStorage', {{ {refusal} }});"
    )
    opened(page, ids(page)[0]).locator(".decider").last.get_by_role("button", name="fixed").click()
    assert "keeps nothing" in (page.locator("#decided").text_content() or "")
    assert [line["decision"] for line in exported(page, tmp_path)[1]] == ["fixed"]


# --- what must be read ----------------------------------------------------------------------


def repeated(n: int) -> dict[str, Any]:
    message = "half-width punctuation in Chinese text: , (1 mark)"
    return {
        "code": "LNG001",
        "name": "half-width-punctuation",
        "category": "linguistic-conventions/punctuation",
        "severity": "minor",
        "message": message,
        "spans": [],
        "suggestion": "",
        "fingerprint": f"f{n}",
    }


def test_the_page_opens_on_what_must_be_read(open_page: Open, sample: Report, shoot: Shoot) -> None:
    page = open_page(sample)
    shoot(page, "opened")
    first = page.locator("tr.row").first
    box = first.bounding_box()
    assert box
    assert box["y"] < 900, "the worst segment stands on the first screen"
    assert not page.locator("figure").first.is_visible()
    worst = next(r for r in sample.rows if r["segment_id"] == ids(page)[0])
    found = findings(worst)[0]
    assert str(found["message"]) in (first.locator("td.why").text_content() or "")


def test_a_finding_that_repeats_is_told_once_and_settled_in_one_go(
    open_page: Open, small: Small, tmp_path: Path
) -> None:
    row_ = {"status": "review", "reasons": ["r"]}
    page = open_page(small(*({**row_, "findings": [repeated(n)]} for n in range(3)), {}))
    assert "0 of 3 flagged segments decided" in (page.locator("#progress").text_content() or "")
    page.locator("summary", has_text="Findings that repeat").click()
    item = page.locator(".repeats li")  # one, or the next line fails
    assert "The same in 3 segments." in (item.text_content() or "")
    item.get_by_role("button", name="False alarm in all 3").click()
    assert "3 of 3 flagged segments decided" in (page.locator("#progress").text_content() or "")
    lines = exported(page, tmp_path)[1]
    assert [line["fingerprint"] for line in lines] == ["f0", "f1", "f2"]
    assert {line["decision"] for line in lines} == {"false-alarm"}
    item.get_by_role("button", name="Show them").click()
    settled(page, 3)


def test_documents_are_found_by_title_id_and_file(open_page: Open, small: Small) -> None:
    title = {"part": "title", "source": "Rice in dry years", "doc_id": "d", "path": "one.csv"}
    other = {"doc_id": "e", "segment_id": "e#1", "path": "two.csv", "title": "Trials"}
    page = open_page(small(title, {"doc_id": "d", "path": "one.csv"}, other))
    for text, count in (("rice in", 2), ("two.csv", 1), ("trials", 1), ("one.csv", 2)):
        page.get_by_label("Document", exact=True).fill(text)
        settled(page, count)


def test_digits_decide_and_a_question_mark_tells_the_keys(
    open_page: Open, small: Small, tmp_path: Path
) -> None:
    page = open_page(small({"status": "review"}, {"status": "review"}, {"status": "review"}))
    keys = page.keyboard
    keys.press("j")  # from nowhere, to the first
    for at, key in enumerate("123"):
        keys.press(key)
        page.locator("tr.row .toggle").nth(at).focus()  # the first asked what its error is
        keys.press("j")
    said = [line["decision"] for line in exported(page, tmp_path)[1]]
    assert said == ["confirm", "false-alarm", "fixed"]
    page.locator("tr.row .toggle").first.focus()
    keys.press("?")
    assert page.locator("#keys dl").is_visible()


def test_the_chinese_page_speaks_chinese(open_page: Open, chinese: Report, shoot: Shoot) -> None:
    page = open_page(chinese)
    shoot(page, "chinese-opened")
    told = page.locator("td.why .reason bdi").all_text_contents()
    assert told
    foreign = [text for text in told if re.search(r"[A-Za-z]{4,} [a-z]+ [a-z]+", text)]
    assert not foreign
    assert "标记" not in (page.locator("body").inner_text())


# --- hostile texts, no script, print -------------------------------------------------------

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)><!-- {{ 7*7 }} "
    "javascript:alert(1) \x1b[31mred\x1b]0;title\x07 \u202edesrever\u2066 \u2028 "
    "zero\u200bwidth \x00"
)


def test_hostile_text_is_inert_and_seen(open_page: Open, small: Small, tmp_path: Path) -> None:
    found = {
        "code": "ACC005",
        "name": HOSTILE,
        "category": HOSTILE,
        "severity": "major",
        "message": HOSTILE,
        "spans": [{"side": s, "start": 3, "end": 40} for s in ("source", "hypothesis")],
        "suggestion": HOSTILE,
        "fingerprint": HOSTILE,
    }
    bad = {
        "doc_id": HOSTILE,
        "segment_id": HOSTILE,
        "path": HOSTILE,
        "source": HOSTILE,
        "hypothesis": HOSTILE,
        "reference": HOSTILE,
        "status": "review",
        "reasons": [HOSTILE],
        "findings": [found],
        "risk": 0.5,
        "similarity": 0.5,
        HOSTILE: HOSTILE,
    }
    page = open_page(small(bad, {}, inputs=[HOSTILE], notes=[HOSTILE], config={HOSTILE: HOSTILE}))
    details = opened(page, visible(HOSTILE))
    for part in details.locator(".side .text").all():
        assert part.text_content() == visible(HOSTILE)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 3
    links = page.locator("a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    details.locator(".decider").first.get_by_role("button", name="false alarm").click()
    file, (line,) = exported(page, tmp_path)
    assert line["source"] == line["doc_id"] == line["fingerprint"] == HOSTILE
    assert file.read_bytes().isascii()
    assert violations(page) == []
    page.evaluate("h => { location.hash = h; }", details.locator("a").last.get_attribute("href"))
    page.wait_for_function("h => document.activeElement.textContent === h", arg=visible(HOSTILE))


def test_without_scripts_the_worst_are_there(open_page: Open, sample: Report) -> None:
    page = open_page(sample, scripts=False)
    flagged = [r for r in sample.rows if r["status"] != "accept"]
    assert page.locator(".static tbody").count() == min(100, len(flagged))
    assert page.locator(".static").is_visible()
    assert page.locator("svg").count() == 4
    assert page.locator("noscript p").first.is_visible()


def test_print_shows_texts_and_no_controls(open_page: Open, sample: Report) -> None:
    page = open_page(sample)
    details = opened(page, ids(page)[0])
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    assert not page.get_by_role("button", name="Export decisions").is_visible()
    assert details.locator(".side").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
