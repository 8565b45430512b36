"""Files of translators' tools, locales and parallel text, by their published structure."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml

from mtcheck.config import Config
from mtcheck.errors import DataError, UsageError
from mtcheck.readers import Parallel, batches

DEFAULT = Config()
SKIP = Config(bad_rows="skip")


def read(given: Path | Parallel, config: Config = DEFAULT) -> pd.DataFrame:
    return pd.concat([b.frame for b in batches([given], config)], ignore_index=True)


def pairs(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["source"], frame["hypothesis"], strict=True))


def refusal(given: Path | Parallel, config: Config = DEFAULT) -> str:
    with pytest.raises(DataError) as caught:
        list(batches([given], config))
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(Path(given).as_posix())
    return text


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- XLIFF ---------------------------------------------------------------------------------

XLIFF_12 = """<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
 <file original="a.html" source-language="en-US" target-language="zh-CN" datatype="html"><body>
  <group id="g">
   <trans-unit id="1"><source>Press <g id="1">OK</g> now.<x id="2"/></source>
    <target state="translated">现在按<g id="1">确定</g>。<x id="2"/></target>
    <note>a button</note></trans-unit>
   <trans-unit id="2" translate="no"><source>code</source></trans-unit>
   <trans-unit id="3"><source>A &amp; B<![CDATA[ <c>]]></source></trans-unit>
  </group>
  <trans-unit id="4"><source>One. Two.</source>
   <seg-source><mrk mtype="seg" mid="a">One.</mrk> <mrk mtype="seg" mid="b">Two.</mrk></seg-source>
   <target><mrk mtype="seg" mid="b">二。</mrk><mrk mtype="seg" mid="a">一。</mrk></target>
   <alt-trans><target>不</target></alt-trans></trans-unit>
 </body></file>
</xliff>
"""
XLIFF_21 = """<?xml version="1.0"?>
<xliff version="2.1" srcLang="en" trgLang="zh" xmlns="urn:oasis:names:tc:xliff:document:2.0">
 <file id="f1"><unit id="u1"><notes><note>why</note></notes>
  <segment id="s1"><source>One <pc id="1">bold</pc> word.</source>
   <target>一个<pc id="1">粗体</pc>词。</target></segment>
  <ignorable><source> </source></ignorable>
  <segment><source>Line<ph id="2"/>two.</source><target>第二<ph id="2"/>行。</target></segment>
 </unit><unit id="u2"><segment><source>Alone.</source></segment></unit></file>
</xliff>
"""


@pytest.mark.parametrize("suffix", [".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".xml"])
def test_xliff_1_2(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / f"a{suffix}", XLIFF_12)
    frame = read(path)
    assert pairs(frame) == [
        ("Press OK now.{2}", "现在按确定。{2}"),
        ("A & B <c>", ""),
        ("One.", "一。"),
        ("Two.", "二。"),
    ]
    assert list(frame["segment_id"]) == ["1", "3", "4/a", "4/b"]
    assert set(frame["doc_id"]) == {"a.html"}
    assert list(frame["line"]) == [5, 9, 11, 11]
    assert (frame["state"][0], frame["note"][0]) == ("translated", "a button")
    assert pairs(read(tmp_path)) == pairs(frame)


def test_xliff_2_1(tmp_path: Path) -> None:
    frame = read(written(tmp_path / "a.xlf", XLIFF_21))
    assert pairs(frame) == [
        ("One bold word.", "一个粗体词。"),
        ("Line{2}two.", "第二{2}行。"),
        ("Alone.", ""),
    ]
    assert list(frame["segment_id"]) == ["u1/s1", "u1/2", "u2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_xliff_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    text = XLIFF_12.replace('encoding="utf-8"', f'encoding="{encoding}"')
    assert len(read(written(tmp_path / "a.xlf", text.encode(encoding)))) == 4


def test_xliff_of_another_language_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlf", XLIFF_12.replace("zh-CN", "fr"))
    text = refusal(path)
    assert text.startswith(f"{path.as_posix()}:5: its target-language is 'fr', not 'zh'")
    assert "--hypothesis-language fr" in text


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (f'<!DOCTYPE xliff [<!ENTITY l0 "ha">{LAUGHS}]>', "declares the entity 'l0'"),
        ('<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "declares the entity 'x'"),
        ('<!DOCTYPE xliff SYSTEM "http://localhost/x.dtd">', "entity 'l11' is not known"),
        ("", "broken XML: undefined entity"),
    ],
)
@pytest.mark.parametrize("name", ["a.xlf", "a.tmx"])
def test_entities_are_never_expanded(tmp_path: Path, head: str, problem: str, name: str) -> None:
    text = XLIFF_12 if name == "a.xlf" else TMX
    text = text.replace("One", "&l11;&x;", 1).replace("<xliff", f"{head}<xliff")
    text = (
        text
        if name == "a.xlf"
        else text.replace("<!DOCTYPE tmx SYSTEM", head).replace(' "tmx14.dtd">', "", 1)
    )
    began = time.monotonic()
    found = refusal(written(tmp_path / name, text))
    assert problem in found or "entity" in found
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_broken_xml_names_the_line(tmp_path: Path, cut: float) -> None:
    path = written(tmp_path / "a.xlf", XLIFF_12[: int(len(XLIFF_12) * cut)])
    assert f"{path.as_posix()}:" in refusal(path)
    deep = XLIFF_12.replace("One. Two.", "<g>" * 100_000)
    assert "nested too deeply" in refusal(written(path, deep))


# --- TMX -----------------------------------------------------------------------------------

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en" datatype="plaintext"/><body>
<tu tuid="7"><prop type="client">x</prop>
 <tuv xml:lang="EN-US"><seg>One <bpt i="1">&lt;b></bpt>bold<ept i="1">&lt;/b></ept>.</seg></tuv>
 <tuv xml:lang="zh-CN"><seg>一个<bpt i="1">&lt;b></bpt>粗体<ept i="1">&lt;/b></ept>。</seg></tuv>
</tu>
<tu><tuv lang="en"><seg>Two.</seg></tuv><tuv lang="zh"><seg>二。</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Three.</seg></tuv><tuv xml:lang="fr"><seg>Trois.</seg></tuv></tu>
</body></tmx>
"""


def test_tmx(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tmx", TMX)
    assert f"{path.as_posix()}:9: the unit has no zh; languages: en, fr" in refusal(path)
    frame = read(path, SKIP)
    assert pairs(frame) == [("One {1}bold{1}.", "一个{1}粗体{1}。"), ("Two.", "二。")]
    assert list(frame["segment_id"]) == ["7", "2"]
    assert frame["client"][0] == "x"


# --- PO ------------------------------------------------------------------------------------

PO = r"""# translators
msgid ""
msgstr ""
"Language: zh_CN\n"
"Content-Type: text/plain; charset=UTF-8\n"

#. of a button
#: a.c:12
#, fuzzy, c-format
msgctxt "menu"
msgid "Open %s"
msgstr "打开 %s"

msgid ""
"One line\n"
"and \"two\"."
msgstr "一行\n和“两行”。"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d 个文件"

msgid "Lost"
msgstr ""

#~ msgid "old"
#~ msgstr "旧"
"""


def test_po(tmp_path: Path) -> None:
    frame = read(written(tmp_path / "a.po", PO))
    assert pairs(frame) == [
        ("Open %s", "打开 %s"),
        ('One line\nand "two".', "一行\n和“两行”。"),
        ("%d files", "%d 个文件"),
        ("Lost", ""),
    ]
    assert (frame["context"][0], frame["flags"][0]) == ("menu", "fuzzy, c-format")
    assert list(frame["line"]) == [7, 14, 19, 23]
    assert frame["segment_id"].is_unique


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (re.sub(r'(msgstr.*) ".+"', r'\1 ""', PO), "template"),
        (PO.replace("zh_CN", "fr"), "its Language is 'fr'"),
        ('msgid "a\nmsgstr "b"\n', "broken PO: 1 messages begin and 0 could be read"),
        (PO + "garbage\n", "broken PO: its syntax"),
    ],
)
def test_po_that_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in refusal(written(tmp_path / "a.po", text))


def test_po_made_by_its_library(tmp_path: Path) -> None:
    import polib

    made = polib.POFile()
    made.metadata = {"Language": "zh", "Content-Type": "text/plain; charset=UTF-8"}
    rows = [(f'Text {i}, "{"long " * 30}"\nand more\\t.', f"文{i}\t“好”") for i in range(50)]
    made.extend(polib.POEntry(msgid=s, msgstr=h) for s, h in rows)
    made.save(str(tmp_path / "a.po"))
    assert pairs(read(tmp_path)) == rows


# --- pairs of files ------------------------------------------------------------------------


def test_parallel_text(tmp_path: Path) -> None:
    en = written(tmp_path / "a.en", "One.\nTwo.\n\nThree.\n")
    zh = written(tmp_path / "a.zh", "一。\r\n\r\n\r\n三。")
    frame = read(Parallel(en, zh))
    assert pairs(frame) == [("One.", "一。"), ("Two.", ""), ("Three.", "三。")]
    assert list(frame["doc_id"]) == ["a-1", "a-1", "a-2"]
    assert list(frame["segment_id"]) == ["a#1", "a#2", "a#4"]
    assert list(frame["path"]) == [zh.as_posix()] * 3
    assert pairs(read(tmp_path)) == pairs(frame)
    human = written(tmp_path / "r", "壹。\n贰。\n\n叁。\n")
    ids = written(tmp_path / "ids", "x\nx\n-\ny\n")
    frame = read(Parallel(en, zh, human, ids))
    assert list(frame["reference"]) == ["壹。", "贰。", "叁。"]
    assert list(frame["doc_id"]) == ["x", "x", "y"]


def test_the_numbers_of_lines_must_agree(tmp_path: Path) -> None:
    en = written(tmp_path / "a.en", "One.\nTwo.\n")
    zh = written(tmp_path / "a.zh", "一。\n二。\n三。\n")
    text = refusal(Parallel(en, zh))
    assert f"{en.as_posix()} has 2, {zh.as_posix()} has 3" in text
    assert "no such file" in refusal(Parallel(en, tmp_path / "gone"))


EN = {"menu": {"open": "Open", "n": 3, "list": ["One", "Two"]}, "z": "Z."}
ZH = {"menu": {"open": "打开", "list": ["一", "二"]}}
EXPECTED = [("Open", "打开"), ("One", "一"), ("Two", "二"), ("Z.", "")]


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("en.json", "zh-CN.json"),
        ("app_en.arb", "app_zh.arb"),
        ("locales/en/common.json", "locales/zh_Hans/common.json"),
        ("config.en.yml", "config.zh.yml"),
    ],
)
def test_locales_in_a_folder(tmp_path: Path, en: str, zh: str) -> None:
    if en.endswith(".yml"):
        written(tmp_path / en, yaml.safe_dump({"en": EN}))
        written(tmp_path / zh, yaml.safe_dump({"zh-CN": ZH}))
    else:
        written(tmp_path / en, json.dumps(EN | {"@menu": {"x": "about"}}))
        written(tmp_path / zh, json.dumps(ZH))
    written(tmp_path / "fr.json", "{}")
    (batch,) = batches([tmp_path], DEFAULT)
    assert sorted(pairs(batch.frame)) == sorted(EXPECTED)
    assert set(batch.frame["key"]) == {"menu.open", "menu.list.0", "menu.list.1", "z"}
    assert [(u.path, "no translation lies beside it" in u.reason) for u in batch.unread] == [
        ((tmp_path / "fr.json").as_posix(), True)
    ]


def test_messages_of_a_browser_extension(tmp_path: Path) -> None:
    form = {"open": {"message": "Open", "description": "a button"}}
    en = written(tmp_path / "en.json", json.dumps(form))
    zh = written(tmp_path / "zh.json", json.dumps({"open": {"message": "打开"}}))
    assert pairs(read(Parallel(en, zh))) == [("Open", "打开")]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("zh.json", '{"a": "x", "a": "y"}', "'a' stands twice"),
        ("zh.json", '{"b": "乙"}', "the key 'b' is not in"),
        ("zh.json", "[1]", "does not hold an object"),
        ("zh.json", '{"a": \n', ":2: broken JSON"),
        ("zh.json", '{"a":' * 100_000, "nested too deeply"),
        ("zh.yaml", "a: x\na: y\n", ":2: the key 'a' stands twice"),
        ("zh.yaml", "a: [\n", "broken YAML"),
        ("zh.yaml", "[" * 5000, "nested too deeply"),
        ("zh.yaml", "a: !!python/object/apply:os.system [x]\n", ""),
        (
            "zh.yaml",
            "l0: &l0 []\n" + "".join(f"l{i}: &l{i} [{f'*l{i - 1},' * 10}]\n" for i in range(1, 15)),
            "more than 1,000,000 nodes",
        ),
    ],
)
def test_bad_locales(tmp_path: Path, name: str, text: str, problem: str) -> None:
    zh = written(tmp_path / name, text)
    en = written(tmp_path / f"en{zh.suffix}", json.dumps({"a": "A"}))
    if problem:
        assert problem in refusal(Parallel(en, zh))
    else:
        assert pairs(read(Parallel(en, zh), SKIP)) == [("A", "")]


# --- notes and Markdown --------------------------------------------------------------------


def test_bilingual_notes(tmp_path: Path) -> None:
    text = (
        "# Notes\n\nThe DNA was cut.\nIt grew.\n\nDNA被切断。\n它长大了。\n---\nTwo.\n二。\nLost.\n"
    )
    path = written(tmp_path / "a.txt", text)
    notes = Config(reader="bilingual-text")
    assert f"{path.as_posix()}:11: the English paragraph has no Chinese one" in refusal(path, notes)
    frame = read(path, notes.replace(bad_rows="skip"))
    assert pairs(frame) == [
        ("The DNA was cut.\nIt grew.", "DNA被切断。\n它长大了。"),
        ("Two.", "二。"),
    ]
    assert list(frame["line"]) == [3, 9]
    turned = written(tmp_path / "b.txt", "一。\nOne.\n二。\nTwo.\n")
    assert pairs(read(turned, notes)) == [("One.", "一。"), ("Two.", "二。")]
    with pytest.raises(UsageError, match="no reader 'bilingual'; there are"):
        list(batches([path], Config(reader="bilingual")))


def test_markdown_tables(tmp_path: Path) -> None:
    text = (
        "# T\n| a | b |\n|---|---|\n| x | y |\n\ntext | more\n\n"
        "Source | Target\n:-- | --:\nA \\| B<br>C | 甲\\|乙\n| Two. | 二。 |\n|one|\n"
    )
    path = written(tmp_path / "a.md", text)
    written(tmp_path / "README.md", "no table | here\n")
    assert ":12: the row has 1 cells and the header 2" in refusal(path)
    assert pairs(read(path, SKIP)) == [("A | B\nC", "甲|乙"), ("Two.", "二。")]
    (batch,) = batches([tmp_path], SKIP)
    assert [Path(u.path).name for u in batch.unread] == ["README.md"]
