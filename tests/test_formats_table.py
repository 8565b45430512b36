"""The README's tables of formats are made of the readers and writers.

``python -m tests.test_formats_table`` renews them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.readers import OneSided, Reader
from mtcheck.registry import discover
from mtcheck.reporters.folder import all_formats
from tests.conftest import ROOT

README = ROOT / "README.md"
TABLES = re.compile(
    r"(<!-- formats: made by tests/test_formats_table.py -->\n).*?(<!-- end -->)", re.S
)


def tables() -> str:
    """Both tables in Markdown."""
    return "\n".join([*_read(), "", *_written()]) + "\n"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _read() -> Iterator[str]:
    yield "| read | suffixes | what it is | |"
    yield "| --- | --- | --- | --- |"
    for reader in discover("readers", Reader).values():
        about = "`--write-back`" if reader.annotate else ""
        about = f"`--reader {reader.key}`" if reader.only_asked else about
        yield f"| {reader.key} | {_listed(reader.suffixes)} | {reader.description} | {about} |"
    for form in discover("readers", OneSided).values():
        pair = "two files: `--source`, `--hypothesis`"
        yield f"| {form.key} | {_listed(form.suffixes)} | {form.description} | {pair} |"


def _written() -> Iterator[str]:
    yield "| `--format` | files of the report folder |"
    yield "| --- | --- |"
    for key, form in all_formats().items():
        yield f"| `{key}` | {_listed(form.files)} |"


def test_the_readme_s_tables_are_those_of_the_code() -> None:
    text = README.read_text(encoding="utf-8")
    assert TABLES.search(text)
    assert TABLES.sub(lambda m: m[1] + tables() + m[2], text) == text


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLES.sub(lambda m: m[1] + tables() + m[2], text), encoding="utf-8")
