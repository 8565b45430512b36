"""Workbooks: a sheet of an XLSX, XLS or ODS file, with a header row."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.readers import Reader, Rejected, Row
from mtcheck.readers._columns import fits, header, listed
from mtcheck.readers._packed import too_large, unpacked_size

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["READER"]

_ZIPPED = (".xlsx", ".xlsm", ".ods")
_HEAD = 20  # rows among which the header is looked for: titles and notes stand above it
_CELLS = 1 << 26  # of a sheet, empty ones between the filled among them: about 2 GB
_PLACE = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 20


def read(path: Path, config: Config) -> Iterator[Row | Rejected]:
    """The rows under the header; wholly empty ones are passed over.

    The sheet is ``config.sheet``, by name or number from 1, else the only one whose header has
    a source and a hypothesis. Raises DataError for a broken workbook and when it can't be told
    which sheet is meant.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    name = path.as_posix()
    try:
        if path.suffix.lower() in _ZIPPED:
            _check(path, config)
        with CalamineWorkbook.from_path(path) as book:
            sheet = _sheet(book, config, name)
            yield from _rows(sheet, config, path)
    except (CalamineError, OSError, ValueError) as error:
        why = " ".join(str(error).split())
        secret = "password" in f"{type(error).__name__} {why}".lower()
        problem = "the workbook is encrypted" if secret else f"broken workbook: {why}"
        raise DataError(problem, path=name, mend="save it anew, without a password") from None


def _sheet(book: CalamineWorkbook, config: Config, path: str) -> CalamineSheet:
    names = book.sheet_names
    wanted = config.sheet
    if wanted in names and wanted:
        return book.get_sheet_by_name(wanted)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return book.get_sheet_by_index(int(wanted) - 1)
    if wanted:
        mend = "--sheet takes a name or a number from 1"
        raise DataError(f"no sheet {wanted!r}; sheets: {listed(names)}", path=path, mend=mend)
    sheets = [s for s in map(book.get_sheet_by_name, names) if s.total_height]
    fitting = [s for s in sheets if _has_texts(s, config)] if len(sheets) > 1 else sheets
    if len(fitting) > 1:
        raise DataError(
            f"several sheets have a source and a translation: {listed(s.name for s in fitting)}",
            path=path,
            mend=f"say which with --sheet {fitting[0].name!r}",
        )
    if not sheets:
        raise DataError("the workbook has no rows", path=path, mend="give it at least one")
    return (fitting or sheets)[0]


def _has_texts(sheet: CalamineSheet, config: Config) -> bool:
    return any(fits(_names(row), config) for row in islice(sheet.iter_rows(), _HEAD))


def _names(row: Sequence[object]) -> list[str]:
    return ["" if v is None else str(v).strip() for v in row]


def _is_filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _header_row(sheet: CalamineSheet, config: Config) -> int:
    """The row with the columns' names, from 0: the one that has a source and a hypothesis."""
    filled: list[int] = []
    for number, row in enumerate(islice(sheet.iter_rows(), _HEAD)):
        names = _names(row)
        if fits(names, config):
            return number
        if sum(map(bool, names)) > 1:
            filled.append(number)
    return filled[0] if filled else 0


def _rows(sheet: CalamineSheet, config: Config, path: Path) -> Iterator[Row]:
    at = _header_row(sheet, config)
    size, height = path.stat().st_size, max(sheet.total_height, 1)
    columns: list[str] = []
    bare: list[bool] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number == at + 1:
            columns = header(_names(cells), path.as_posix(), number)
            bare = [not n for n in _names(cells)]
        if number <= at + 1 or not any(map(_is_filled, cells)):
            continue
        # A column without a name counts only where it holds something.
        values = {
            name: v if _is_filled(v) else None
            for name, v, unnamed in zip(columns, cells, bare, strict=False)
            if _is_filled(v) or not unnamed
        }
        yield Row(number, values, size * number // height)


# --- what a workbook may claim -------------------------------------------------------------


def _check(path: Path, config: Config) -> None:
    """Refuse a workbook that would need too much memory. Raises DataError."""
    name = path.as_posix()
    try:
        with zipfile.ZipFile(path) as archive:
            if unpacked_size(archive, config.unpack_limit << 20) > config.unpack_limit << 20:
                raise too_large(path, config)
            for member in archive.namelist():
                cells = 0
                if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", member):
                    cells = _area(archive, member)
                elif member == "content.xml":
                    cells = _repeated(archive, member)
                if cells > _CELLS:
                    raise DataError(
                        f"a sheet spans {cells:,} cells, most of them empty",
                        path=name,
                        mend="delete what stands far away, or save the sheet as CSV",
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, expat.ExpatError) as error:
        why = " ".join(str(error).split())
        mend = "save it anew as .xlsx or CSV, without a password"
        raise DataError(f"broken workbook: {why}", path=name, mend=mend) from None


def _area(archive: zipfile.ZipFile, member: str) -> int:
    """Rows times columns up to the last cells of an XLSX sheet."""
    wide = tall = 0
    tail = b""
    with archive.open(member) as sheet:
        while chunk := sheet.read(_CHUNK):
            data = tail + chunk
            for letters, digits in set(_PLACE.findall(data)):
                wide, tall = max(wide, _number(letters)), max(tall, int(digits))
            tail = data[-100:]
    return wide * tall


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


class _Extent:
    """How far the filled cells of an ODS sheet reach, with all that is written but once."""

    def __init__(self) -> None:
        self.cells = self._row = self._last = self._wide = self._column = self._times = 0
        self._filled = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self._row = self._last = self._wide = 0
        elif local == "table-row":
            self._times = int(attributes.get("table:number-rows-repeated", 1))
            self._column, self._filled = 0, False
        elif local in {"table-cell", "covered-table-cell"}:
            self._column += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes:
                self._wide, self._filled = max(self._wide, self._column), True

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "table-row":
            self._row += self._times
            self._last = self._row if self._filled else self._last
            self.cells = max(self.cells, self._last * self._wide)


def _refuse(*_: object) -> None:
    raise zipfile.BadZipFile("it declares entities")


def _repeated(archive: zipfile.ZipFile, member: str) -> int:
    """Rows times columns up to the last filled cells of the largest ODS sheet."""
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = extent.start, extent.end
    parser.EntityDeclHandler = _refuse
    with archive.open(member) as content:
        parser.ParseFile(content)
    return extent.cells


READER = Reader(
    "sheet",
    (".xlsx", ".xlsm", ".xls", ".ods"),
    "a sheet of a workbook, with a header row",
    lambda _: True,
    read,
)
