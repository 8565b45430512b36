"""Files of every format, mangled: rows or one line that says what is wrong, never a crash."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from pathlib import Path

import pytest

from mtcheck.config import Config
from mtcheck.errors import MtcheckError
from mtcheck.readers import Parallel, batches
from tests.readers import test_tables as tables
from tests.readers import test_translation_files as files

CONFIG = Config(unpack_limit=8)
SEEDS = 40


def samples(folder: Path) -> list[Path | Parallel]:
    """A small good file of each format."""
    contents: dict[str, str | bytes] = {
        "a.xlf": files.XLIFF_12,
        "b.xlf": files.XLIFF_21,
        "a.tmx": files.TMX,
        "a.po": files.PO,
        "a.md": "| Source | Target |\n|---|---|\n| a | b |\n",
        "a.json": json.dumps([{"en": "One.", "zh": "一。"}] * 3),
        "a.csv": 'sep=;\nsource;target\n"a";b\n',
        "a.csv.gz": gzip.compress(tables.TEXT),
        "a.csv.zst": tables.zstd(tables.TEXT),
        "a.zip": tables.zipped(("a.csv", tables.TEXT)),
    }
    made: list[Path | Parallel] = [files.written(folder / n, c) for n, c in contents.items()]
    made.append(tables.book(folder / "a.xlsx", S=[tables.HEAD, *tables.ROWS]))
    rows = "".join(tables.ods_row(*r) for r in [tables.HEAD, *tables.ROWS])
    made.append(tables.ods(folder / "a.ods", f'<table:table table:name="S">{rows}</table:table>'))
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    table = pyarrow.table({"en": ["One."] * 9, "zh": ["一。"] * 9})
    parquet.write_table(table, folder / "a.parquet")
    feather.write_feather(table, folder / "a.feather")
    made += [folder / "a.parquet", folder / "a.feather"]
    for suffix, text in {
        "json": '{"a": {"b": "x"}}',
        "yml": "a:\n  b: x\n",
        "txt": "x\ny\n",
    }.items():
        pair = [files.written(folder / f"{code}.{suffix}", text) for code in ("en", "zh")]
        made.append(Parallel(*pair))
    return made


def mangled(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few cut, doubled, changed or put in."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        to = min(len(data), at + dice.choice([1, 2, 8, 64]))
        new = dice.choice(
            [b"", data[at:to] * 2, dice.randbytes(3), b"\0", b"<", b"&#0;", b'"', b"]"]
        )
        data = data[:at] + new + data[to:]
    return data


def attacked(given: Path | Parallel, dice: random.Random) -> None:
    """Mangle a file, read it, and leave it as it was."""
    path = Path(given)
    before = path.read_bytes()
    again = before
    if dice.random() < 0.5 and zipfile.is_zipfile(path):  # what is inside, not the archive
        with zipfile.ZipFile(path) as archive:
            inside = {n: archive.read(n) for n in archive.namelist()}
        name = dice.choice(sorted(inside))
        inside[name] = mangled(inside[name], dice)
        again = tables.zipped(*inside.items())
    else:
        again = mangled(before, dice)
    path.write_bytes(again)
    said = ""
    try:
        for bad_rows in ("fail", "skip"):
            list(batches([given], CONFIG.replace(bad_rows=bad_rows)))
    except MtcheckError as error:
        said = str(error)
    finally:
        path.write_bytes(before)
    assert "\n" not in said
    assert not said or path.as_posix() in said


@pytest.mark.parametrize("number", range(17))
def test_a_mangled_file_is_read_or_refused(tmp_path: Path, number: int) -> None:
    given = samples(tmp_path)[number]
    for seed in range(SEEDS):
        attacked(given, random.Random(seed))


def test_every_sample_is_good(tmp_path: Path) -> None:
    found = samples(tmp_path)
    assert len(found) == 17
    for given in found:
        assert sum(len(b.frame) for b in batches([given], CONFIG.replace(bad_rows="skip")))
