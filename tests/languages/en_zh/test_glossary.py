from __future__ import annotations

import os
from pathlib import Path

import pytest

from mtcheck.errors import DataError
from mtcheck.languages.en_zh.glossary import GlossaryTerm, load_glossary

TBX_OLD = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX"><text><body>
<termEntry id="1">
  <langSet xml:lang="en-GB"><tig><term>yield strength</term></tig></langSet>
  <langSet xml:lang="zh-CN">
    <tig><term>屈服强度</term></tig>
    <ntig><termGrp><term>产量强度</term>
      <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
  </langSet>
  <langSet xml:lang="de"><tig><term>Streckgrenze</term></tig></langSet>
</termEntry></body></text></martif>"""

TBX_NEW = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic"><text><body>
<conceptEntry id="1">
  <langSec xml:lang="en"><termSec><term>heat pump</term></termSec></langSec>
  <langSec xml:lang="zh">
    <termSec><term>热泵</term>
      <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
    <termSec xmlns:min="http://www.tbxinfo.net/ns/min"><term>热力泵</term>
      <min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
  </langSec>
</conceptEntry></body></text></tbx>"""

TBX_MIN = """<TBX dialect="TBX-Min"><body><entry id="c1">
  <langGroup xml:lang="en"><termGroup><term>heat <hi>pump</hi></term></termGroup></langGroup>
  <langGroup xml:lang="zh">
    <termGroup><term>热泵</term><termStatus>preferred</termStatus></termGroup>
    <termGroup><term>热力泵</term><termStatus>notRecommended</termStatus></termGroup></langGroup>
</entry></body></TBX>"""

TBX_BARE = """<tbx style="dct" xmlns="urn:iso:std:iso:30042:ed-2"><text><body><conceptEntry id="1">
  <langSec xml:lang="en"><term>heat pump</term></langSec>
  <langSec xml:lang="zh-Hans"><term>热泵</term></langSec>
</conceptEntry></body></text></tbx>"""


@pytest.mark.parametrize(("text", "forbidden"), [(TBX_MIN, ("热力泵",)), (TBX_BARE, ())])
def test_tbx_of_other_dialects(tmp_path: Path, text: str, forbidden: tuple[str, ...]) -> None:
    (term,) = load_glossary(save(tmp_path / "g.tbx", text)).entries
    assert term == GlossaryTerm("heat pump", ("热泵",), forbidden)


def save(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_csv(tmp_path: Path) -> None:
    path = save(
        tmp_path / "g.csv",
        "\ufeffSource, Target ,forbidden,note\n"
        "odds ratio,比值比 | 优势比,,x\n"
        "Odds Ratios,,几率比,\n"
        ",,的的,\n"
        "\n"
        "grain,晶粒,,\n",
    )
    glossary = load_glossary(path)
    assert glossary.entries == (
        GlossaryTerm("odds ratio", ("比值比", "优势比"), ("几率比",)),
        GlossaryTerm("grain", ("晶粒",), ()),
    )
    assert glossary.forbidden_everywhere == ("的的",)
    assert glossary.entries[0].has_target("其优势 比很高")
    assert not glossary.entries[0].has_target("其比值很高")


def test_tsv_without_forbidden(tmp_path: Path) -> None:
    path = save(tmp_path / "g.tsv", "source\ttarget\ngrain\t晶粒\n")
    assert load_glossary(path).entries == (GlossaryTerm("grain", ("晶粒",), ()),)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (TBX_OLD, GlossaryTerm("yield strength", ("屈服强度",), ("产量强度",))),
        (TBX_NEW, GlossaryTerm("heat pump", ("热泵",), ("热力泵",))),
    ],
)
def test_tbx(tmp_path: Path, text: str, entry: GlossaryTerm) -> None:
    assert load_glossary(save(tmp_path / "g.tbx", text)).entries == (entry,)


def test_tbx_reads_no_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("泄露", encoding="utf-8")
    text = TBX_OLD.replace(
        '<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">',
        f'<!DOCTYPE martif [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
    ).replace("<term>屈服强度", "<term>&x;屈服强度")
    targets = {t for e in load_glossary(save(tmp_path / "g.tbx", text)).entries for t in e.targets}
    assert not any("泄露" in t for t in targets)


def test_tbx_does_not_explode(tmp_path: Path) -> None:
    entities = '<!ENTITY a "屈服">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    text = TBX_OLD.replace(
        '<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">', f"<!DOCTYPE martif [{entities}]>"
    ).replace("<term>屈服强度", "<term>&i;屈服强度")
    with pytest.raises(DataError, match="not readable as TBX"):
        load_glossary(save(tmp_path / "g.tbx", text))


def test_no_path_is_an_empty_glossary() -> None:
    assert load_glossary("").entries == ()
    assert load_glossary("").find("odds ratio") == []


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = save(tmp_path / "g.csv", "source,target\ngrain,晶粒\n")
    assert load_glossary(path) is load_glossary(path)
    save(tmp_path / "g.csv", "source,target\ngrain,谷物\n")
    os.utime(path, ns=(1, 1))
    assert load_glossary(path).entries == (GlossaryTerm("grain", ("谷物",)),)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("g.csv", "", "no column 'source'"),
        ("g.csv", "source,note\na,b\n", "no column 'target'"),
        ("g.csv", "source,target\n", "no entries"),
        ("g.csv", "source,target\ngrain,\n", "g.csv:2: 'grain' has neither"),
        ("g.csv", "source,target\n,晶粒\n", "has no source term"),
        ("g.csv", "source,target\n——,晶粒\n", "no letters"),
        ("g.csv", "source,target,forbidden\ngrain,晶粒,晶粒\n", "both accepted and forbidden"),
        ("g.tbx", "<tbx>", "not readable as TBX"),
        ("g.tbx", "<tbx/>", "no entries"),
        ("g.docx", "x", "not a glossary by its name"),
    ],
)
def test_bad_glossaries(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load_glossary(save(tmp_path / name, text))


def test_missing_and_undecodable(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such glossary"):
        load_glossary(str(tmp_path / "none.csv"))
    (tmp_path / "g.csv").write_bytes("source,target\n晶,粒\n".encode("gb18030"))
    with pytest.raises(DataError, match="UTF-8"):
        load_glossary(str(tmp_path / "g.csv"))


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ('rice,"水稻\nwheat,小麦\n', 2, "never closed"),
        ('rice,水稻\nwheat,"小麦\n', 3, "never closed"),
        ('rice,"水稻\nwheat,小麦\nrye",黑麦\n', 2, "runs over several lines"),
    ],
)
def test_a_lone_quote_swallows_nothing_in_silence(
    rows: str, line: int, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=problem) as error:
        load_glossary(save(tmp_path / "g.csv", f"source,target\n{rows}"))
    assert error.value.line == line
