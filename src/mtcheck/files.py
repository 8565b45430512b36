"""Files read and written: what is wrong with one, and how it appears whole or not at all.

What is half-written has a hidden name that nobody can guess and that says which process writes
it. A process that is killed can't clean up; the next one that writes into the folder does.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import re
import secrets
import shutil
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from mtcheck.errors import DataError

__all__ = [
    "hidden", "locked", "put", "read_json", "read_toml", "read_utf8", "real", "shown", "sweep",
    "whole", "write_bytes", "write_whole",
]  # fmt: skip

_HERE = f"{zlib.crc32(platform.node().encode()):08x}"
_HIDDEN = re.compile(r"\.mtcheck-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{16}(?:-([0-9a-f]{8}))?")
_AT_CWD, _EXCHANGE = -100, 2  # of Linux' renameat2


# --- reading -------------------------------------------------------------------------------


def shown(path: Path) -> str:
    """The path with ``/``, for people and files: what is not UTF-8 in it is escaped."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def real(path: Path) -> Path:
    """The path without links; those that loop or lead nowhere are left as they are."""
    return Path(os.path.realpath(path))


def read_utf8(path: Path, *, mend: str = "check the path") -> str:
    """A small file as text, without a BOM. Raises DataError when it can't be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(
            "not readable: it is not UTF-8", path=shown(path), line=line, mend="save it as UTF-8"
        ) from None
    except (OSError, ValueError) as error:  # such as a name with a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise DataError(f"not readable: {why}", path=shown(path), mend=mend) from None


def read_json(path: Path, *, mend: str) -> object:
    """What a JSON file holds. Raises DataError when it can't be read; ``mend`` ends the message."""
    text = read_utf8(path, mend=mend)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # digits, or nesting, without end
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise DataError("not JSON", path=shown(path), line=line, mend=mend) from None


def read_toml(path: Path) -> dict[str, object]:
    """What a TOML file holds. Raises DataError when it can't be read."""
    text = read_utf8(path)
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem = "it is nested too deeply"
    except ValueError as error:
        problem = str(error)
    raise DataError(f"not readable as TOML: {problem}", path=shown(path))


# --- writing -------------------------------------------------------------------------------


def hidden(path: Path) -> Path:
    """A new name beside ``path`` for what is to take its place; :func:`sweep` knows it."""
    return path.with_name(f".mtcheck-{_HERE}-{os.getpid()}-{secrets.token_hex(8)}")


def sweep(path: Path) -> None:
    """Remove what processes that are gone left half-written beside ``path``.

    Where one was killed while it put a new folder in the place of ``path``, the earlier folder
    is put back. Only this machine's processes are looked at.
    """
    for left in path.parent.glob(".mtcheck-*"):
        made = _HIDDEN.fullmatch(left.name)
        if not made or made[1] != _HERE or _is_alive(int(made[2])):
            continue
        if made[3] and made[3] != _mark(path):
            continue  # the earlier content of a neighbour, whose own next writer puts it back
        with suppress(OSError):  # another may sweep here too
            if made[3] and not path.exists():
                left.rename(path)
            elif left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _mark(path: Path) -> str:
    return f"{zlib.crc32(os.fsencode(path.name)):08x}"


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # to ask would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def put(new: Path, path: Path) -> None:
    """Let the folder ``new`` take the place of ``path``; what was there is gone.

    In one step where the system can exchange two names (Linux); elsewhere in two, of which
    :func:`sweep` mends a half. Raises OSError.
    """
    if not path.exists():
        new.rename(path)
    elif _exchanged(new, path):
        shutil.rmtree(new, ignore_errors=True)
    else:
        old = new.with_name(f"{new.name}-{_mark(path)}")
        try:
            path.rename(old)
            new.rename(path)
        except BaseException:
            if old.exists() and not path.exists():
                old.rename(path)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    names = os.fsencode(one), os.fsencode(other)
    done: int = rename(_AT_CWD, names[0], _AT_CWD, names[1], _EXCHANGE)
    return done == 0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else who asks for it read and rewrite a file beside ``path`` meanwhile.

    The lock is on the folder, so that no file is left for it, and ends with the process. Where
    folders can't be locked (Windows, some network disks) there is none.
    """
    folder: int | None = None
    if fcntl is not None:
        with suppress(OSError):
            folder = os.open(path.parent, os.O_RDONLY)
            fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if folder is not None:
            os.close(folder)


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write into, which takes the place of ``path`` when the block ends well.

    It has a name that nobody can guess, in the same folder, until then; links are not followed,
    so a link at ``path`` is replaced and what it points to stays. An earlier file keeps its
    permissions. When the block raises anything at all, no file is left behind and what was
    there stays as it was. Raises OSError.
    """
    sweep(path)
    part = hidden(path)
    try:
        part.touch(0o600, exist_ok=False)
        with part.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(path))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is there, or of a new one."""
    if path.is_file() and not path.is_symlink():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text, or leave what was there as it was (:func:`whole`). Raises OSError."""
    with whole(path) as file:
        file.write(text)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes, or leave what was there as it was (:func:`whole`). Raises OSError."""
    with whole(path) as file:
        file.buffer.write(data)
