"""Speed, first result and memory of the risk network.

    python -m tests.benchmarks.risk [FILE.jsonl] [--pairs 400]

Pairs come from a file with ``source`` and ``hypothesis`` (one JSON object a line), else from
the sample abstracts. Each figure is of a process of its own that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

_SAMPLE = Path(__file__).parents[2] / "data" / "abstracts.csv"
_FIRST = """
import sys
from mtcheck.models.risk import RiskNetwork
print(RiskNetwork().score([("The drug was safe.", "该药物是安全的。")])[0].adequacy)
"""


def pairs(path: Path | None, count: int) -> list[tuple[str, str]]:
    """``count`` pairs, again from the start where there are too few."""
    if path is not None:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found = [(str(r["source"]), str(r["hypothesis"])) for r in rows]
    else:
        from mtcheck.api.audit import audit

        frame = audit(_SAMPLE).segments
        found = list(zip(frame["source"], frame["hypothesis"], strict=True))
    step = max(1, len(found) // count)
    chosen = found[::step]
    return [chosen[i % len(chosen)] for i in range(count)]


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST], check=True, stdout=subprocess.DEVNULL)
    first = time.perf_counter() - began
    script = (
        "import json,sys,time,resource\n"
        "from mtcheck.models.risk import RiskNetwork\n"
        "given = json.load(sys.stdin)\n"
        f"net = RiskNetwork(threads={options.threads})\n"
        "net.score(given[:4])\n"
        "began, used = time.perf_counter(), time.process_time()\n"
        "net.score([tuple(p) for p in given])\n"
        "print(time.perf_counter() - began, time.process_time() - used,"
        " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    given = pairs(options.file, options.pairs)
    out = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(given), text=True, check=True,
        capture_output=True,
    ).stdout  # fmt: skip
    seconds, used, memory = map(float, out.split())
    print(
        json.dumps(
            {
                "pairs": len(given),
                "mean source characters": round(sum(len(s) for s, _ in given) / len(given), 1),
                "pairs per second": round(len(given) / seconds, 1),
                "pairs per second of processor": round(len(given) / used, 1),
                "first result, seconds": round(first, 2),
                "peak memory, MB": round(memory, 1),
                "own memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
