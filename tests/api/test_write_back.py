"""Findings written back: every byte of the file stays, and a second library reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polib
import pytest
from lxml import etree

import mtcheck
from mtcheck.api import audit as api
from mtcheck.api.write_back import WriteBack
from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from tests.command_line import run

CONFIG = Config(risk=False, similarity=False, metrics=("none",), select=("ACC005",))
NOTE = r"<(?:\w+:)?note (?:from|category)=\"mtcheck\".*?</(?:\w+:)?note>"
ADDED = re.compile(
    rf"<notes>(?:{NOTE})+</notes>|{NOTE}|<its:locQualityIssues .*?</its:locQualityIssues>"
    r'| xmlns:its="[^"]*" its:locQualityIssuesRef="#[^"]*"'
)
OLD = """<?xml version="1.0" encoding="{encoding}"?>
<!-- 注释 & more --><x:xliff version="1.2" xmlns:x="urn:oasis:names:tc:xliff:document:1.2">
<x:file original="a>b" source-language="en" target-language="zh"><x:body>
<x:trans-unit   id='1'><x:source>Rose by 12% &lt;now>.</x:source>\t<x:target state='final'
>上升了21%。</x:target><x:note>n</x:note><alt xmlns="urn:x"/></x:trans-unit>
<x:trans-unit id="2"><x:source>It fell by 3.5 km.</x:source><x:target/></x:trans-unit>
<x:trans-unit id="3"><x:source>Fell by 30.</x:source><x:target>下降了40。</x:target></x:trans-unit>
</x:body></x:file></x:xliff>
"""
NEW = """<xliff version="2.1" srcLang="en" trgLang="zh"
 xmlns="urn:oasis:names:tc:xliff:document:2.0">
<file id="f"><unit id="u"><notes><note>n</note></notes>
<segment><source>Rose by 12%.</source><target>上升了21%。</target></segment></unit>
<unit id="v"><originalData><data id="d">x</data></originalData>
<segment><source>Fell by 30.</source><target>下降了40。</target></segment></unit></file></xliff>
"""


def written_back(path: Path, out: Path) -> bytes:
    api.report([path], None, CONFIG, writers=[WriteBack([path], out, CONFIG)])
    return out.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xliff_1_2(tmp_path: Path, encoding: str) -> None:
    named = encoding.removesuffix("-sig")
    text = OLD.replace("{encoding}", named).replace("\n", "\r\n")
    data = text.encode(encoding, "xmlcharrefreplace")
    path = tmp_path / "a.xlf"
    path.write_bytes(data)
    found = written_back(path, tmp_path / "b.xlf").decode(encoding)
    assert ADDED.sub("", found) == data.decode(encoding)
    root: Any = etree.fromstring((tmp_path / "b.xlf").read_bytes())
    names = {"x": "urn:oasis:names:tc:xliff:document:1.2", "its": "http://www.w3.org/2005/11/its"}
    notes = root.xpath("//x:note[@from='mtcheck']", namespaces=names)
    assert len(notes) >= 2
    assert notes[0].text.startswith("ACC005 ")
    for target in root.xpath("//x:target[@its:locQualityIssuesRef]", namespaces=names):
        (name,) = target.xpath("@its:locQualityIssuesRef", namespaces=names)
        (issues,) = root.xpath(f"//its:locQualityIssues[@xml:id='{name[1:]}']", namespaces=names)
        assert issues[0].get("locQualityIssueType") == "mistranslation"
        assert issues.getparent() is target.getparent()
    unit = root.xpath("//x:trans-unit", namespaces=names)[0]
    order = [etree.QName(child).localname for child in unit]
    assert order == ["source", "target", "note", "note", "alt", "locQualityIssues"]


def test_xliff_2_1(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_text(NEW, encoding="utf-8")
    found = written_back(path, tmp_path / "b.xlf").decode()
    assert ADDED.sub("", found) == NEW
    root: Any = etree.fromstring(found.encode())
    orders = [[etree.QName(c).localname for c in unit] for unit in root[0]]
    assert orders == [
        ["locQualityIssues", "notes", "segment"],
        ["locQualityIssues", "notes", "originalData", "segment"],
    ]
    assert [len(unit[1]) for unit in root[0]] == [2, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_po(tmp_path: Path, encoding: str, end: str) -> None:
    text = (
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset={encoding}\\n"\n\n'
        "#. 注释：一二三四五六七八九十\n#: a.c:1\n"
        'msgid "Rose by 12%."\nmsgstr ""\n"上升了21%。"\n\n'
        'msgid "Fine words here."\nmsgstr "这里的话很好，没有什么问题。"\n'
    ).replace("\n", end)
    path = tmp_path / "a.po"
    path.write_bytes(text.encode(encoding))
    found = written_back(path, tmp_path / "b.po").decode(encoding)
    assert re.sub(r"# mtcheck .*\n", "", found) == text
    before, after = (polib.pofile(str(tmp_path / n)) for n in ("a.po", "b.po"))
    assert [(e.msgid, e.msgstr, e.comment) for e in before] == [
        (e.msgid, e.msgstr, e.comment) for e in after
    ]
    assert after[0].tcomment.startswith("mtcheck ACC005 major: ")
    assert not after[1].tcomment


def test_what_has_no_place_for_findings_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("en,zh\na,b\n", encoding="utf-8")
    with pytest.raises(DataError, match="can't be written back into table"):
        WriteBack([path], tmp_path / "b.csv", CONFIG)
    xliff = tmp_path / "a.xlf"
    xliff.write_text(NEW, encoding="utf-8")
    with pytest.raises(UsageError, match="is an input"):
        WriteBack([xliff], xliff, CONFIG)
    with pytest.raises(UsageError, match="is an input"):
        WriteBack([xliff], tmp_path, CONFIG)


def test_a_folder_on_the_command_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/x/a.xlf", "in/y/a.xlf"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(NEW, encoding="utf-8")
    flags = ("--no-risk", "--no-similarity", "--metrics", "none", "--select", "ACC005")
    done = run(capfd, "audit", "in", "--out", "report", "--write-back", "back", *flags)
    assert done.code == 0, done.err
    for name in ("back/x/a.xlf", "back/y/a.xlf"):
        assert "ACC005 major" in (tmp_path / name).read_text("utf-8")


def test_a_translation_memory_with_the_quality_of_each_unit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'segment_id,source,hypothesis\n"1&<",Rose by 12% & <b>.,上升了21%。\n2,Fine words.,\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    mtcheck.audit(path, config=CONFIG, formats=("tmx", "csv"), csv_bom=True, out=out)
    (again,) = mtcheck.readers.batches([out / "segments.tmx"], CONFIG)
    row = again.frame.iloc[0]
    assert (len(again.frame), row["segment_id"]) == (1, "1&<")
    assert (row["source"], row["hypothesis"]) == ("Rose by 12% & <b>.", "上升了21%。")
    assert (row["mtcheck-status"], row["mtcheck-codes"]) == ("review", "ACC005")
    for name in ("segments.csv", "findings.csv", "flagged.csv", "documents.csv"):
        assert (out / name).read_bytes().count(b"\xef\xbb\xbf") == 1
