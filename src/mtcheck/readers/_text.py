"""Open a text file: encoding by setting or BOM, line numbers, and where bad bytes are."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from mtcheck.config import Config
from mtcheck.errors import DataError

__all__ = ["Lines", "read_text"]

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
            with self.path.open("rb") as binary:
                self._encoding = "utf-16" if binary.read(2) in _UTF16_BOMS else "utf-8"
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


def read_text(path: Path, config: Config) -> str:
    """A whole file as text, line ends as they are. Raises DataError as :class:`Lines` does."""
    return "".join(Lines(path, config))
