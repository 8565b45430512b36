"""Compressed files: unpacked to a temporary file, never beyond a limit."""

from __future__ import annotations

import errno
import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from mtcheck.config import Config
from mtcheck.errors import DataError
from mtcheck.files import shown

__all__ = ["SUFFIXES", "Opened", "bare", "members", "opened", "too_large", "unpacked_size"]

SUFFIXES = (".gz", ".zip", ".zst")
_CHUNK = 1 << 20
_MEMBERS = 10_000
_LARGEST_RATIO = 1032  # that deflate can reach
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, lzma.LZMAError)
_UNREADABLE = (RuntimeError, NotImplementedError, ValueError)  # encrypted, an unknown method


@dataclass(frozen=True)
class Opened:
    """A file to read: where its bytes are, and what it is called in messages and reports."""

    path: Path
    shown: str

    @property
    def stem(self) -> str:
        """Its name without suffixes, that of a compression neither."""
        return bare(Path(self.shown)).stem


def bare(path: Path) -> Path:
    """The path without the suffix of a compression."""
    return path.with_suffix("") if path.suffix.lower() in SUFFIXES else path


def members(path: Path) -> list[str]:
    """The names of the files inside, without folders and hidden files.

    Raises DataError for a broken archive.
    """
    if path.suffix.lower() != ".zip":
        return [path.stem]
    try:
        with zipfile.ZipFile(path) as archive:
            return [i.filename for i in _files(archive)]
    except (*_BROKEN, *_UNREADABLE) as error:
        raise _broken(path, error) from None


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = ((info, Path(info.filename)) for info in archive.infolist() if not info.is_dir())
    return [i for i, name in files if name.name[:1] != "." and "__MACOSX" not in name.parts]


@contextmanager
def opened(path: Path, config: Config) -> Iterator[Iterator[Opened]]:
    """The files that a path holds: itself, or one after another what is packed in it.

    Raises DataError for a broken archive and for one that unpacks to more than
    ``config.unpack_limit`` megabytes.
    """
    if path.suffix.lower() not in SUFFIXES:
        yield iter([Opened(path, shown(path))])
        return
    with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
        yield _unpacked(path, Path(folder), config)


def _unpacked(path: Path, folder: Path, config: Config) -> Iterator[Opened]:
    room = config.unpack_limit << 20
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                files = _files(archive)
                if len(files) > _MEMBERS:
                    raise DataError(f"holds {len(files):,} files", path=path.as_posix())
                for info in files:
                    # Its own name is not used: it may lead out of the folder.
                    part = folder / f"member{Path(info.filename).suffix}"
                    with archive.open(info) as packed:
                        room -= _copy(cast("BinaryIO", packed), part, room, path, config)
                    yield Opened(part, f"{shown(path)}/{info.filename}")
                    part.unlink()
            return
        part = folder / path.stem
        with _stream(path) as packed:
            _copy(packed, part, room, path, config)
    except (*_BROKEN, *_UNREADABLE) as error:
        raise _broken(path, error) from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # what a broken directory makes zipfile ask for
            raise
        raise _broken(path, error) from None
    yield Opened(part, shown(path))


@contextmanager
def _stream(path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path) as packed:
            yield cast("BinaryIO", packed)
        return
    try:
        import zstandard
    except ImportError:
        raise DataError(
            "Zstandard needs a library",
            path=path.as_posix(),
            mend="pip install zstandard, or unpack it",
        ) from None
    try:
        # A window of 128 MB is what the format's own tool takes without being asked.
        decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        with path.open("rb") as file, decompressor.stream_reader(file) as packed:
            yield cast("BinaryIO", packed)
    except zstandard.ZstdError as error:
        raise _broken(path, error) from None


def _copy(packed: BinaryIO, to: Path, room: int, path: Path, config: Config) -> int:
    size = 0
    with to.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise too_large(path, config)
            file.write(chunk)
    return size


def too_large(path: Path, config: Config) -> DataError:
    """What to raise for a file that unpacks to more than is allowed."""
    return DataError(
        f"unpacks to more than {config.unpack_limit:,} MB",
        path=path.as_posix(),
        mend="unpack it and look, or raise unpack-limit in the settings",
    )


def _broken(path: Path, error: Exception) -> DataError:
    why = " ".join(str(error).split()) or "it ends too early"
    if "password" in why or "encrypted" in why:
        return DataError(
            "the archive is encrypted", path=path.as_posix(), mend="unpack it with its password"
        )
    return DataError(f"broken {path.suffix} file: {why}", path=path.as_posix(), mend="get it anew")


def unpacked_size(archive: zipfile.ZipFile, limit: int) -> int:
    """The bytes that a zip archive's files have unpacked, whatever it says of them.

    Counting stops soon after ``limit``.
    """
    total = 0
    for info in archive.infolist():
        if total > limit:
            break
        most = info.compress_size * _LARGEST_RATIO
        if info.compress_type != zipfile.ZIP_DEFLATED or most + total <= limit:
            total += max(info.file_size, info.compress_size)
        else:
            total += _inflated(archive, info, limit - total)
    return total


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> int:
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset + 26)
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(name + extra, 1)
    inflater, total, left = zlib.decompressobj(-15), 0, info.compress_size
    while left > 0 and total <= limit and not inflater.eof:
        data = file.read(min(left, _CHUNK))
        if not data:
            break
        left -= len(data)
        while data and total <= limit:
            total += len(inflater.decompress(data, _CHUNK))
            data = inflater.unconsumed_tail
    return total
