"""Pages of an abstracts site: our own in three forms, and the real one where it is at hand."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pandas as pd
import pytest

from mtcheck.config import Config
from mtcheck.readers import batches, expand
from mtcheck.readers.page import READER
from tests.conftest import shared

DEFAULT = Config()
PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
DUMP = (PAGES / "marsh.txt").read_text(encoding="utf-8")
RECORD = next(line for line in DUMP.split("\n") if line.startswith("{"))


def document(path: Path, config: Config = DEFAULT) -> dict[str, object]:
    (batch,) = batches([path], config)
    assert len(batch.frame) == 1
    return {str(k): v for k, v in batch.frame.iloc[0].items()}


def from_text(folder: Path, text: str, name: str = "page.txt") -> dict[str, object]:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return document(path)


def with_record(**changes: object) -> str:
    return DUMP.replace(RECORD, json.dumps(json.loads(RECORD) | changes, ensure_ascii=False))


def test_every_part_of_a_page() -> None:
    found = document(PAGES / "marsh.txt")
    assert found["doc_id"] == found["doi"] == "10.5555/marsh.2021.7"
    assert found["segment_id"] is pd.NA
    assert found["line"] == 5
    assert found["source_title"] == (
        "Salt marsh recovery after dike removal: sediment, plants and birds"
    )
    assert found["hypothesis_title"] == "拆除堤坝后盐沼的恢复:沉积物、植物与鸟类"
    assert found["source"] == json.loads(RECORD)["abstract"]
    hypothesis = str(found["hypothesis"])
    assert hypothesis.startswith("2014年,一片42公顷")
    assert hypothesis.endswith("仅靠拆除堤坝是不够的。")
    assert found["disclaimer"] == "本摘要由计算机程序翻译,若有出入,请以英文为准。"
    assert found["authors"] == "A. Example, B. Sample"
    assert found["journal"] == "Journal of Invented Wetlands"
    assert found["publication_date"] == "2021-05-04"


@pytest.mark.parametrize("name", ["marsh_script.html", "marsh_text.html"])
def test_html_gives_the_same_document(name: str) -> None:
    text, html = document(PAGES / "marsh.txt"), document(PAGES / name)
    assert html.pop("line") is pd.NA
    del text["line"], text["path"], html["path"]
    assert pd.Series(html).equals(pd.Series(text))


def test_html_line_breaks_are_spaces_and_blocks_are_lines(tmp_path: Path) -> None:
    html = (
        f"<p>{RECORD}</p><h2>摘要</h2><p>第一\n   段，<b>x</b>。</p><p>第二段。<br>第三段。</p>"
        "<p>由机器翻译，仅供参考。</p>"
    )
    found = from_text(tmp_path, html, "a.htm")
    assert found["hypothesis"] == "第一 段，x。\n第二段。\n第三段。"
    assert found["disclaimer"] == "由机器翻译，仅供参考。"


def test_the_charset_that_html_names_does_not_count(tmp_path: Path) -> None:
    html = (PAGES / "marsh_text.html").read_text(encoding="utf-8").replace("utf-8", "gb2312")
    xml = '<?xml version="1.0" encoding="gb2312"?>\n'
    found = from_text(tmp_path, xml + html, "a.xhtml")
    assert found["hypothesis"] == document(PAGES / "marsh.txt")["hypothesis"]


def test_a_dump_inside_pre(tmp_path: Path) -> None:
    escaped = DUMP.replace("&", "&amp;").replace("<", "&lt;")
    found = from_text(tmp_path, f"<html><pre>\n{escaped}</pre></html>", "a.html")
    assert found["hypothesis"] == document(PAGES / "marsh.txt")["hypothesis"]


@pytest.mark.parametrize(
    "head",
    [
        f"<script>window.__DATA__ = {RECORD};</script>",
        f"<script>\n  var x = 1;\n  window.__DATA__={RECORD};\n</script>",
        f'<script type="application/ld+json">{{"@graph": [{RECORD}]}}</script>',
        '<meta name="citation_title" content="A title"><meta name="citation_doi" content="10.1/x">'
        f'<meta name="citation_abstract" content="{escape(json.loads(RECORD)["abstract"])}">',
    ],
)
def test_a_saved_page_holds_its_record_in_a_script_or_its_head(tmp_path: Path, head: str) -> None:
    body = "<h2>摘要</h2><p>盐沼。</p><p>由机器翻译，仅供参考。</p>"
    found = from_text(tmp_path, f"<head>{head}</head><body>{body}</body>", "a.html")
    assert (found["source"], found["hypothesis"]) == (json.loads(RECORD)["abstract"], "盐沼。")
    assert READER.recognise(tmp_path / "a.html")


def test_the_record_may_span_lines(tmp_path: Path) -> None:
    text = DUMP.replace(RECORD, json.dumps(json.loads(RECORD), indent=2))
    assert from_text(tmp_path, text)["source"] == json.loads(RECORD)["abstract"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_and_windows_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(DUMP.replace("\n", "\r\n").encode(encoding))
    config = Config(encoding="gb18030") if encoding == "gb18030" else Config()
    assert READER.recognise(path)
    assert document(path, config)["hypothesis"] == document(PAGES / "marsh.txt")["hypothesis"]


def test_the_abstract_s_own_whitespace_is_kept(tmp_path: Path) -> None:
    abstract = "Two  spaces.\n\nA line\u2028separator.\u00a0End."
    assert from_text(tmp_path, with_record(abstract=f" {abstract} "))["source"] == abstract


def test_without_disclaimer_the_english_title_ends_the_chinese(tmp_path: Path) -> None:
    lines = [line for line in DUMP.split("\n") if "计算机程序翻译" not in line]
    found = from_text(tmp_path, "\n".join(lines))
    assert found["disclaimer"] is None
    assert found["hypothesis"] == document(PAGES / "marsh.txt")["hypothesis"]


def test_an_abstract_about_machine_translation_is_no_disclaimer(tmp_path: Path) -> None:
    sentence = "机器翻译的差异很大。"
    found = from_text(tmp_path, DUMP.replace("摘要\n\n", f"摘要\n\n{sentence * 12}\n我们评估了"))
    assert str(found["hypothesis"]).startswith(sentence)


@pytest.mark.parametrize("nested", [None, "{broken", 7, '["x"]', '{"title": 3}'])
def test_the_english_title_may_come_from_the_line_after_the_disclaimer(
    tmp_path: Path, nested: object
) -> None:
    found = from_text(tmp_path, with_record(resultStr=nested))
    assert str(found["source_title"]).startswith("Salt marsh recovery")


def test_the_first_line_is_the_chinese_title_when_the_record_has_none(tmp_path: Path) -> None:
    title = document(PAGES / "marsh.txt")["hypothesis_title"]
    assert from_text(tmp_path, with_record(title="Salt marsh"))["hypothesis_title"] == title
    text = with_record(title="Salt marsh").replace(f"{title}\n", "Menu\n", 1)
    assert from_text(tmp_path, text)["hypothesis_title"] is pd.NA


def test_without_a_doi_the_file_name_is_the_id(tmp_path: Path) -> None:
    found = from_text(tmp_path, with_record(doi=None, journal="A Journal"), "issue_7.txt")
    assert found["doc_id"] == "issue_7"
    assert found["doi"] is None
    assert found["journal"] == "A Journal"


def test_a_folder_s_other_text_files_are_no_pages(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("Notes on {brackets}.", encoding="utf-8")
    (tmp_path / "about.html").write_text("<p>About", encoding="utf-8")
    (tmp_path / "page.txt").write_text(DUMP, encoding="utf-8")
    # a page that lost its record is a page, and must be complained about
    (tmp_path / "lost.txt").write_text(DUMP.replace(RECORD, ""), encoding="utf-8")
    assert [p.name for p in expand([tmp_path])] == ["lost.txt", "page.txt"]


def test_a_bad_page_does_not_stop_a_folder_when_bad_rows_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DUMP.replace(RECORD, ""), encoding="utf-8")
    (tmp_path / "b.txt").write_text(DUMP, encoding="utf-8")
    found = list(batches([tmp_path], Config(bad_rows="skip")))
    assert [(len(b.frame), len(b.rejected)) for b in found] == [(0, 1), (1, 0)]


def test_the_real_page() -> None:
    found = document(shared("pages/booksci_nato_japan.txt"))
    assert found["doc_id"] == found["doi"]
    assert str(found["doi"]).startswith("10.")
    assert found["line"] == 5
    source, hypothesis = str(found["source"]), str(found["hypothesis"])
    assert source.count(".") == hypothesis.count("。") == 19
    assert hypothesis.endswith("。")
    assert "\n" not in hypothesis
    assert "翻译" in str(found["disclaimer"])
    assert (len(str(found["source_title"])), len(str(found["hypothesis_title"]))) == (77, 18)
    assert len(str(found["publication_date"])) == 10
