"""A page of an abstracts site, as a text dump or as HTML: one document a page.

The page holds a JSON record with the English ``abstract`` (and, nested as text in
``resultStr``, the English title), and the Chinese abstract after a line ``摘要``, up to the
site's disclaimer that a machine translated it, or to the English title or abstract.
"""

from __future__ import annotations

import bisect
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

from mtcheck.config import Config
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._text import read_text

__all__ = ["READER"]

_HTML = (".html", ".htm", ".xhtml")
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "img", "label", "mark", "q"}
    | {"s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_HIDDEN = ("script", "style", "template", "noscript", "title")
_VERBATIM = ("pre", "textarea")
_BROKEN = 1000  # objects that can't be read before a page is given up
_ASSIGNED = re.compile(r"^[^={\n]{0,200}=\s*(?=\{\s*\")", re.MULTILINE)
_CITED = {
    "citation_abstract": "abstract",
    "dcterms.abstract": "abstract",
    "citation_title": "title",
    "citation_doi": "doi",
    "citation_journal_title": "journal",
}
"""What a page says of its paper in its head, by what the record calls it."""
_SNIFF = 1 << 20  # bytes looked at to recognise a page

_BREAK = re.compile(r"(?<![ \t])[ \t]*[\r\n]\s*")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_OBJECT = re.compile(r'^[ \t]*(?=\{\s*")', re.MULTILINE)
_HEADING = re.compile(r"[【\[]?摘\s*要[】\]]?\s*[:：]?")
_BY_MACHINE = re.compile(r"计算机|机器|软件|程序|自动|人工智能|AI", re.IGNORECASE)
_CAVEAT = re.compile(r"为准|参考|差异|出入")
_RECORD = re.compile(rb'^[ \t]*\{\s*"[^\n]*"abstract"', re.MULTILINE)
_MEND = "give the whole page as the site shows it, or a CSV with source and hypothesis"


class _Unusable(Exception):  # noqa: N818  (it never leaves the module)
    def __init__(self, problem: str, line: int | None = None, mend: str = _MEND) -> None:
        super().__init__(problem)
        self.problem, self.line, self.mend = problem, line, mend


def recognise(path: Path) -> bool:
    """Whether the file has a JSON record with an abstract, or a heading ``摘要``."""
    with path.open("rb") as handle:
        data = handle.read(_SNIFF).replace(b"\0", b"")  # ASCII shows through UTF-16
    if path.suffix.lower() in _HTML:
        return any(sign.encode() in data for sign in ('"abstract"', "&quot;abstract", "摘要"))
    heading = any(_HEADING.fullmatch(n.strip()) for n in data.decode("utf-8", "ignore").split("\n"))
    return heading or bool(_RECORD.search(data))


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The one document of a page; a page that lacks a part is a Rejected.

    Columns: doc_id (the DOI, else the file's stem), source_title, hypothesis_title, source,
    hypothesis, authors, doi, journal, publication_date, disclaimer.
    """
    text = read_text(path, config)
    is_html = path.suffix.lower() in _HTML
    try:
        if is_html:
            text = _visible(text)
        line, values = _document(re.sub(r"\r\n?", "\n", text), path.stem)
    except _Unusable as error:
        # Lines of the visible text are not lines of the HTML file.
        at = None if is_html else error.line
        yield Rejected(path.as_posix(), at, error.problem, error.mend, "")
    else:
        yield Row(None if is_html else line, values, path.stat().st_size)


def _visible(html: str) -> str:
    """The text a browser shows, block elements as lines, then the JSON of its scripts."""
    from lxml import etree

    if "\0" in html:
        raise _Unusable("the page contains a NUL character", mend="remove it from the text")
    # The encoding is given, so that a charset named in the page can't contradict the text's.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    root = etree.HTML(html.encode(), parser)
    shown: list[str] = []
    data: list[str] = []
    cited: dict[str, str] = {}
    hidden = verbatim = 0
    for event, node in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        step = 1 if event == "start" else -1
        hidden += step * (node.tag in _HIDDEN)
        verbatim += step * (node.tag in _VERBATIM)
        if step == 1 and node.tag == "script":
            # `window.__DATA__ = {…}` is an object as well.
            is_json = node.get("type", "").endswith("json")
            data.append((node.text or "") if is_json else _ASSIGNED.sub("\n", node.text or ""))
        if step == 1 and node.tag == "meta":
            cited.setdefault(_CITED.get(node.get("name", "").lower(), ""), node.get("content", ""))
        if hidden:
            continue
        text = (node.text if step == 1 else node.tail) or ""
        # A line break in the file is but a space on the page.
        text = text if verbatim else _BREAK.sub(" ", text)
        shown += [text] if node.tag in _INLINE else ["\n", text]
    cited.pop("", None)
    data.append(json.dumps(cited, ensure_ascii=False) if "abstract" in cited else "")
    return "\n".join([re.sub(r"\n\s*\n", "\n", "".join(shown)), *data])


def _document(text: str, stem: str) -> tuple[int, dict[str, object]]:
    line, record = _record(text)
    nested = _nested(record.get("resultStr"))
    source = _string(record, "abstract") or _string(nested, "abstract")
    if not source:
        raise _Unusable("the page's record has no English abstract", line)
    own_title = _string(record, "title")
    titles = [_string(nested, "title"), own_title]
    english = next((t for t in titles if t and not _HAN.search(t)), "")
    lines = [entry.strip() for entry in text.split("\n")]
    hypothesis, disclaimer, after = _chinese(lines, ends={_key(english), _key(source)})
    first = next((entry for entry in lines if entry), "")
    journal = record.get("journal")
    name = _string(journal, "name") if isinstance(journal, Mapping) else journal
    doi = _string(record, "doi")
    return line, {
        "doc_id": doi or stem,
        "source_title": english or (after if not _HAN.search(after) else ""),
        "hypothesis_title": next((t for t in (own_title, first) if _HAN.search(t)), ""),
        "source": source,
        "hypothesis": hypothesis,
        "authors": record.get("authors"),
        "doi": doi or None,
        "journal": name or _string(record, "PeriodicalName") or None,
        "publication_date": record.get("publicationDate"),
        "disclaimer": disclaimer or None,
    }


def _record(text: str) -> tuple[int, Mapping[str, object]]:
    """The first object with an ``abstract``, and its line. Raises _Unusable."""
    broken: _Unusable | None = None
    end = failed = 0
    for match in _OBJECT.finditer(text):
        at = match.end()
        if at < end:
            continue  # inside the object before
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if broken is None and '"abstract"' in text[at : _line_end(text, at)]:
                line = 1 + text.count("\n", 0, at)
                why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                broken = _Unusable(f"broken JSON in the page's record: {why}", line)
            failed += 1
            if failed == _BROKEN:
                break
            continue
        record = _with_abstract(value)
        if record is not None:
            return 1 + text.count("\n", 0, at), record
    raise broken or _Unusable("the page has no JSON record with an abstract")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _with_abstract(value: object) -> Mapping[str, object] | None:
    """The object with an ``abstract``, however deep it sits in the site's own data."""
    pending: deque[object] = deque([value])
    while pending:
        item = pending.popleft()
        if isinstance(item, dict):
            if "abstract" in item:
                return item
            pending += item.values()
        elif isinstance(item, list):
            pending += item
    return None


def _nested(value: object) -> Mapping[str, object]:
    """``resultStr``: an object written as text. Only extras are in it, so it may be broken."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _string(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _chinese(lines: list[str], *, ends: set[str]) -> tuple[str, str, str]:
    """The Chinese abstract, the disclaimer (or "") and the line after. Raises _Unusable."""
    splits = [_split_disclaimer(line) for line in lines]
    stops = [
        j
        for j, (line, (_, disclaimer)) in enumerate(zip(lines, splits, strict=True))
        if disclaimer or (line and _key(line) in ends)
    ]
    heading: int | None = None
    for i, line in enumerate(lines):
        if not _HEADING.fullmatch(line):
            continue
        at = bisect.bisect(stops, i)
        if at == len(stops):
            heading = i if heading is None else heading
            break
        j = stops[at]
        body, disclaimer = splits[j]
        text = "\n".join([*lines[i + 1 : j], body if disclaimer else ""]).strip()
        if _HAN.search(text):
            return text, disclaimer, next((e for e in lines[j + 1 :] if e), "")
    if heading is not None:
        raise _Unusable(
            "the Chinese abstract has no end: neither disclaimer nor English title follows it",
            heading + 1,
        )
    raise _Unusable("the page has no Chinese abstract after a line 摘要")


def _split_disclaimer(line: str) -> tuple[str, str]:
    """A line without and with the disclaimer that is its last sentence; "" without one."""
    body, stop, last = line.rstrip("。. ").rpartition("。")
    if len(last) <= 80 and "翻译" in last and _BY_MACHINE.search(last) and _CAVEAT.search(last):
        return body + stop, line[len(body + stop) :].strip()
    return line, ""


READER = Reader(
    "page",
    (".txt", *_HTML),
    "a page of an abstracts site, as a text dump or HTML",
    recognise,
    read,
    text=True,
)
