"""The recorded evidence: complete, not stale, and the reason for what is on by default."""

from __future__ import annotations

from pathlib import Path

import mtcheck.rules
from mtcheck.lab.labels import merged, read_labelled
from mtcheck.lab.rules.figures import NOTES, table
from mtcheck.lab.rules.judge import evaluate_rows
from mtcheck.rules import all_rules
from mtcheck.rules._evidence import evidence
from tests.conftest import SHARED, needs_shared

HOME = Path(mtcheck.rules.__file__).parent


def test_figures_are_of_rules_that_there_are() -> None:
    """A rule without figures is legal: its page says that it was not measured yet."""
    assert set(evidence()) <= set(all_rules())
    for code in set(all_rules()) - set(evidence()):
        assert all_rules()[code].page.endswith("Not measured yet.")


def test_the_table_is_not_stale() -> None:
    assert (HOME / "README.md").read_text(encoding="utf-8") == table(evidence()), "make evidence"


def test_a_rule_is_on_if_it_earned_it() -> None:
    on = {code for code in evidence() if not all_rules()[code].preview}
    earned = {code for code, e in evidence().items() if e.earned}
    assert on ^ earned <= set(NOTES)


def test_pages_carry_the_figures() -> None:
    for rule in all_rules().values():
        assert rule.page.count("Measured\n") == 1, rule.key
        if rule.key not in evidence():
            continue
        assert "human references." in " ".join(rule.page.split())


@needs_shared
def test_the_default_rules_keep_what_they_promise() -> None:
    """Precision of the rules on by default, and false alarms on human references.

    Without the encoder, whose part takes minutes: `make evidence` has it.
    """
    assert SHARED is not None
    bio = SHARED / "human" / "bio_mqm_dev.jsonl"
    flores = SHARED / "mt_systems" / "flores_dev_en_zh.jsonl"
    rows = read_labelled(bio)
    human = {"reference", "reference_r1"}
    machine = evaluate_rows(merged([r for r in rows if r.system not in human]))
    everything, _ = machine.groups
    assert everything.precision is not None
    assert everything.precision >= 0.75
    for category in ("Punctuation", "Untranslated", "Number_format", "Spelling"):
        hit, marks = machine.categories[category]
        assert hit >= marks / 2, category
    references = [r for r in rows if r.system in human]
    for clean in (references, read_labelled(flores, hypothesis_column="reference", clean=True)):
        result = evaluate_rows(clean, clean=True)
        assert result.groups[1].fires <= 0.03 * result.segments
