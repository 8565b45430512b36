"""Random damage to every file that mtcheck reads, and random texts to every rule.

``python -m tests.fuzz --seconds 60 --inputs 100000`` prints how many inputs each took, how many
were refused with a message, and every fault: an exception that is no MtcheckError, a crashed rule,
or more than five seconds. ``--kills 50`` ends commands at random moments instead and prints what
they leave.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from mtcheck import config as settings
from mtcheck.config import Config
from mtcheck.errors import MtcheckError
from mtcheck.lab.labels import read_labels
from mtcheck.lab.rules.planted import read_planted
from mtcheck.languages.en_zh.glossary import load_glossary
from mtcheck.readers import batches
from mtcheck.review.baseline import load_baseline
from mtcheck.review.suppressions import load_suppressions
from mtcheck.risk.calibration import load_calibration
from mtcheck.rules import CRASH_CODE, all_rules
from mtcheck.types import Segment

__all__ = ["TARGETS", "fuzz"]

SLOW = 5.0  # seconds of the processor

PIECES = [
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xed\xa0\x80", b"\r", b"\n", b"\n\n\n"),
    *(b'"', b"'", b"\\", b"{", b"}", b"[" * 50, b"]", b",", b";", b"\t", b"=", b":", b"#", b"<"),
    *(b"1e999", b"-1", b"NaN", b"null", b"9" * 400, b"0.0", b"true", b"\\ud800", b"&amp;", b"%"),
    *("摘要 雨 。 （ 》 “ 12% −5 ×10³ α ½ １２ 万 亿 \u200b \u202e \U0001f600".encode().split()),
    *(
        b"p < 0.05",
        b"$x^2$",
        b"<b>",
        b"https://x.org",
        b"(n = 12)",
        b"not ",
        b"COVID-19",
        b"et al.",
    ),
]
PAGE = (
    '{"abstract": "Rain fell for 3 days."}\n摘要\n雨下了3天。本文由机器翻译，仅供参考，以原文为准。'
)
ROW = {"doc_id": "d", "source": "Rain fell for 3 days (12%).", "mt": "雨下了3天（12%）。"}
TABLE = "doc_id,source,mt\nd,Rain fell.,下雨了。\ne,Snow.,雪。\n"
LABELS = "doc_id,source,mt,label,score\nd,Rain fell.,下雨了。,1,0.5\ne,Snow.,雪。,0,0.25\n"
BASELINE = {"mtcheck_baseline": 1, "findings": [
    {"doc_id": "d", "code": "ACC005", "severity": "major", "count": 1, "text": "x",
     "fingerprint": "0123456789abcdef"}]}  # fmt: skip
DECISION = {"mtcheck_decision": 1, "decision": "false-alarm", "source": "a", "hypothesis": "b",
            "code": "ACC005", "fingerprint": "0123456789abcdef"}  # fmt: skip
CALIBRATION = {"format": "mtcheck-calibration", "version": 1, "score": "risk", "slope": 1.0,
               "higher_is_worse": True, "method": "platt", "intercept": 0.0, "log_odds": True,
               "x": [], "y": [], "review": 0.5, "reject": None, "made_for": "", "rows": 1,
               "bad": 1, "sources": 1}  # fmt: skip
TBX = (
    '<tbx><conceptEntry><langSec xml:lang="en"><termSec><term>rice</term></termSec></langSec>'
    '<langSec xml:lang="zh"><termSec><term>水稻</term></termSec></langSec></conceptEntry></tbx>'
)
TMX = (
    '<tmx version="1.4"><header/><body><tu><tuv xml:lang="en"><seg>Rain.</seg></tuv>'
    '<tuv xml:lang="zh"><seg>雨。</seg></tuv></tu></body></tmx>'
)
XLIFF = (
    '<xliff version="1.2"><file source-language="en" target-language="zh"><body>'
    '<trans-unit id="1"><source>Rain.</source><target>雨。</target></trans-unit>'
    "</body></file></xliff>"
)
SETTINGS = (
    'select = ["ACC"]\nreview-penalty = 5\nencoding = "utf-8"\n[severity]\nACC005 = "minor"\n'
)


def _read(path: Path) -> None:
    list(batches([path], Config(bad_rows="skip")))


def _settings(path: Path) -> None:
    settings.load(path)


def _rules(path: Path) -> None:
    source, _, hypothesis = path.read_bytes().decode("utf-8", "ignore").partition("\n")
    segment = Segment("d", "d#1", source, hypothesis)
    for rule in all_rules().values():
        for _, found in rule.run([segment], Config()):
            if found.code == CRASH_CODE:
                raise AssertionError(found.message)


TARGETS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a.txt": (PAGE, _read),
    "a.html": (f"<html><body><script type='application/json'>{PAGE}</script>", _read),
    "a.csv": (TABLE, _read),
    "a.tsv": (TABLE.replace(",", "\t"), _read),
    "a.jsonl": (json.dumps(ROW, ensure_ascii=False) + "\n", _read),
    "a.json": (json.dumps([ROW, ROW]), _read),
    "a.md": ("| source | mt |\n|---|---|\n| Rain. | 雨。 |\n", _read),
    "a.po": ('msgid "Rain."\nmsgstr "雨。"\n', _read),
    "a.tmx": (TMX, _read),
    "a.xlf": (XLIFF, _read),
    "settings.toml": (SETTINGS, _settings),
    "pyproject.toml": ("[tool.mtcheck]\nignore = ['LNG']\n", _settings),
    "baseline.json": (json.dumps(BASELINE), load_baseline),
    "decisions.jsonl": (
        json.dumps(DECISION) + "\n",
        lambda p: load_suppressions(Config(decisions=(str(p),))),
    ),
    "suppressions.toml": (
        '[[suppress]]\nrule = "LNG001"\nreason = "x"\nexpires = 2030-01-31\n',
        lambda p: load_suppressions(Config(suppressions=str(p))),
    ),
    "calibration.json": (json.dumps(CALIBRATION), load_calibration),
    "glossary.csv": ("source,target,forbidden\nrice,水稻,大米\n", lambda p: load_glossary(str(p))),
    "glossary.tbx": (TBX, lambda p: load_glossary(str(p))),
    "labels.csv": (LABELS, read_labels),
    "labels.jsonl": (json.dumps({**ROW, "label": 1}) + "\n", read_labels),
    "planted.csv": (
        "label_id,doc_id,segment,category,severity,kind,source_text,hypothesis_text\n"
        "1,d,1,a,b,c,e,f\n",
        read_planted,
    ),
    "rules": ("Rain fell for 3 days (12%).\n雨下了3天（12%）。", _rules),
}


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """The content with a few random changes."""
    data = bytearray(seed)
    for _ in range(chance.choice([1, 1, 2, 4, 12])):
        at, end = sorted(chance.choices(range(len(data) + 1), k=2))
        kind = chance.randrange(5)
        if kind == 0:
            data[at:at] = chance.choice(PIECES) * chance.choice([1, 1, 1, 3, 40])
        elif kind == 1:
            del data[at : min(end, at + 20)]
        elif kind == 2 and at < len(data):
            data[at] = chance.randrange(256)
        elif kind == 3:
            data[at:at] = data[at:end]
        else:
            data[at:end] = chance.choice(PIECES)
    return bytes(data)


def fuzz(inputs: int, seconds: float, seed: int) -> int:
    """Damage and read until either is spent. Prints a table; returns the number of faults."""
    counts: Counter[tuple[str, str]] = Counter()
    faults: dict[str, str] = {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for n, (name, (content, read)) in zip(
            range(inputs), itertools.cycle(TARGETS.items()), strict=False
        ):
            if time.monotonic() - began > seconds:
                break
            path = Path(folder) / name
            path.write_bytes(damaged(content.encode(), random.Random(seed + n)))
            counts[name, "inputs"] += 1
            start = time.process_time()
            try:
                read(path)
            except MtcheckError as error:
                counts[name, "refused"] += 1
                fault = "" if "\n" not in str(error) else f"several lines: {error!r}"
            except Exception as error:
                fault = f"{type(error).__name__}: {error}"
            else:
                fault = ""
            if not fault and time.process_time() - start > SLOW:
                fault = f"{time.process_time() - start:.0f} seconds"
            if fault:
                counts[name, "faults"] += 1
                faults.setdefault(f"{name}: {fault[:200]}", f"--seed {seed + n}")
    print(f"{'what':20}{'inputs':>9}{'refused':>9}{'faults':>8}")
    for name in (*TARGETS, "all"):
        own = [name] if name != "all" else list(TARGETS)
        row = [sum(counts[o, kind] for o in own) for kind in ("inputs", "refused", "faults")]
        print(f"{name:20}{row[0]:9,}{row[1]:9,}{row[2]:8,}")
    for said, where in faults.items():
        print(f"{said}  ({where})")
    return sum(counts[name, "faults"] for name in TARGETS)


COMMANDS = {
    "audit": (["audit", "rows.jsonl", "--out", "report", "--no-risk"], "report"),
    "check --output": (["check", "rows.jsonl", "--format", "sarif", "--output", "o"], "o"),
    "baseline write": (["baseline", "write", "rows.jsonl"], "mtcheck-baseline.json"),
}


def kills(times: int, seed: int) -> int:
    """End commands at random moments. Prints a table; returns how many left half an output."""
    chance = random.Random(seed)
    halves = 0
    heads = ("ended", "half", "litter", "then left")
    print(f"{'command':16}{'signal':9}", *(f"{h:>10}" for h in heads), "  exit codes")
    for (name, (command, out)), sent in itertools.product(
        COMMANDS.items(), (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
    ):
        half = litter = left = 0
        codes: Counter[int] = Counter()
        for _ in range(times):
            with tempfile.TemporaryDirectory() as name_of:
                folder = Path(name_of)
                rows = (json.dumps({**ROW, "doc_id": n}) + "\n" for n in range(300))
                (folder / "rows.jsonl").write_text("".join(rows), encoding="utf-8")
                run = _start(command, folder)
                time.sleep(chance.uniform(0.5, 4))
                run.send_signal(sent)
                codes[run.wait()] += 1
                half += not _whole(folder / out)
                litter += _litter(folder)
                if _litter(folder):
                    _start(command, folder).wait()
                    left += _litter(folder)
        halves += half + left
        row = (times, half, litter, left)
        print(f"{name:16}{sent.name:9}", *(f"{n:10}" for n in row), f"  {dict(codes)}", flush=True)
    return halves


def _start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mtcheck", *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A shell that starts this in the background has it ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def _litter(folder: Path) -> bool:
    return any(p.name.startswith(".mtcheck-") for p in folder.iterdir())


def _whole(out: Path) -> bool:
    """Whether an output is not there, or all there."""
    if not out.exists():
        return True
    path = out / "summary.json" if out.is_dir() else out
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def main() -> int:
    """Read the flags."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0)
    asked = parser.parse_args()
    found = kills(asked.kills, asked.seed) if asked.kills else fuzz(
        asked.inputs, asked.seconds, asked.seed
    )  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
