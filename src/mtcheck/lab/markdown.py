"""What the tables of figures share: lines of Markdown, shares and intervals in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["interval", "share", "table"]


def table(head: str, rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table. ``head``: the columns, parted by ``|``; ``>`` before one of numbers."""
    columns = [name.strip() for name in head.split("|")]
    yield _line(name.removeprefix(">").strip() for name in columns)
    yield _line("---:" if name.startswith(">") else "---" for name in columns)
    for row in rows:
        yield _line(str(cell).replace("|", "\\|") for cell in row)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def share(value: float | None) -> str:
    """A proportion with two decimals; a dash for none."""
    return "–" if value is None else f"{value:.2f}"


def interval(ends: tuple[float, float] | None) -> str:
    """An interval with two decimals; a dash for none."""
    return "–" if ends is None else f"{ends[0]:.2f}–{ends[1]:.2f}"
