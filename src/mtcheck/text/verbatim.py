"""Stretches that a translation takes over letter by letter: addresses, identifiers, markup, code.

Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtcheck.text.parses import cached
from mtcheck.text.zones import Zones

__all__ = ["Identifier", "IdentifierKind", "identifiers", "verbatim"]

IdentifierKind: TypeAlias = Literal[
    "URL", "e-mail address", "DOI", "PMID", "trial number", "accession number", "variant"
]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier: its text, half-open offsets, and ``key``, the form to compare by."""

    text: str
    start: int
    end: int
    kind: IdentifierKind
    key: str


# The lower bound of each pattern is a literal, so that scanning stays linear.
_URL_CHARS = r"[A-Za-z0-9\-._~:/?#@!$&*+;=%]"
_PATTERNS: tuple[tuple[IdentifierKind, re.Pattern[str]], ...] = (
    ("DOI", re.compile(r"\b10\.\d{4,9}/[A-Za-z0-9\-._;()/:]{1,200}")),
    (
        "URL",
        re.compile(
            rf"(?:https?|ftp)://{_URL_CHARS}{{1,500}}|\bwww\.[A-Za-z0-9-]{{1,63}}\.{_URL_CHARS}{{1,500}}"
        ),
    ),
    (
        "e-mail address",
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.-]{1,100}"
        ),
    ),
    ("PMID", re.compile(r"\b(?:PMID|PMCID)[:：]?\s{0,3}((?:PMC)?\d{4,9})\b")),
    (
        "trial number",
        re.compile(
            r"(?<![A-Za-z0-9])(?:NCT\d{6,10}|ISRCTN\d{6,10}|ChiCTR[A-Za-z0-9-]{6,20}"
            r"|CRD\d{8,13}|ACTRN\d{10,16}|UMIN\d{6,12}|EudraCT\s?\d{4}-\d{6}-\d{2})(?![A-Za-z0-9])"
        ),
    ),
    (
        "accession number",
        re.compile(
            r"(?<![A-Za-z0-9])(?:GSE\d{3,7}|GSM\d{4,8}|PRJ[A-Z]{2}\d{4,8}|[SED]RR\d{5,9}"
            r"|[SED]RP\d{5,9}|PXD\d{6}|[NX][MPR]_\d{6,9}(?:\.\d{1,2})?|rs\d{3,10}"
            r"|E-MTAB-\d{2,6}|HGNC:\d{1,6}|CAS\s?\d{2,7}-\d{2}-\d)(?![A-Za-z0-9])"
        ),
    ),
    (
        "variant",  # HGVS: c.1799T>A, c.76_77insT, c.88+2T>G, p.(Val600Glu), p.R175H, m.3243A>G
        re.compile(
            r"(?<![A-Za-z0-9.])(?:[cgmnr]\.[-*]?\d{1,9}(?:[+-]\d{1,5})?(?:_[-*]?\d{1,9}(?:[+-]\d{1,5})?)?"
            r"(?:[ACGTUacgu]{1,9}>[ACGTUacgu]{1,9}|(?:del|dup|ins|inv)[ACGTdelins0-9]{0,30})"
            r"|p\.\(?(?:[A-Z][a-z]{2}|[A-Z*])\d{1,5}(?:_(?:[A-Z][a-z]{2}|[A-Z])\d{1,5})?"
            r"(?:[A-Z][a-z]{2}(?![a-z])|[A-Z*=]|del|dup|ins)(?:fs)?[A-Za-z0-9*]{0,12}\)?)"
        ),
    ),
)
_AMINO_ACIDS = {
    "ala": "a", "arg": "r", "asn": "n", "asp": "d", "cys": "c", "gln": "q", "glu": "e", "gly": "g",
    "his": "h", "ile": "i", "leu": "l", "lys": "k", "met": "m", "phe": "f", "pro": "p", "ser": "s",
    "thr": "t", "trp": "w", "tyr": "y", "val": "v", "ter": "*",
}  # fmt: skip
_RESIDUE = re.compile("|".join(_AMINO_ACIDS))
# A letter or a sign that every identifier has: lets a text without one go by unread.
_ANY_IDENTIFIER = re.compile(
    r"10\.\d|://|www\.|@|PMC?ID|NCT|ISRCTN|ChiCTR|CRD|ACTRN|UMIN|EudraCT"
    r"|GS[EM]\d|PRJ|[SED]R[RP]\d|PXD|[NX][MPR]_|rs\d|MTAB|HGNC|CAS|[cgmnr]\.[-*]?\d|p\.\(?[A-Z]"
)


@cached
def identifiers(text: str) -> tuple[Identifier, ...]:
    """The identifiers in ``text``, in order, without overlaps (an earlier kind wins).

    The full stop, comma or bracket that closes a sentence is no part of an identifier.
    """
    if not _ANY_IDENTIFIER.search(text):
        return ()
    found: list[Identifier] = []
    taken = Zones(())
    for kind, pattern in _PATTERNS:
        of_kind: list[Identifier] = []
        for m in pattern.finditer(text):
            end = m.start() + len(_closed(m.group()))
            if m.start() < end and not taken.touch(m.start(), end):
                value = text[m.start() : end]
                of_kind.append(Identifier(value, m.start(), end, kind, _key(kind, value)))
        if of_kind:
            found += of_kind
            taken = Zones((i.start, i.end) for i in found)
    return tuple(sorted(found, key=lambda i: i.start))


def _closed(value: str) -> str:
    value = value.rstrip(".,;:!?-_/#&")
    while value.endswith(")") and value.count(")") > value.count("("):
        value = value[:-1].rstrip(".,;:!?-_/")
    return value


def _key(kind: IdentifierKind, value: str) -> str:
    if kind == "PMID":
        return "".join(c for c in value if c.isdigit())
    if kind == "URL":
        bare = re.sub(r"^(?:https?|ftp)://", "", value).removeprefix("www.")
        host, slash, path = bare.partition("/")
        return host.lower() + slash + path
    if kind in ("DOI", "e-mail address"):
        return value.lower()
    if kind == "variant":
        bare = value.lower().replace("(", "").replace(")", "")
        # p.Val600Glu and V600E are one change
        return _RESIDUE.sub(lambda m: _AMINO_ACIDS[m[0]], bare[2:]) if bare[0] == "p" else bare
    return value.upper().replace(" ", "")


_MARKUP = re.compile(
    r"</?[A-Za-z][^<>\n]{0,200}>"  # tags
    r"|&(?:#\d{1,6}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,10});"  # entities
    r"|\$[^$\n\u4e00-\u9fff]{1,200}\$|\\[A-Za-z]{1,30}(?:\{[^{}\n]{0,100}\})?"  # LaTeX
    r"|`[^`\n]{1,200}`|\{[^{}\n\u4e00-\u9fff]{1,60}\}|%\([a-z_]{1,30}\)[sd]"  # code, placeholders
    r"|(?<![A-Za-z0-9])[@#$][A-Za-z0-9_.]{1,60}"  # handles, hashtags, tickers
    r"|(?<![A-Za-z0-9.-])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}"
    r"\.(?:com|org|net|edu|gov|cn|io|uk|de|jp)\b(?:/[A-Za-z0-9\-._~/?#=&%]{0,300})?"  # bare hosts
)


@cached
def verbatim(text: str) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of identifiers, markup, entities, LaTeX, code, placeholders and handles."""
    zones = [(i.start, i.end) for i in identifiers(text)]
    zones += [(m.start(), m.end()) for m in _MARKUP.finditer(text)]
    return tuple(sorted(zones))
