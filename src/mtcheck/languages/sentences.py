"""Split a text into sentences, keeping the offsets.

Both sides go the same way: lines first, then every full stop, question or exclamation mark is
looked at with what stands before and after it. The rules are our own; on the gold set in
tests/gold they are set against other splitters by ``python -m tests.benchmarks.segmentation``.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Sentence", "split_chinese", "split_english"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: ``whole[start:end] == text``, without outer space."""

    start: int
    end: int
    text: str


_CLOSERS = "”’\"'」』）)】］]》〉"
_CLOSING = re.escape(_CLOSERS)
# A line ends a sentence when it ends in a stop or colon, or is so short that it is a heading.
_LINE_END = re.compile(rf"[.!?:;。！？：；…][{_CLOSING}]*$")
_HEADING_WORDS = 6
# A word of English, or two Han characters, which come to about the same.
_WORD = re.compile(r"[㐀-鿿]{1,2}|[^\s㐀-鿿]+")
# An item of a list at the beginning of a line.
_ITEM = re.compile(
    r"\s*(?:[-*–—]\s|[•●▪◦■‣]|[①-⑳]|[(（]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[)）]"
    r"|\d{1,2}[.．、]\s?(?!\d)|[一二三四五六七八九十]{1,3}、)"
)
_BULLET = re.compile(r"(?<=\s)[•●▪◦■‣]")
_HAN = re.compile(r"[㐀-鿿]")
_PAIRS = {")": "(", "）": "（", "]": "[", "］": "［", "】": "【", "}": "{", "》": "《"}
_OPENING = frozenset(_PAIRS.values())
# A bracket that takes longer to close was most likely never meant to.
_ASIDE = 200
_SPACE = re.compile(r"\s*")

_ENGLISH_STOP = re.compile(rf"(?:[.!?…]+|[。！？]+)[{_CLOSING}]*")
_CHINESE_STOP = re.compile(
    rf"(?:[。！？…]+|[!?]+(?=\s|$|[{_CLOSING}㐀-鿿])|(?P<dot>\.)(?=\s|$|[{_CLOSING}㐀-鿿]))"
    rf"[{_CLOSING}]*"
)
_SEMICOLON = re.compile(r";(?=\s)|；")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands before a stop: the token back to the last space, bracket or slash.
_TOKEN = re.compile(r"[^\s(（\[/,，;；]*$")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,3}\.)+[A-Za-z]{1,3}")
# A sentence never ends with these,
_NEVER = _words(
    """
    dr mr mrs ms prof st mt fig figs eq eqs ref refs tab sec cf vs viz approx ca e.g i.e eg
    ie ft vol ed eds ch resp incl excl gen col lt capt gov sen rep rev hon messrs nos pp ver aka
    """
)
# with these only before a digit,
_BEFORE_DIGIT = _words(
    """
    no p art jan feb mar apr jun jul aug sep sept oct nov dec para cat lot
    """
)
# and with these only when the next word is one that opens sentences.
_SELDOM = _words(
    """
    al etc inc ltd co corp dept univ sp spp subsp var jr sr bros assoc natl intl est max min
    avg temp conc wt u.s u.k u.n e.u d.c ph.d m.d b.sc m.sc b.a m.a d.sc a.m p.m v.s w.r.t
    a.k.a n.b p.o i.v i.p s.c i.m q.d b.i.d t.i.d s.d s.e s.e.m u.s.a
    """
)
_OPENERS = _words(
    """
    The A An We In This These That Those It Its Our Their His Her They He She I You Here There
    To For From On At By With Without Within As If When While Whereas Although Though Because Since
    After Before During Among Between Under Over Of Both Each All Most Many Some Several Few No
    Not None Only Such Other Another However Moreover Furthermore Additionally Nevertheless
    Therefore Thus Hence Then Finally First Second Third Next Later Overall Also But And Or Yet So
    What Which Who Why How Where Is Are Was Were Do Does Did Can Could Should Results Result
    Methods Method Background Objective Objectives Aim Aims Purpose Conclusion Conclusions
    Findings Introduction Discussion Patients Participants Data Using Based Compared Given
    Despite Our Two Three Four Five Six Seven Eight Nine Ten One
    """
)
# A single capital that names a kind of thing is no initial: vitamin D, hepatitis B, type I.
_KINDS = _words(
    """
    vitamin vitamins hepatitis type types group groups grade class phase stage panel table figure
    factor protein influenza appendix plan model site arm cohort part section line point category
    level zone region strain serotype genotype subtype chromosome schedule option case step team
    ward unit block plot trial
    """
)
# A sentence may open in lower case with a name such as mRNA, pH, p53, iPSC, c-Myc, α-synuclein,
# or a quantity.
_LOWER_OPENER = re.compile(
    r"[a-z]{1,4}[A-Z0-9]|[a-z]-[A-Z]|[α-ω](?:-|\b)|[a-z]\s*[=<>≤≥]|[a-z]{2,3}-[A-Z0-9]"
)
# Straight on after the stop, without a space.
_GLUED = re.compile(r"[A-Z][a-z]*[ ,’'-]|[A-Z][a-z]+[.:]")
_GLUED_ACRONYM = re.compile(r"[A-Z]{2,}s? [a-z]")
_BEFORE_GLUE = re.compile(r"(?:[a-z]{3}|[A-Z]{2}|[0-9%°℃)\]”’\"])$")
_BEFORE_ACRONYM = re.compile(r"(?:[a-z]{3}|[%°℃)\]])$")
_ADDRESS = re.compile(r"://|@|^www\.|^doi|\.(?:com|org|net|edu|gov)\b", re.IGNORECASE)
# What follows a closed quotation within the same Chinese sentence, and what follows any stop.
_GOES_ON = re.compile(r"[与和及或是]|等(?!等)|[他她我你它]?们?[问说道答]")
_CHINESE_SKIP = re.compile(r"[，、；：,;]|的(?!确)")
_ROMAN = re.compile(r"[IVX]+")
_LATIN_BEFORE = re.compile(r"([A-Za-z]+)$")


def _trim(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    body = piece.strip()
    if not body:
        return None
    start += len(piece) - len(piece.lstrip())
    return Sentence(start, start + len(body), body)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses. Hard-wrapped lines are joined."""
    start = at = 0
    lines = text.splitlines(keepends=True)
    for line, after in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        at += len(line)
        sofar = text[start:at].strip()
        # Looking at more than the beginning would take quadratic time in a wrapped text.
        heading = len(sofar) < 200 and len(_WORD.findall(sofar)) <= _HEADING_WORDS
        heading = heading and not after[:1].islower()
        if not line.strip() or _LINE_END.search(sofar[-20:]) or heading or _ITEM.match(after):
            yield start, at
            start = at
    if start < len(text):
        yield start, len(text)


def _asides(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed stretches, opening to closing mark, in order."""
    found: list[tuple[int, int]] = []
    waiting: deque[int] = deque()
    for at, mark in enumerate(text):
        if mark in _OPENING:
            waiting.append(at)
        elif mark in _PAIRS:
            while waiting and at - waiting[0] > _ASIDE:
                waiting.popleft()
            opening = next((k for k in reversed(waiting) if text[k] == _PAIRS[mark]), None)
            if opening is not None:
                while waiting.pop() != opening:
                    pass
                while found and found[-1][0] > opening:
                    found.pop()
                found.append((opening, at))
    return found


def _openings(text: str) -> dict[int, int]:
    """For each place within brackets, where the outermost of them opens."""
    return {at: start for start, end in _asides(text) for at in range(start + 1, end)}


def _own_closers(text: str, start: int, stop: re.Match[str]) -> int:
    """The end of the stop with its closing marks, less a straight quote that opens the next."""
    for at in range(stop.start(), stop.end()):
        opens = text[at] == '"' and not text[at + 1 : at + 2].isspace() and at + 1 < len(text)
        if opens and text.count('"', start, at) % 2 == 0:
            return at
    return stop.end()


def _english_cuts(text: str) -> Iterator[int]:
    start, inside = 0, _openings(text)
    for stop in _ENGLISH_STOP.finditer(text):
        end = _own_closers(text, start, stop)
        opening = inside.get(end - 1)
        if opening is not None and not _SPACE.fullmatch(text, start, opening):
            continue  # the sentence goes on after the bracket
        if not _ends_english(text, start, stop.start(), end):
            continue
        start = end
        yield end


def _ends_english(text: str, start: int, at: int, end: int) -> bool:
    """Whether the stop at ``[at, end)`` of a sentence begun at ``start`` ends it."""
    after = text[end : end + 40]
    rest = after.lstrip()
    if text[at] in "。！？" or not rest:
        return True
    window = text[max(start, at - 80) : at]
    token = _TOKEN.search(window)
    before = token[0].strip("“‘\"'") if token else ""
    if not after[0].isspace():
        return _glued(before, text[at:end], after)
    if at - start < 8 and text[start:at].strip(" (（").isdigit():
        return False  # the number of a list item
    if rest[0].islower():
        return text[at] == "." and _LOWER_OPENER.match(rest) is not None
    if text[at] != "." or end - at > 1:
        return True
    return not _abbreviated(before, rest, window)


def _glued(before: str, stop: str, after: str) -> bool:
    """Whether a new sentence begins straight after a stop."""
    word = before.lower()
    if word in _NEVER or word in _SELDOM or _ADDRESS.search(before):
        return False
    ending = before + stop.rstrip(".!?…").lstrip(".!?…")
    if _GLUED_ACRONYM.match(after):
        return _BEFORE_ACRONYM.search(ending) is not None
    return _GLUED.match(after) is not None and _BEFORE_GLUE.search(ending) is not None


def _abbreviated(before: str, rest: str, window: str) -> bool:
    """Whether the full stop after ``before`` belongs to an abbreviation rather than ends."""
    word = before.lower()
    if word in _NEVER:
        return True
    if word in _BEFORE_DIGIT:
        return rest[0].isdigit()
    opener = re.match(r"[A-Za-z]+", rest)
    opens = opener is not None and opener[0] in _OPENERS
    if word in _SELDOM or _DOTTED.fullmatch(before):
        return not opens
    if len(before) == 1 and before.isalpha():
        words = window[: -len(before)].split()
        return not opens and not (words and words[-1].lower() in _KINDS)
    return False


def _chinese_cuts(text: str) -> Iterator[int]:
    start, inside = 0, _openings(text)
    for stop in _CHINESE_STOP.finditer(text):
        end = _own_closers(text, start, stop)
        opening = inside.get(end - 1)
        if opening is not None and not _SPACE.fullmatch(text, start, opening):
            continue
        if text[end - 1] == "》" or _CHINESE_SKIP.match(text, end):
            continue
        if text[end - 1] in '”’」』"' and _GOES_ON.match(text, end):
            continue
        if stop["dot"]:
            before = text[max(start, stop.start() - 40) : stop.start()]
            word = _LATIN_BEFORE.search(before)
            if word and (
                len(word[1]) == 1
                or _ROMAN.fullmatch(word[1])
                or (len(word[1]) < 3 and not word[1].isupper())
                or word[1].lower() in _NEVER | _SELDOM | _BEFORE_DIGIT
            ):
                continue  # E. coli, et al., initials
            if len(before) < 8 and before.strip(" (（").isdigit():
                continue  # a list number
        start = end
        yield end


@functools.lru_cache(maxsize=4096)
def split_english(text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
    """The sentences of an English text, in order; empty for blank text.

    ``semicolon_splits`` makes a semicolon outside brackets end a sentence too.
    """
    return _split(text, chinese=False, semicolons=semicolon_splits)


@functools.lru_cache(maxsize=4096)
def split_chinese(text: str, *, semicolon_splits: bool = False) -> tuple[Sentence, ...]:
    """The sentences of a Chinese text, in order; empty for blank text.

    A line without any Han character was left untranslated and is split as English.
    """
    return _split(text, chinese=True, semicolons=semicolon_splits)


def _split(text: str, *, chinese: bool, semicolons: bool) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    for start, end in _lines(text):
        line = text[start:end]
        han = chinese and _HAN.search(line)
        cuts = set(_chinese_cuts(line) if han else _english_cuts(line))
        cuts |= {bullet.start() for bullet in _BULLET.finditer(line)}
        if semicolons:
            inside = _openings(line)
            cuts |= {s.end() for s in _SEMICOLON.finditer(line) if s.start() not in inside}
        last = 0
        for cut in (*sorted(cuts), len(line)):
            sentence = _trim(text, start + last, start + cut)
            last = cut
            if sentence:
                found.append(sentence)
    return tuple(found)
