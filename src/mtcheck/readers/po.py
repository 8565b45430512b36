"""Gettext's PO: a message a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Remarks, Row
from mtcheck.readers._text import encoding_of

__all__ = ["READER"]

_MEND = "check it with msgfmt --check"
_BEGINS = re.compile(r"^\s*msgid[ \t\"]", re.MULTILINE)
_HEADER = re.compile(r'^\s*msgid[ \t]*""[ \t]*\n\s*msgstr', re.MULTILINE)
_LINE = re.compile(r"\(line (\d+)\)")


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """A row a message; of one with a plural, the plural's. Obsolete ones are passed over.

    Columns: segment_id (context and text's line), source, hypothesis, and where there are any
    context, flags, note and occurrences. Raises DataError for broken syntax, for a template
    (no message is translated) and for another language in the header.
    """
    name, size = path.as_posix(), path.stat().st_size
    found = list(_messages(path, config))
    if found and not any(values["hypothesis"] for _, values in found):
        raise DataError(
            "no message is translated: it is a template", path=name, mend="give the .po file"
        )
    for number, (line, values) in enumerate(found, 1):
        yield Row(line, values, size * number // len(found))


def _messages(path: Path, config: Config) -> Iterator[tuple[int, dict[str, object]]]:
    """The line and the columns of each message. Raises DataError for broken syntax."""
    import polib

    name = path.as_posix()
    encoding = encoding_of(path, config)
    try:
        file = polib.pofile(name, encoding=encoding, check_for_duplicates=False)
        text = path.read_text(encoding=encoding)
    except (OSError, ValueError, IndexError, LookupError) as error:
        line = _LINE.search(str(error))
        why = "its syntax" if line else " ".join(str(error).split())
        raise DataError(
            f"broken PO: {why}", path=name, line=int(line[1]) if line else None, mend=_MEND
        ) from None
    current = [e for e in file if not e.obsolete]
    begun = len(_BEGINS.findall(text)) - len(_HEADER.findall(text))
    if begun != len(current):
        raise DataError(
            f"broken PO: {begun} messages begin and {len(current)} could be read",
            path=name,
            mend=_MEND,
        )
    language = file.metadata.get("Language", "").lower().replace("_", "-").partition("-")[0]
    if language and language != config.hypothesis_language:
        raise DataError(
            f"its Language is {language!r}, not {config.hypothesis_language!r}",
            path=name,
            mend=f"say --hypothesis-language {language} if that is meant",
        )
    for entry in current:
        if not entry.msgid:
            continue
        line = max(entry.linenum, 1)  # polib has 0 for a message without a header before
        plural = entry.msgid_plural and entry.msgstr_plural
        texts = {
            "source": entry.msgid_plural if plural else entry.msgid,
            # Chinese has one form, which stands for many things; so does the last of several.
            "hypothesis": entry.msgstr_plural[max(plural)] if plural else entry.msgstr,
        }
        about = {
            "context": entry.msgctxt,
            "flags": ", ".join(entry.flags),
            "note": entry.comment,
            "occurrences": " ".join(":".join(filter(None, o)) for o in entry.occurrences),
        }
        yield (
            line,
            {"segment_id": f"{path.stem}#{line}", **texts} | {k: v for k, v in about.items() if v},
        )


def annotate(path: Path, config: Config, remarks: Remarks) -> bytes:
    """The file with findings as translator's comments, its own bytes unchanged."""
    encoding = encoding_of(path, config)
    told = {line: found for (line, _), found in remarks.items()}
    parts: list[str] = []
    for number, line in enumerate(path.read_bytes().decode(encoding).split("\n"), 1):
        end = "\r" if line.endswith("\r") else ""
        parts += [f"# mtcheck {' '.join(r.text.split())}{end}" for r in told.get(number, ())]
        parts.append(line)
    return "\n".join(parts).encode(encoding, "replace")


def _recognise(path: Path) -> bool:
    with path.open("rb") as file:
        return b"msgid" in file.read(1 << 16)


READER = Reader(
    "po",
    (".po", ".pot"),
    "gettext PO, a message a record",
    _recognise,
    read,
    text=True,
    annotate=annotate,
)
