"""Marked text and text made visible: properties."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from mtcheck.records import FindingRecord
from mtcheck.reporters.folder.html import highlight
from mtcheck.reporters.folder.markdown import escape
from mtcheck.reporters.folder.markdown import highlight as bold
from mtcheck.reporters.words import (
    Highlight,
    one_line,
    pieces,
    plural,
    score_lines,
    set_aside,
    sizes,
    statuses,
    terminal,
    verdict_label,
    visible,
)
from tests.reporters.conftest import EMPTY

SEVERITIES = ("neutral", "minor", "major", "critical")
TEXTS = st.text(st.sampled_from("ab<>&\"'*_`[]|~$@\\ 中（。\u202e\x1b\n") | st.characters())
MARKS = st.lists(
    st.builds(
        Highlight,
        start=st.integers(0, 12),
        end=st.integers(0, 12),
        finding=st.integers(0, 3),
    ),
    max_size=6,
)


def findings() -> list[FindingRecord]:
    return [
        FindingRecord(
            code=f"ACC00{i}",
            name="x",
            category="accuracy",
            severity=severity,
            message=f'<b>"{i}"</b>',
            spans=[],
            suggestion="",
            confidence=1.0,
            fingerprint="",
        )
        for i, severity in enumerate(SEVERITIES)
    ]


@given(TEXTS, MARKS)
def test_html_highlight_gives_back_the_text(text: str, marks: list[Highlight]) -> None:
    page = str(highlight(text, marks, findings()))
    assert html.unescape(re.sub(r"<[^>]*>", "", page)) == visible(text)
    assert page.count("<mark ") == page.count("</mark>")
    assert set(re.findall(r"<(/?\w+)", page)) <= {"mark", "/mark"}


@given(TEXTS, MARKS)
def test_markdown_highlight_gives_back_the_text(text: str, marks: list[Highlight]) -> None:
    page = re.sub(r"</?b>", "", bold(text, marks))
    # A backslash may be missing where a mark cuts "://", which is then no link either.
    # So may the space that breaks an @mention, and where one cuts a run of line breaks, either
    # half becomes a space.
    page, whole = (re.sub(r"\\|&#8203;", "", t) for t in (page, escape(text)))
    assert page.split() == whole.split()


@given(TEXTS, MARKS)
def test_pieces_cover_what_the_marks_cover(text: str, marks: list[Highlight]) -> None:
    cut = list(pieces(text, marks))
    assert "".join(p.text for p in cut) == text
    at = 0
    for piece in cut:
        for i in range(at, at + len(piece.text)):
            assert set(piece.under) == {m.finding for m in marks if m.start <= i < m.end}
        at += len(piece.text)


def test_overlap_is_cut_at_the_borders_and_labelled_once() -> None:
    page = str(highlight("abcdef", [Highlight(0, 4, 3), Highlight(2, 6, 1)], findings()))
    assert re.findall(r'class="(\w+)"[^>]*?(?: data-label="(\w+)")?>(\w+)<', page) == [
        ("critical", "", "ab"),
        ("critical", "ACC003", "cd"),
        ("minor", "ACC001", "ef"),
    ]


def test_an_empty_span_is_a_point() -> None:
    page = str(highlight("ab", [Highlight(1, 1, 2), Highlight(2, 2, 2)], findings()))
    assert page.count('class="major point"') == 2
    assert page.startswith("a<mark ")
    assert page.endswith("</mark>")


def test_markdown_bold_does_not_split_where_only_the_finding_changes() -> None:
    assert bold("abcdef", [Highlight(0, 2, 0), Highlight(2, 4, 1)]) == "<b>abcd</b>ef"


def test_visible() -> None:
    assert visible("a\u202eb\x1b[0m\u200b\n中") == "a⟦U+202E⟧b⟦U+001B⟧[0m⟦U+200B⟧\n中"
    assert one_line("a\r\n\tb\u2028c") == "a b c"


def test_terminal_drops_escape_sequences() -> None:
    assert (
        terminal("\x1b[1;31mred\x1b[0m \x1b]8;;http://e\x07x\x1b]8;;\x1b\\ \x9b2Jb\x08")
        == "red x b"
    )
    # An unfinished sequence hides nothing of what follows.
    assert terminal("\x1b]0;all of this") == "0;all of this"
    assert terminal("a\nb\u202ec") == "a b⟦U+202E⟧c"


@given(st.text())
def test_terminal_leaves_no_control_character(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", terminal(text))


def test_an_empty_summary_in_words() -> None:
    assert (verdict_label(EMPTY), score_lines(EMPTY), set_aside(EMPTY)) == ("Pass", [], "")
    assert sizes(EMPTY) == ("0 documents", "0 segments")
    assert statuses(EMPTY) == ["0 reject", "0 review", "0 accept"]


def test_plural() -> None:
    assert [plural(n, "row") for n in (0, 1, 1204)] == ["0 rows", "1 row", "1,204 rows"]
