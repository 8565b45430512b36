"""The corrupters plant what they say, and the rules aimed at see it on generated clean pairs."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mtcheck.config import Config
from mtcheck.lab.labels import Labelled
from mtcheck.lab.planting.clean_pairs import CLEAN_PAIRS, clean_rows
from mtcheck.lab.planting.kinds import Changed, Kind, Site
from mtcheck.lab.planting.segments import CLAIMED
from mtcheck.lab.rules.mutations import (
    evaluate_mutations,
    evaluate_places,
    place_table,
    split,
    table,
)
from mtcheck.models import EMBEDDED, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.types import Segment
from tests.command_line import run
from tests.conftest import ROOT

BY_KIND = {kind.name: kind for kind in CLAIMED}
OF_TEXTS = ("TER003", "TER004", "TER005")
PLANTED = [k for k in CLAIMED if not k.needs and k.aims[0] not in OF_TEXTS]

# Slots: {n} and {m} numbers, {d} a decimal, {y} a year, {a} an acronym, {c} a code with a digit.
TEMPLATES = [
    (
        "In {y}, {n} patients with {a} received {m} mg of the drug for 12 weeks.",
        "{y}年，{n}名{a}患者接受了{m}毫克该药物，为期12周。",
    ),
    (
        "The {a} score was {d} in the first group (n = {n}), which was higher than expected.",
        "第一组（n = {n}）的{a}评分为{d}，较高，超出预期。",
    ),
    (
        "Samples taken in {y} at {n} sites show that {c} increased by {d}% over {m} hours.",
        "{y}年在{n}个地点采集的样品显示，{c}在{m}小时内增加了{d}%。",
    ),
    (
        "The model does not explain the {a} data of {y}, although more than {n} cases were used.",
        "尽管使用了超过{n}例病例，但该模型不能解释{y}年的{a}数据。",
    ),
    (
        "These results suggest that the method can support {n} users within {m} km of the city.",
        "这些结果表明，该方法可以支持城市{m}公里范围内的{n}名用户。",
    ),
    (
        "The population of the region reached {n} million in March {y}, growing since the 1980s.",
        "自20世纪80年代以来，该地区的人口不断增长，{y}年3月达到{n}00万。",
    ),
    (
        "At least {n} of the {m} farms used this fertilizer significantly (as a supplement).",
        "{m}个农场中至少{n}个显著使用了这种肥料（作为补充），并且这些农场规模很大。",
    ),
]

numbers = st.integers(21, 98)
acronyms = st.sampled_from(["COPD", "GFR", "LAI", "NDVI", "BMI", "RCT", "QTL", "SEM"])
codes = st.sampled_from(["IL-6", "CD4", "NOX2", "MMP-9", "HSP70"])


def made(
    kind: Kind, document: list[Segment], at: int, others: Sequence[Segment] = (), seed: int = 0
) -> list[Segment]:
    """The document with the error; empty where it can't be planted."""
    changed = next(iter(kind.make(Site(document, at, others, random.Random(seed)))), None)
    assert changed is None or isinstance(changed, Changed)
    return changed.document if changed else []


def planted(kind: Kind, pair: tuple[str, str], seed: int) -> Segment | None:
    return next(iter(made(kind, [rows(pair)[0].segment], 0, seed=seed)), None)


@functools.cache
def carriers(kind: str) -> list[tuple[str, str]]:
    """The templates, and the package's own pairs, that can carry a kind."""
    every = [*TEMPLATES, *CLEAN_PAIRS]
    seeds = range(3)
    return [t for t in every if any(planted(BY_KIND[kind], fill(t), seed) for seed in seeds)]


@st.composite
def pairs(draw: st.DrawFn, kind: str) -> tuple[str, str]:
    source, hypothesis = draw(st.sampled_from(carriers(kind)))
    n, m = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    values = {
        "n": str(n),
        "m": str(m),
        "d": f"{draw(st.integers(1, 19))}.{draw(st.integers(1, 9))}",
        "y": str(draw(st.integers(1995, 2023))),
        "a": draw(acronyms),
        "c": draw(codes),
    }
    return source.format(**values), hypothesis.format(**values)


def rows(*texts: tuple[str, str], doc: str = "d") -> list[Labelled]:
    return [
        Labelled(Segment(doc, f"{doc}#{i}", source, hypothesis))
        for i, (source, hypothesis) in enumerate(texts)
    ]


def fill(template: tuple[str, str]) -> tuple[str, str]:
    values = {"n": "24", "m": "36", "d": "4.7", "y": "2014", "a": "COPD", "c": "IL-6"}
    return template[0].format(**values), template[1].format(**values)


CLEAN = [fill(t) for t in TEMPLATES]


@pytest.mark.parametrize("kind", PLANTED, ids=lambda k: k.name)
def test_every_kind_can_be_planted_and_changes_something(kind: Kind) -> None:
    assert carriers(kind.name), "no template can carry it"
    for template in carriers(kind.name):
        pair = fill(template)
        for seed in range(3):
            changed = planted(kind, pair, seed)
            assert changed == planted(kind, pair, seed)
            assert changed is None or (changed.source, changed.hypothesis) != pair


@pytest.mark.parametrize("kind", [k for k in PLANTED if k.claimed], ids=lambda k: k.name)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_rules_see_what_is_planted(kind: Kind, data: st.DataObject, seed: int) -> None:
    pair = data.draw(pairs(kind.name))
    (figures,) = evaluate_mutations(rows(pair), Config(preview=True), kinds=[kind.name], seed=seed)
    assume(figures.planted)
    assert figures.untouched == 0, f"an aimed rule fires on the clean pair {pair}"
    assert figures.caught == 1, f"not seen: {figures.misses}"


def test_neighbours_and_strangers_need_a_document() -> None:
    swap, foreign = BY_KIND["neighbours swapped"], BY_KIND["sentence of another text"]
    document = [r.segment for r in rows(*CLEAN[:5])]
    changed = made(swap, document, 1, document)
    assert changed[1].hypothesis == document[2].hypothesis
    assert changed[2].hypothesis == document[1].hypothesis
    assert [s.source for s in changed] == [s.source for s in document]
    assert not made(swap, document, 4, document)
    assert not made(swap, document[:3], 0, document)
    others = [r.segment for r in rows(CLEAN[6], doc="e")]
    strange = made(foreign, document, 1, others)
    assert strange[1].hypothesis == others[0].hypothesis
    assert not made(foreign, document, 1, document)


def test_terms_and_acronyms_of_a_text() -> None:
    kinds = [
        "term rendered in a second way",
        "term rendered otherwise than in the run",
        "acronym used for another thing",
    ]
    for figures in evaluate_mutations(clean_rows(), Config(preview=True), kinds=kinds):
        assert figures.planted >= 6, figures.kind
        assert figures.caught == figures.planted, figures.misses


def test_glossary_terms_need_a_glossary() -> None:
    kinds = ["glossary term missing", "forbidden term used"]
    pair = ("The incidence of asthma was 4%.", "哮喘发病率为4%。")
    assert evaluate_mutations(rows(pair), kinds=kinds) == []
    config = Config(glossary=str(ROOT / "data" / "glossary.csv"))
    found = evaluate_mutations(rows(pair), config, kinds=kinds)
    assert [(f.kind, f.planted, f.caught) for f in found] == [(k, 1, 1) for k in kinds]


def test_errors_of_a_whole_text() -> None:
    """Sentences are left out, invented and swapped, and found by the alignment."""
    encoder = Remembering(load_encoder(EMBEDDED))
    some = [CLEAN_PAIRS[i] for i in (0, 40, 60, 86, 102, 118)]
    text = Segment("t", "t", " ".join(s for s, _ in some), "".join(h for _, h in some))
    document = split([Labelled(text)], encoder)
    assert [(r.segment.source, r.segment.hypothesis) for r in document] == some
    others = rows(CLEAN_PAIRS[30], doc="e")
    kinds = ["sentence left out", "sentence invented", "sentences swapped"]
    figures = evaluate_mutations([*document, *others], kinds=kinds, encoder=encoder)
    assert [(f.kind, f.planted > 2) for f in figures] == [(kind, True) for kind in kinds]
    for f in figures:
        assert f.caught == f.planted, (f.kind, f.misses)


def test_rows_are_left_alone_without_an_encoder() -> None:
    kinds = {f.kind for f in evaluate_mutations(rows(*CLEAN), limit=1)}
    assert "digit changed" in kinds
    assert "neighbours swapped" not in kinds


def test_limit_seed_and_table() -> None:
    one = evaluate_mutations(rows(*CLEAN), kinds=["digit changed"], limit=3, seed=5)
    assert one == evaluate_mutations(rows(*CLEAN), kinds=["digit changed"], limit=3, seed=5)
    assert one[0].planted == 3
    page = table(one)
    assert page.count("\n") == 3
    assert "| digit changed | 3 | ACC005 |" in page


def test_every_place_counts_whether_claimed_or_not() -> None:
    """A number that a rule sees, and a word that no rule looks at."""
    pair = ("In 2014, 45 and 46 patients slept well.", "2014年，45名和46名患者夜里睡得很好。")
    twice = [*rows(pair), *rows(pair, doc="e")]
    numbers, sides = evaluate_places(twice, kinds=["number changed, in digits", "side"])
    assert (numbers.places, numbers.pairs, numbers.caught) == (3, 1, 3)
    assert dict(numbers.codes)["ACC005"] >= 2
    assert numbers.misses == ()
    assert (sides.places, sides.caught) == (0, 0)
    (frequency,) = evaluate_places(rows(("He came by.", "他经常过来。")), kinds=["frequency"])
    assert (frequency.places, frequency.caught) == (1, 0)
    assert frequency.misses == (("He came by.", "他[经常→很少]过来。"),)
    assert "| number changed, in digits | 3 | 1 | 3 | 1.00 |" in place_table([numbers])
    assert evaluate_places(twice, kinds=["number changed, in d"], limit=2)[0].places == 2


def test_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    lines = [json.dumps({"source": s, "reference": r}) for s, r in CLEAN]
    file.write_text("\n".join(lines), encoding="utf-8")
    arguments = ("evaluate", "mutations", file, "--limit", "2")
    out = {row["kind"]: row for row in json.loads(run(capfd, *arguments, "--format", "json").out)}
    assert out["half-width comma"]["planted"] == 2
    assert "| half-width comma | 2 |" in run(capfd, *arguments).out
    own = run(capfd, "evaluate", "mutations", "--own", "--limit", "3").out
    assert "| negation dropped | 3 | ACC017 | 3 |" in own
    anywhere = ("evaluate", "mutations", file, "--all-positions")
    places = json.loads(run(capfd, *anywhere, "--kind", "number", "--format", "json").out)
    assert [row["kind"].startswith("number") for row in places] == [True] * 3
    assert places[0]["places"] >= places[0]["caught"] > 5
    assert "[" in run(capfd, *anywhere, "--misses", "clause left out").out
    wrong = run(capfd, "evaluate", "mutations", file, "--hypothesis-column", "hypothesis")
    assert wrong.code == 2
    assert "hypothesis" in wrong.err
