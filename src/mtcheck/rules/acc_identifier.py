"""ACC015 identifier-changed: a DOI, URL, trial number … is lost or altered."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.rules import Draft, finding, rule, suggested
from mtcheck.text.verbatim import Identifier, identifiers
from mtcheck.types import Segment, Span

__all__ = ["identifier_changed"]


@rule(
    "ACC015",
    "identifier-changed",
    chinese="标识符改动",
    category="accuracy/mistranslation",
    severity="major",
    group="names",
    languages="*",
    mend=suggested,
    risky=True,
)
def identifier_changed(segment: Segment) -> Iterator[Draft]:
    """A DOI, PMID, trial or accession number, sequence variant, URL or address is lost or altered.

    What it does
        Compares the identifiers of the two sides by kind, sequence variants in the notation of
        the HGVS among them (c.1799T>A; p.Val600Glu, which p.V600E equals). One that the
        hypothesis lacks is reported as changed when an unknown one of the same kind stands
        there, else as lost; one that the source lacks is reported as added. Case in host names,
        DOIs and e-mail addresses, the scheme of a URL and spaces do not count.

    Why it matters
        An identifier is there to be followed. One wrong character and it leads nowhere, or to
        another paper, data set or trial.

    Example
        source: Registration: NCT01234567.
        hypothesis: 注册号：NCT01234576。

    What to do
        Copy the identifier from the source.
    """
    if not segment.source or not segment.hypothesis:
        return
    wanted = identifiers(segment.source)
    have = identifiers(segment.hypothesis)
    if not wanted and not have:
        return
    squeezed = _squeeze(segment.hypothesis)
    keys = {i.key for i in wanted}
    known = {i.key for i in have}
    strangers = [i for i in have if i.key not in keys]
    for identifier in wanted:
        if identifier.key in known or _squeeze(identifier.key) in squeezed:
            continue
        other = next((s for s in strangers if s.kind == identifier.kind), None)
        if other is not None:
            strangers.remove(other)
            yield finding(
                f"{identifier.kind} {identifier.text} became {other.text}",
                Span("source", identifier.start, identifier.end),
                Span("hypothesis", other.start, other.end),
                suggestion=identifier.text,
            )
        else:
            yield finding(
                f"{identifier.kind} {identifier.text} is missing",
                Span("source", identifier.start, identifier.end),
            )
    for other in strangers:
        yield _added(other)


def _added(other: Identifier) -> Draft:
    return finding(
        f"{other.kind} {other.text} is not in the source",
        Span("hypothesis", other.start, other.end),
    )


def _squeeze(text: str) -> str:
    return "".join(text.split()).lower()
