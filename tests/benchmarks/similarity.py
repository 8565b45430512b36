"""What cosine of the embedded encoder tells, and what it does not, on human judgements.

    python -m tests.benchmarks.similarity

Prints the share of right pairs (MLQE-PE train post-edits) and of mismatched pairs below the
encoder's threshold, the AUC for telling them apart, and the AUC for major-or-critical errors
on Bio-MQM.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcheck.models import load_encoder
from tests.conftest import SHARED


def cosines(source: list[str], hypothesis: list[str]) -> NDArray[np.float32]:
    """Cosine of each pair."""
    encoder = load_encoder("embedded")
    left, right = encoder.encode(source), encoder.encode(hypothesis)
    result: NDArray[np.float32] = (left * right).sum(axis=1)
    return result


def auc(positive: NDArray[np.bool_], score: NDArray[np.float32]) -> float:
    """Area under the ROC curve, by the rank sum (Mann and Whitney 1947)."""
    ranks = pd.Series(score).rank().to_numpy()
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n)))


def main() -> None:
    """Print the figures."""
    if SHARED is None:
        raise SystemExit("the shared data is not here")
    threshold = load_encoder("embedded").min_similarity or 0.0
    train = pd.read_parquet(SHARED / "human/mlqe_pe_train.parquet")
    source = train["source"].tolist()
    edited = train["post_edit_tokenised"].str.replace(" ", "").tolist()
    right = cosines(source, edited)
    wrong = cosines(source, edited[1:] + edited[:1])
    print(f"threshold {threshold}: below it are {np.mean(right < threshold):.2%} of right pairs "
          f"and {np.mean(wrong < threshold):.2%} of mismatched ones")  # fmt: skip
    mismatched = np.arange(len(right) + len(wrong)) >= len(right)
    print(f"AUC, mismatched against right: {auc(mismatched, -np.r_[right, wrong]):.4f}")
    bio = pd.read_json(SHARED / "human/bio_mqm_dev.jsonl", lines=True)
    bio = bio[~bio["system"].str.startswith("reference")]
    major = np.array(
        [any(e["severity"] in {"Major", "Critical"} for e in errors) for errors in bio["errors"]]
    )
    scores = cosines(bio["source"].tolist(), bio["hypothesis"].tolist())
    print(f"AUC, major or critical error (Bio-MQM, {len(bio)}): {auc(major, -scores):.3f}")


if __name__ == "__main__":
    main()
