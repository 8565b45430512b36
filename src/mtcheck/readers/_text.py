"""Open a text file: encoding by setting or BOM, line numbers, and where bad bytes are."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError

__all__ = ["Lines", "encoding_of", "garbled", "read_text"]

_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 16


class Lines:
    """The lines of a text file with their ends, as a stream in constant memory.

    ``number`` is the physical line given last, from 1; ``done`` the bytes read so far.
    Lines end at LF, CR or CRLF, never at U+2028 and its like. A BOM is dropped.
    Iterating raises DataError when the file can't be opened or its bytes don't fit.
    """

    def __init__(self, path: Path, config: Config) -> None:
        self.path = path
        self.number = 0
        self.done = 0
        self._encoding = config.encoding

    def __iter__(self) -> Iterator[str]:
        try:
            yield from self._lines()
        except UnicodeError:
            raise self._undecodable() from None
        except OSError as error:
            raise DataError(
                f"can't be read: {error.strerror}",
                path=self.path.as_posix(),
                mend="check the path and its permissions",
            ) from None

    def _lines(self) -> Iterator[str]:
        if not self._encoding:
            self._encoding = encoding_of(self.path)
        with (
            self.path.open("rb") as binary,
            io.TextIOWrapper(binary, encoding=self._encoding, newline="") as handle,
        ):
            for line in handle:
                self.number += 1
                self.done = binary.tell()
                yield self._first(line) if self.number == 1 else line

    def _first(self, line: str) -> str:
        if "\0" in line:
            raise DataError(
                f"the line contains NUL characters, so this is not a text file in {self._encoding}",
                path=self.path.as_posix(),
                line=1,
                mend="save it as UTF-8, or give its encoding, such as --encoding utf-16-le",
            )
        return line.removeprefix("\ufeff")

    def _undecodable(self) -> DataError:
        """The error that names the line of the first byte that does not fit."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        line = 1
        with self.path.open("rb") as handle:
            chunk = b"."
            while chunk:
                chunk = handle.read(_CHUNK)
                try:
                    line += decoder.decode(chunk, final=not chunk).count("\n")
                except UnicodeDecodeError as error:
                    line += error.object[: error.start].count(b"\n")
                    break
                except UnicodeError:  # UTF-16 without a BOM
                    break
        return DataError(
            f"the bytes are not {self._encoding}",
            path=self.path.as_posix(),
            line=line,
            mend="save the file as UTF-8, or give its encoding, such as --encoding gb18030",
        )


def encoding_of(path: Path, config: Config | None = None) -> str:
    """The encoding that the settings name, else by BOM, else UTF-8, GB18030 or Big5 by content.

    UTF-8 also where none of them fits for certain: to read it will say where it does not.
    Raises OSError.
    """
    if config and config.encoding:
        return config.encoding
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        whole = not file.read(1)
    if sample[:2] in _UTF16_BOMS:
        return "utf-16"
    if b"\0" in sample or _decoded(sample, "utf-8", whole) is not None:
        return "utf-8"
    shares = {name: _usual(sample, name, lead, whole) for name, lead in _CHINESE.items()}
    first, second = sorted(shares, key=shares.__getitem__, reverse=True)
    clear = shares[first] >= _USUAL and shares[first] - shares[second] >= _AHEAD
    return first if clear else "utf-8"


_SAMPLE = 1 << 20
_CHINESE = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
"""The first bytes of each encoding's characters of everyday use, which its standard puts first."""
_PUNCTUATION = range(0xA1, 0xA4)
_FEW = 16  # characters that are not ASCII; fewer say nothing
_USUAL, _AHEAD = 0.9, 0.2


def _decoded(sample: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, whole)
    except UnicodeDecodeError:
        return None


def _usual(sample: bytes, encoding: str, lead: tuple[int, int], whole: bool) -> float:
    """The share of everyday characters in a sample read so; 0 where it can't be."""
    text = _decoded(sample, encoding, whole)
    foreign = [c for c in text or "" if c > "\x7f"]
    if len(foreign) < _FEW:
        return 0.0
    firsts = [c.encode(encoding)[0] for c in foreign]
    return sum(lead[0] <= f <= lead[1] or f in _PUNCTUATION for f in firsts) / len(firsts)


_WRONG = ("cp1252", "latin-1", "gb18030")
_HAN = re.compile("[\u4e00-\u9fff]")


def garbled(text: str) -> str:
    """The encoding that a text of UTF-8 was wrongly read as, or ""; what got lost is overlooked."""
    for name in _WRONG:
        try:
            back = text.replace("\ufffd", "?").encode(name, "replace").decode("utf-8", "replace")
        except (UnicodeError, LookupError):  # pragma: no cover
            continue
        # A text that was right before loses its characters on this way.
        if len(_HAN.findall(back)) > len(text) / 10 and back.count("\ufffd") < len(back) / 4:
            return name
    return ""


def read_text(path: Path, config: Config) -> str:
    """A whole file as text, line ends as they are. Raises DataError as :class:`Lines` does."""
    return "".join(Lines(path, config))
