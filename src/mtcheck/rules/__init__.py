"""QA rules: the interface here, one rule per file beside it.

A rule is a function from a segment (or a whole document) to findings::

    @rule("ACC005", "number-mismatch", category="accuracy/mistranslation", severity="major")
    def number_mismatch(segment: Segment) -> Iterator[Draft]:
        '''A number in the source is absent from the hypothesis, or the reverse. …'''
        yield finding("…", Span("source", 3, 5))

The decorator turns it into a :class:`Rule`, which the registry finds by file. A rule that needs
settings asks for them: each keyword-only parameter is filled with the setting of its name, as in
``def forbidden_term(segment: Segment, *, glossary: str)``. A rule of scope
``"batch"`` sees a whole run through counts alone: its ``facts`` give a small counter for each
segment, the pipeline sums them over all documents, and the rule then judges each segment by
the sums. So it needs no list of segments, and the result does not depend on their order.

The first line of the docstring is the summary that ``mtcheck rules`` lists; the rest is the
page that ``mtcheck rules ACC005`` prints.
"""

from __future__ import annotations

import difflib
import fnmatch
import functools
import hashlib
import inspect
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from mtcheck.config import Config, Setting
from mtcheck.errors import MtcheckError, RuleError
from mtcheck.registry import discover
from mtcheck.rules._evidence import TrackRecord, evidence
from mtcheck.text.markup import bare
from mtcheck.text.parses import cached
from mtcheck.types import Finding, Need, Segment, Severity, Span

__all__ = [
    "CONFIRMED_CODE",
    "CRASH_CODE",
    "MODEL_CODE",
    "Draft",
    "Mend",
    "Rule",
    "SharedDocument",
    "Totals",
    "TrackRecord",
    "all_rules",
    "document_mark",
    "find",
    "finding",
    "fingerprint",
    "needed",
    "rule",
    "selected",
    "suggested",
    "weighs",
]

CRASH_CODE = "INT001"
CONFIRMED_CODE = "HUM001"
"""The finding of an error that a reviewer confirmed and no rule told of."""
MODEL_CODE = "LLM001"
"""The finding of a language model, which weighs nothing unless that is asked for."""
_CODE = re.compile(r"[A-Z]{3}\d{3}")
_ROW_NUMBER = re.compile(r"[-#]\d+")

Scope = Literal["segment", "document", "batch"]
Totals = Mapping[str, int]
"""What a batch rule counts, by key: of one segment, or summed over a run."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule yields: a finding without the rule's own particulars.

    ``at`` is the position in the document of the segment it belongs to (document rules only);
    ``severity`` overrides the rule's own.
    """

    message: str
    spans: tuple[Span, ...] = ()
    suggestion: str = ""
    severity: Severity | None = None
    confidence: float = 1.0
    at: int = 0


def finding(
    message: str,
    *spans: Span,
    suggestion: str = "",
    severity: Severity | None = None,
    confidence: float = 1.0,
    at: int = 0,
) -> Draft:
    """Build a draft; spans are half-open code-point offsets into the segment's two sides."""
    return Draft(message, tuple(spans), suggestion, severity, confidence, at)


# Beyond its arguments (a segment; a document; a segment and totals) a check may ask for settings.
Check = Callable[..., Iterable[Draft]]
Facts = Callable[..., Totals]


Mend = Callable[[str, int, int, str], str]
"""From the hypothesis, a span in it and the suggestion to what is to stand there."""


class SharedDocument(tuple[Segment, ...]):
    """The segments of a document, with what all rules read of them made once.

    Whoever runs many rules on a document makes one of it; a rule takes any sequence. It keeps
    what each rule found under which settings: whoever asks again does not run it again.
    """

    @functools.cached_property
    def found(self) -> dict[tuple[Rule, str], list[tuple[int, Finding]]]:
        """What rules found, by the rule and the settings that it read."""
        return {}

    @functools.cached_property
    def bare(self) -> tuple[Segment, ...]:
        """The segments without the formatting of their texts."""
        return tuple(map(_bare, self))

    @functools.cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of languages that occur."""
        return frozenset(s.languages for s in self)


@dataclass(frozen=True)
class Rule:
    """A QA rule. ``key`` is its code; ``preview`` rules run only when asked for.

    ``chinese`` is its name in the Chinese report. ``group``: the witness of the risk that its
    findings belong to, ``""`` if the risk does not weigh them. ``aims``: the subcategories of
    human marks (Bio-MQM's names) that it is meant to find, for its recall; a rule that covers
    only a corner of one names none. ``by_segment``: it speaks of what is missing or of the
    segment as a whole, so that its spans only say where to look. ``languages``: the pairs of
    source and hypothesis that it is for, as a pattern: ``"en-zh"``, ``"*-zh"``, ``"*"``; it is
    silent about segments of others. ``needs``: what it reads that is measured only for those
    who ask. ``version`` is raised when it comes to find other things, since a risk model weighs
    it as it was. ``mend``: what to write in the place of a span of a finding, for those rules
    whose finding says that; ``risky``: a person should look at what is written.
    """

    key: str
    name: str
    category: str
    severity: Severity
    check: Check | None = None
    check_document: Check | None = None
    check_batch: Check | None = None
    facts: Facts | None = None
    preview: bool = False
    chinese: str = ""
    group: str = ""
    aims: tuple[str, ...] = ()
    by_segment: bool = False
    languages: str = "en-zh"
    needs: tuple[Need, ...] = ()
    version: int = 1
    mend: Mend | None = None
    risky: bool = False

    def is_for(self, segment: Segment) -> bool:
        """Whether the rule is for the segment's pair of languages."""
        return _matches(segment.languages, self.languages)

    @property
    def origin(self) -> str:
        """The name of the module that it is defined in."""
        check = self.check or self.check_document or self.check_batch
        return "" if check is None else check.__module__

    @property
    def scope(self) -> Scope:
        """``"segment"``, ``"document"`` or ``"batch"``."""
        if self.check_batch is not None:
            return "batch"
        return "segment" if self.check is not None else "document"

    @property
    def page(self) -> str:
        """The rule's documentation: what it does, why it matters, an example, what was measured."""
        page = inspect.getdoc(self.check or self.check_document or self.check_batch) or ""
        said = self.evidence.sentences() if self.evidence else "Not measured yet."
        return f"{page}\n\nMeasured\n{textwrap.fill(said, 96)}"

    @property
    def evidence(self) -> TrackRecord | None:
        """What was measured of the rule; None for one that was not measured yet."""
        return evidence().get(self.key)

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]

    def count(self, document: Sequence[Segment], config: Config) -> Counter[str]:
        """What a batch rule needs to know of a document, to be summed over a run; else nothing."""
        totals: Counter[str] = Counter()
        for segment in self._read(SharedDocument(document)) if self.facts is not None else ():
            if not self.is_for(segment):
                continue
            try:
                totals.update(self._facts(segment, config))
            except MtcheckError:
                raise
            except _BROKEN:  # run() tells of it when it judges the segment
                continue
        return totals

    def run(
        self, document: Sequence[Segment], config: Config, totals: Totals | None = None
    ) -> list[tuple[int, Finding]]:
        """Findings of this rule on one document, each with the index of its segment.

        ``totals`` are for a batch rule: the sums of :meth:`count` over the run. Without them
        the document stands for the run.

        A rule that raises does not stop the run: it yields an ``INT001`` finding that names
        the rule and the error, and the pipeline turns it into exit code 2.

        Rules of accuracy and terminology (``ACC``, ``TER``) read the text without its
        formatting, as a reader sees it; their spans are of the text as it is.
        """
        reading = document if isinstance(document, SharedDocument) else SharedDocument(document)
        if totals is not None:
            return self._find(reading, config, totals)
        asked = self, repr(self._read_of(config))
        if asked not in reading.found:
            reading.found[asked] = self._find(reading, config, None)
        return reading.found[asked]

    def _read_of(self, config: Config) -> tuple[Setting, ...]:
        """All that decides what the rule finds, beside the document: its settings' values."""
        checks = (self.check, self.check_document, self.check_batch, self.facts)
        own = (v for check in checks if check for v in _settings(check, config).values())
        return self._override(config), *own

    def _override(self, config: Config) -> str | None:
        return config.severity.get(self.key) or config.severity.get(self.name)

    def _find(
        self, reading: SharedDocument, config: Config, totals: Totals | None
    ) -> list[tuple[int, Finding]]:
        fits = _fits(reading.pairs, self.languages)
        if fits == "none":
            return []
        if self.check is not None:
            return self._of_segments(reading, config, one_pair=fits == "all")
        read = self._read(reading)
        if self.check_document is not None:
            return self._guarded(reading, config, self._of_document(read, config), 0)
        found: list[tuple[int, Finding]] = []
        totals = self.count(reading, config) if totals is None else totals
        for i, segment in enumerate(read):
            if self.is_for(segment):
                drafts = self._of_batch(segment, totals, config, i)
                found += self._guarded(reading, config, drafts, i)
        return found

    def _of_segments(
        self, reading: SharedDocument, config: Config, *, one_pair: bool
    ) -> list[tuple[int, Finding]]:
        """What a rule of scope ``"segment"`` finds. It is called so often that calls count."""
        assert self.check is not None
        check, settings = self.check, _settings(self.check, config)
        found: list[tuple[int, Finding]] = []
        for i, segment in enumerate(self._read(reading)):
            if one_pair or self.is_for(segment):
                try:
                    drafts = list(check(segment, **settings))
                    if drafts:
                        found += [(i, self._finish(reading[i], d, config)) for d in drafts]
                except MtcheckError:  # such as a glossary that can't be read: the user's to mend
                    raise
                except _BROKEN as error:  # a broken rule must not lose the user's run
                    found.append((i, self._crash(reading[i], error)))
        return found

    def _read(self, reading: SharedDocument) -> Sequence[Segment]:
        return reading.bare if self._bare else reading

    @functools.cached_property
    def _bare(self) -> bool:
        return self.key.startswith(("ACC", "TER"))

    def _facts(self, segment: Segment, config: Config) -> Totals:
        if self.facts is None:
            return {}
        return self.facts(segment, **_settings(self.facts, config))

    def _of_batch(
        self, segment: Segment, totals: Totals, config: Config, at: int
    ) -> Iterator[Draft]:
        # A segment that says nothing to count is nothing to judge.
        if self.check_batch is not None and self._facts(segment, config):
            for draft in self.check_batch(segment, totals, **_settings(self.check_batch, config)):
                yield replace(draft, at=at)

    def _of_document(self, document: Sequence[Segment], config: Config) -> Iterator[Draft]:
        if self.check_document is not None:
            yield from self.check_document(document, **_settings(self.check_document, config))

    def _guarded(
        self, document: Sequence[Segment], config: Config, drafts: Iterator[Draft], at: int
    ) -> list[tuple[int, Finding]]:
        try:
            return [(d.at, self._finish(_at(document, d.at), d, config)) for d in drafts]
        except MtcheckError:  # such as a glossary that can't be read: the user's to mend
            raise
        except _BROKEN as error:  # a broken rule must not lose the user's run
            return [(at, self._crash(document[at], error))]

    def _finish(self, segment: Segment, draft: Draft, config: Config) -> Finding:
        if self._bare:
            draft = _marked(segment, draft)
        for span in draft.spans:
            if span.end > len(segment.text(span.side)):
                raise ValueError(f"span outside the {span.side}: {span}")
        override = self._override(config)
        severity = self.severity if draft.severity is None else draft.severity
        if override:
            severity = Severity.parse(override)
        return Finding(
            code=self.key,
            name=self.name,
            category=self.category,
            severity=severity,
            message=draft.message,
            spans=draft.spans,
            suggestion=draft.suggestion,
            confidence=draft.confidence,
            fingerprint=fingerprint(self.key, segment, draft.spans),
        )

    def _crash(self, segment: Segment, error: BaseException) -> Finding:
        message = f"rule {self.key} {self.name} crashed: {type(error).__name__}: {error}"
        return Finding(
            CRASH_CODE,
            "rule-crashed",
            "internal",
            Severity.NEUTRAL,
            message,
            confidence=0.0,
            fingerprint=fingerprint(CRASH_CODE + self.key, segment, ()),
        )


_BROKEN = (Exception, SystemExit)
"""What a rule may raise: one that would end the program, and pass it, is as broken."""


def _at(document: Sequence[Segment], at: int) -> Segment:
    if at < 0:
        raise IndexError(f"no segment {at}")
    return document[at]


def _bare(segment: Segment) -> Segment:
    """The segment without the formatting of its texts; itself where there is none."""
    source, hypothesis = bare(segment.source), bare(segment.hypothesis)
    if source is None and hypothesis is None:
        return segment
    sides = {"source": source, "hypothesis": hypothesis}
    uncovered = (
        s if (b := sides[s.side]) is None else Span(s.side, b.inner(s.start), b.inner(s.end))
        for s in segment.uncovered
    )
    return replace(
        segment,
        source=source.text if source else segment.source,
        hypothesis=hypothesis.text if hypothesis else segment.hypothesis,
        uncovered=tuple(uncovered),
    )


def _marked(segment: Segment, draft: Draft) -> Draft:
    """A draft about the bare segment, with its spans in the segment as it is."""
    moved = tuple(
        s if (b := bare(segment.text(s.side))) is None else Span(s.side, *b.place(s.start, s.end))
        for s in draft.spans
    )
    return draft if moved == draft.spans else replace(draft, spans=moved)


@functools.cache
def _matches(languages: tuple[str, str], pattern: str) -> bool:
    return fnmatch.fnmatchcase("-".join(languages), pattern)


@functools.cache
def _fits(pairs: frozenset[tuple[str, str]], pattern: str) -> Literal["all", "some", "none"]:
    """Of how many pairs of languages a rule for ``pattern`` speaks."""
    fitting = sum(_matches(pair, pattern) for pair in pairs)
    return "none" if not fitting else "all" if fitting == len(pairs) else "some"


@functools.cache
def _asked_for(check: Callable[..., object]) -> tuple[str, ...]:
    """The settings that a check asks for by keyword. Raises RuleError for one there is not."""
    asked = tuple(
        name
        for name, parameter in inspect.signature(check).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    )
    for name in asked:
        if name not in Config.__dataclass_fields__:
            raise RuleError(f"a rule asks for {name!r}, which is no setting")
    return asked


def _settings(check: Callable[..., object], config: Config) -> dict[str, Setting]:
    asked = _asked_for(check)
    return {name: getattr(config, name) for name in asked} if asked else {}


def weighs(code: str, config: Config, *, confirmed: bool) -> bool:
    """Whether a finding counts in statuses and gates: all do but unconfirmed ones of a model."""
    return code != MODEL_CODE or confirmed or config.judge_gates


def fingerprint(code: str, segment: Segment, spans: Sequence[Span]) -> str:
    """A hash of document, rule and marked text: 16 hex digits.

    The first eight name the document (:func:`document_mark`), the last eight the rule and the
    text under its spans, blind to case, width and white space. Offsets, row numbers, the rest
    of the segment and its neighbours are left out, so it survives reordering and edits
    elsewhere. Where no text is marked the hypothesis stands in for it, or the source where
    that is empty. Equal findings of one document share it: whoever compares must count.
    """
    marked = [f"{s.side}:{_digest(segment.text(s.side)[s.start : s.end])}" for s in spans]
    if all(s.start == s.end for s in spans):
        marked = [_digest(segment.hypothesis or segment.source)]
    content = "\x1f".join([code, *marked])
    system = segment.metadata.get("system")
    document = document_mark(
        segment.doc_id,
        path=segment.path,
        system="" if system is None else str(system),
        text=segment.source or segment.hypothesis,
    )
    return document + hashlib.sha256(content.encode()).hexdigest()[:8]


def document_mark(doc_id: str, *, path: str, system: str, text: str) -> str:
    """Eight hex digits for a document: its id and the system, if there is one.

    Readers name rows without an id by file and row number. Such a name says nothing of the
    row once rows move, so the segment's ``text`` stands in for it.
    """
    stem = PurePath(path).stem or "row"
    if doc_id.startswith(stem) and _ROW_NUMBER.fullmatch(doc_id, len(stem)):
        doc_id = _digest(text)
    mark = f"{doc_id}\x1f{system}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(mark).hexdigest()[:8]


@cached
def _digest(text: str) -> str:
    """A hash of a text, blind to case, width and white space."""
    normal = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def rule(
    code: str,
    name: str,
    *,
    category: str,
    severity: str,
    scope: Scope = "segment",
    facts: Facts | None = None,
    preview: bool = False,
    chinese: str = "",
    group: str = "",
    aims: tuple[str, ...] = (),
    by_segment: bool = False,
    languages: str = "en-zh",
    needs: tuple[Need, ...] = (),
    version: int = 1,
    mend: Mend | None = None,
    risky: bool = False,
) -> Callable[[Check], Rule]:
    """Declare a rule; one of scope ``"batch"`` with its ``facts``. :class:`Rule` tells the rest.

    The check takes a segment, a document (a sequence of segments) or, of scope ``"batch"``, a
    segment and the totals; settings it needs are keyword-only parameters of their name.
    Raises RuleError for a malformed code and for a setting that there is not.
    """
    if not _CODE.fullmatch(code):
        raise RuleError(f"rule code {code!r} is not three capitals and three digits")
    level = Severity.parse(severity)

    def made(check: Check) -> Rule:
        for asking in (check, facts):
            if asking is not None:
                _asked_for(asking)
        return Rule(
            code,
            name,
            category,
            level,
            check=check if scope == "segment" else None,
            check_document=check if scope == "document" else None,
            check_batch=check if scope == "batch" else None,
            facts=facts,
            preview=preview,
            chinese=chinese,
            group=group,
            aims=aims,
            by_segment=by_segment,
            languages=languages,
            needs=needs,
            version=version,
            mend=mend,
            risky=risky,
        )

    return made


def suggested(_text: str, _start: int, _end: int, suggestion: str) -> str:
    """The :data:`Mend` of a rule whose suggestion takes the place of each span."""
    return suggestion


def all_rules() -> dict[str, Rule]:
    """Every installed rule by code, sorted by code."""
    return dict(sorted(discover("rules", Rule).items()))


def find(name: str) -> Rule:
    """The rule of that code (in any case) or name. Raises RuleError, naming the nearest."""
    rules = all_rules()
    for r in rules.values():
        if name.upper() == r.key or name.lower() == r.name:
            return r
    known = [n for r in rules.values() for n in (r.key, r.name)]
    near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(
        name.upper(), known, n=1
    )
    hint = f"; did you mean {near[0]}?" if near else "; `mtcheck rules` lists them"
    raise RuleError(f"no rule is called {name!r}{hint}")


def needed(rules: Iterable[Rule]) -> frozenset[Need]:
    """What the rules together read that is measured only if somebody asks."""
    return frozenset(need for r in rules for need in r.needs)


def selected(config: Config) -> list[Rule]:
    """The rules that ``select``, ``ignore`` and ``preview`` leave on, sorted by code.

    An entry is a code (``ACC005``), a prefix of codes (``ACC``) or a name
    (``number-mismatch``). Naming a preview rule in full switches it on. Without
    ``similarity`` the rules that read it are off.
    Raises RuleError for an entry that matches nothing, and for a rule named that can't run.
    """
    rules = all_rules()

    def matches(entry: str, r: Rule) -> bool:
        return r.name == entry or r.key.startswith(entry)

    for entry in (*config.select, *config.ignore, *config.severity):
        if not any(matches(entry, r) for r in rules.values()):
            raise RuleError(f"no rule matches {entry!r}; `mtcheck rules` lists them")
    chosen = []
    for r in rules.values():
        named = r.key in config.select or r.name in config.select
        wanted = named or not config.select or any(matches(e, r) for e in config.select)
        if r.preview and not (config.preview or named):
            wanted = False
        if not config.similarity and "similarity" in r.needs:
            if named:
                raise RuleError(f"{r.key} reads the similarity; leave out --no-similarity")
            wanted = False
        if wanted and not any(matches(e, r) for e in config.ignore):
            chosen.append(r)
    return chosen
