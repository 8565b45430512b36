"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

__all__ = ["whole", "write_whole"]


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write into, which takes the place of ``path`` when the block ends well.

    It has a name that nobody can guess, in the same folder, until then; links are not followed,
    so a link at ``path`` is replaced and what it points to stays. An earlier file keeps its
    permissions. When the block raises anything at all, no file is left behind and what was
    there stays as it was. Raises OSError.
    """
    with tempfile.NamedTemporaryFile(
        "w",
        encoding="utf-8",
        errors="surrogatepass",
        newline="\n",
        dir=path.parent,
        prefix=".mtcheck-",
        delete=False,
    ) as file:
        part = Path(file.name)
        try:
            yield cast("TextIO", file)
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
