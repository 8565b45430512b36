"""Go on training the risk model with a user's own labels, and say whether it helped.

The network learns from what the labels hold: whether a row has a major or critical error, the
marked words, which of several translations of one source is the better, and, for a third of the
rows called right, that the same row with a planted error is worse. For what they do not hold
(adequacy, effort, critical errors) it is held to what it said before, so that it forgets nothing
(learning without forgetting: Li and Hoiem 2016).

A part of the documents is held out. On it the whole risk is judged before and after, and the
stack's calibration is fitted anew; the stack's weights stay.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcheck._version import __version__
from mtcheck.errors import DataError, UsageError
from mtcheck.lab import statistics as metrics
from mtcheck.lab.labels import Labels
from mtcheck.lab.markdown import table
from mtcheck.lab.marks import JudgedWords, Marks
from mtcheck.lab.planting.translations import corrupt
from mtcheck.lab.risk.data import Example, TrainingItem
from mtcheck.lab.risk.export import Restored, restore, save_network
from mtcheck.lab.risk.judge import Estimate, figure
from mtcheck.lab.risk.net import load_weights
from mtcheck.lab.risk.stack import logits, platt
from mtcheck.lab.risk.train import Loaded, Reading, Settings, batches, train
from mtcheck.lab.risk.witnesses import Judgements, labelled_rows
from mtcheck.lab.statistics import Bools, Floats
from mtcheck.models import Encoder, load_encoder
from mtcheck.models.remembering import Remembering
from mtcheck.models.risk import EMBEDDINGS, TOKENIZER, WEIGHTS, RiskNetwork
from mtcheck.models.tokens import PieceReader
from mtcheck.risk import RIDGE, STACK, RiskModel, Stack, load_risk_model

__all__ = ["Gain", "Outcome", "compare", "finetune", "held_rows", "items_of", "softened"]

CARD = "MODEL_CARD.md"

FEWEST, FEWEST_EACH = 100, 20
"""Labelled rows, and rows with and without an error, below which nothing is tried."""

ENOUGH = 1000
"""Rows below which a user is told that they are few."""

HELD_OUT, HELD_EACH = 0.25, 5
"""Share of the rows that is held out, and how many of each kind at least."""

PASSES = 3
"""Over the labels, where no number of steps is given."""

PLANTED = 1 / 3
"""Share of the items with a right row that get a corrupted one beside it."""

_MOST = 4
"""Translations of one source that are read together."""

_SAY_EVERY = 10


@dataclass(frozen=True, slots=True)
class Gain:
    """A measure on the rows held out, before and after, with 95% intervals over sources."""

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Outcome:
    """What a fine-tuning did. ``changes`` by measure, higher always being better.

    ``learnt``, ``held``: rows; ``bad_learnt``, ``bad_held``: those of them with a major or
    critical error. ``base`` and ``signature`` name the model before and after.
    """

    labels: str
    learnt: int
    bad_learnt: int
    held: int
    bad_held: int
    held_documents: int
    steps: int
    seed: int
    base: str
    signature: str
    changes: Mapping[str, Gain]

    @property
    def verdict(self) -> str:
        """Whether it helped, in one sentence."""
        change = self.changes["ROC-AUC"].difference
        if change.low is not None and change.low > 0:
            return "It helped: the ROC-AUC on the rows held out rises by more than chance explains."
        keep = "keep the model you had, and fit it to your domain with `mtcheck calibrate`"
        if change.high is not None and change.high < 0:
            return f"It did harm: the ROC-AUC on the rows held out falls; {keep}."
        return (
            "It can't be shown to have helped: the difference of the ROC-AUC may be chance; "
            f"{keep}, or label more rows."
        )

    def markdown(self) -> str:
        """The figures as a table, and the verdict."""
        return "\n".join(_markdown(self)) + "\n"


def _markdown(o: Outcome) -> Iterator[str]:
    yield (
        f"{o.learnt} rows learnt from ({o.bad_learnt} with a major or critical error), {o.held} "
        f"rows of {o.held_documents} documents held out ({o.bad_held} with one); {o.steps} steps, "
        f"seed {o.seed}."
    )
    yield ""
    yield from gains("on the rows held out |> before |> after |> difference", o.changes)
    yield ""
    yield f"In brackets: 95% bootstrap interval over sources. {o.verdict}"
    if o.learnt + o.held < ENOUGH:
        yield ""
        yield (
            f"{o.learnt + o.held} labels are few: with less than about {ENOUGH:,}, only a large "
            "gain can be told from chance."
        )


def gains(head: str, changes: Mapping[str, Gain]) -> Iterator[str]:
    """The lines of a table of gains: what it is, before, after, difference."""

    def difference(d: Estimate) -> str:
        span = "" if d.low is None else f" ({d.low:+.2f} to {d.high:+.2f})"
        return f"{d.value:+.3f}{span}"

    rows = ((name, c.before, c.after, difference(c.difference)) for name, c in changes.items())
    return table(head, rows)


# --- what is learnt from -----------------------------------------------------------------------


def held_rows(labels: Labels, rows: NDArray[np.intp]) -> Bools:
    """Which of the rows are held out: whole documents, and all rows of a source together.

    The choice depends on the ids of the documents (where there are none, on the sources) alone.
    Raises DataError when too few rows, or too few with or without an error, would be on a side.
    """
    from scipy.sparse import coo_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    bad = labels.bad[rows] == 1
    _check(labels, bad)
    document, source = labels.document_group[rows], labels.source_group[rows]
    size = int(document.max()) + int(source.max()) + 2
    links = coo_array(
        (np.ones(len(rows)), (document, source + int(document.max()) + 1)), shape=(size, size)
    )
    group = connected_components(links, directed=False)[1][document]
    keys: dict[int, str] = {}
    for g, i in zip(group.tolist(), rows.tolist(), strict=True):
        key = labels.doc_id[i] or labels.source[i].strip()
        keys[g] = min(key, keys.get(g, key))
    held = np.zeros(len(rows), dtype=bool)
    for g in sorted(keys, key=lambda g: (zlib.crc32(keys[g].encode()), keys[g])):
        own = group == g
        if (held | own).sum() > len(rows) / 2:
            continue
        held |= own
        if held.sum() >= HELD_OUT * len(rows) and _both(bad[held]) >= HELD_EACH:
            break
    if _both(bad[held]) < HELD_EACH or _both(bad[~held]) < HELD_EACH:
        raise DataError(
            f"the labels are of {len(keys)} documents; no part of them can be held out that has "
            f"{HELD_EACH} rows with and {HELD_EACH} without a major or critical error",
            path=labels.path,
            mend="label rows of more documents",
        )
    return held


def _both(bad: Bools) -> int:
    """The rows of the rarer kind."""
    return int(min(bad.sum(), (~bad).sum()))


def _check(labels: Labels, bad: Bools) -> None:
    if len(bad) < FEWEST or _both(bad) < FEWEST_EACH:
        raise DataError(
            f"too few labels to learn from: {len(bad)} rows, {int(bad.sum())} of them with a "
            "major or critical error",
            path=labels.path,
            mend=f"give {FEWEST} at the very least, {FEWEST_EACH} of each kind, better {ENOUGH:,}; "
            "with fewer use `mtcheck calibrate`",
        )


def _check_estimates(labels: Labels, held: Judgements) -> None:
    """Refuse rows that the model says nothing of: there would be nothing to calibrate on."""
    there = ~held.void
    if _both(held.bad[there] == 1) < HELD_EACH:
        raise DataError(
            f"{int(held.void.sum())} of {len(there)} rows held out are empty, copied, a loop or "
            "not in Chinese, and get no estimate",
            path=labels.path,
            mend="label translations into Chinese as they come",
        )


def _marks(words: JudgedWords | None) -> Marks | None:
    """The wrong stretches of a hypothesis; None where nobody marked any."""
    if words is None:
        return None
    wrong = np.zeros(len(words.unit) + 2, dtype=np.int8)
    read = words.unit >= 0
    wrong[1:-1][read] = words.bad[words.unit[read]]
    edges = np.diff(wrong)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return tuple(zip(starts.tolist(), ends.tolist(), strict=True))


def softened(labels: Labels, rows: NDArray[np.intp], network: RiskNetwork) -> dict[int, Example]:
    """Each row with its labels, and for what it has none with what the network says of it now."""
    scores = network.score([(labels.source[i], labels.hypothesis[i]) for i in rows.tolist()])
    out: dict[int, Example] = {}
    for i, said in zip(rows.tolist(), scores, strict=True):
        known = {
            "adequacy": said.adequacy,
            "effort": said.effort,
            "critical": 1 / (1 + math.exp(-said.critical)),
            "major": float(labels.bad[i]),
        }
        if labels.human_name == "da_z" and math.isfinite(labels.human[i]):
            known["adequacy"] = float(labels.human[i])
        out[i] = Example(labels.source[i], labels.hypothesis[i], known, _marks(labels.words[i]))
    return out


def items_of(labels: Labels, known: Mapping[int, Example], seed: int) -> list[TrainingItem]:
    """One pass over the rows in ``known``, by their place in ``labels``; the same for a seed.

    The translations of a source are read together, the better one better: by the human score
    where they have one and it differs by more than a minor error (by half a standard deviation,
    where it does not count errors), else by the label.
    """
    rng = random.Random(seed)
    groups: dict[int, list[int]] = {}
    for i in known:
        groups.setdefault(int(labels.source_group[i]), []).append(i)
    texts = [row.hypothesis for row in known.values()]
    scores = labels.human[list(known)]
    spread = float(np.nanstd(scores)) if np.isfinite(scores).any() else 0.0
    gap = 1.0 if labels.human_name.startswith("mqm") else spread / 2

    def better(i: int, j: int) -> bool:
        difference = labels.human[i] - labels.human[j]
        if math.isfinite(difference):
            return bool(difference > gap)
        return bool(labels.bad[i] < labels.bad[j])

    out: list[TrainingItem] = []
    for group in groups.values():
        rng.shuffle(group)
        for at in range(0, len(group), _MOST):
            part = group[at : at + _MOST]
            rows = [known[i] for i in part]
            pairs = [
                (a, b)
                for a, i in enumerate(part)
                for b, j in enumerate(part)
                if better(i, j)
            ]  # fmt: skip
            right = [a for a, row in enumerate(rows) if not row.labels["major"] and not row.marks]
            if right and rng.random() < PLANTED:
                a = rng.choice(right)
                row, other = rows[a], rng.choice(texts)
                _, wrong, marks = corrupt(row.source, row.hypothesis, other, rng)
                if wrong != row.hypothesis:
                    pairs.append((a, len(rows)))
                    rows.append(Example(row.source, wrong, {"major": 1.0}, marks))
            out.append(TrainingItem(tuple(rows), tuple(pairs)))
    return out


# --- whether it helped -------------------------------------------------------------------------


def _sums(stack: Stack, rows: Judgements) -> Floats:
    """The uncalibrated sums, those without an estimate above all others."""
    z = logits(stack, rows.x, rows.kinds)
    z[rows.void] = z.max(initial=0.0) + 1
    return z


def _measures(risk: Floats, rows: Judgements, at: NDArray[np.intp]) -> dict[str, float]:
    bad = rows.bad[at] == 1
    rated = at[np.isfinite(rows.quality[at])]
    return {
        "ROC-AUC": metrics.roc_auc(risk[at], bad),
        "average precision": metrics.average_precision(risk[at], bad),
        "Kendall tau-b": metrics.kendall(-risk[rated], rows.quality[rated]),
    }


def compare(
    before: Floats, after: Floats, rows: Judgements, *, resamples: int = 1000, seed: int = 0
) -> dict[str, Gain]:
    """Measures of two risks on the same rows; the differences are of the same resamples.

    Tau is among the measures where the rows have a human score, tau within source where
    several translations of a source have. Resamples draw sources, all their rows together.
    """
    risks = (before, after)
    everything = np.arange(len(rows.bad))
    number = int(rows.source.max()) + 1
    members = [np.flatnonzero(rows.source == g) for g in range(number)]
    draws = np.random.default_rng(seed).integers(number, size=(resamples, number))
    points = [_measures(risk, rows, everything) for risk in risks]
    drawn: dict[str, list[tuple[float, float]]] = {name: [] for name in points[0]}
    for draw in draws:
        at = np.concatenate([members[g] for g in draw])
        one, two = (_measures(risk, rows, at) for risk in risks)
        for name, values in drawn.items():
            values.append((one[name], two[name]))
    out = {
        name: _change(points[0][name], points[1][name], np.array(values).reshape(-1, 2))
        for name, values in drawn.items()
        if math.isfinite(points[0][name]) and math.isfinite(points[1][name])
    }
    rated = np.isfinite(rows.quality)
    taus = np.full((number, 2), np.nan)
    for k, risk in enumerate(risks):
        found = metrics.tau_by_group(-risk[rated], rows.quality[rated], rows.source[rated])
        taus[: len(found), k] = found
    known = np.isfinite(taus[:, 0])
    if known.any():
        usable = draws[known[draws].any(axis=1)]
        means = [np.nanmean(taus[draw], axis=0) for draw in usable]
        first, second = taus[known].mean(axis=0).tolist()
        out["tau within source"] = _change(first, second, np.array(means).reshape(-1, 2))
    return out


def _change(before: float, after: float, drawn: Floats) -> Gain:
    return Gain(
        figure(before, drawn[:, 0]),
        figure(after, drawn[:, 1]),
        figure(after - before, drawn[:, 1] - drawn[:, 0]),
    )


# --- the whole ---------------------------------------------------------------------------------


def _silent(_line: str) -> None:
    pass


def finetune(
    labels: Labels,
    *,
    work: Path,
    out: Path,
    base: Path = WEIGHTS,
    steps: int | None = None,
    seed: int = 1,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
    say: Callable[[str], None] = _silent,
) -> Outcome:
    """Train on, judge, calibrate, and write a model folder to ``out``.

    ``base`` is the folder of the model to begin with. ``steps``: of the optimiser; None for
    three passes over the labels. Checkpoints go to ``work``; a run that was stopped there is
    taken up and ends as it would have. An earlier model in ``out`` is replaced, at once.
    ``encoder``: the embedded one, if the caller has it. ``say`` is told of the progress,
    line by line.

    Raises DataError for labels that are too few, UsageError for a folder that can't be used,
    ModelError for a base that can't be read.
    """
    out = out.resolve()
    model = load_risk_model(base)
    _check_out(out, base)
    rows = np.flatnonzero(np.isfinite(labels.bad))
    held = held_rows(labels, rows)
    remembered = Remembering(encoder or load_encoder("embedded"))
    first = labelled_rows(labels, rows[held], model, remembered)
    _check_estimates(labels, first)
    known = softened(labels, rows[~held], model.network)
    reader = PieceReader.load(base / TOKENIZER)
    packed: NDArray[np.uint8] = _tables(base)["rows"]
    reading = Reading(reader, range(len(packed)), reader)

    def epoch(number: int) -> list[Loaded]:
        drawn = items_of(labels, known, 1000 * seed + number)
        return [(item, tuple(reading.read(row) for row in item.rows)) for item in drawn]

    chosen = settings or Settings(steps=0, rate=4e-5, head_rate=2e-4, save_every=25)
    if steps is None:
        steps = PASSES * len(list(batches(epoch(0), chosen.tokens, random.Random(seed))))
    chosen = replace(chosen, steps=steps, seed=seed, warmup=max(1, min(chosen.warmup, steps // 10)))
    folder = work / "finetune"
    _claim(folder, labels, rows, model.signature, chosen)
    restored = restore(base)
    net = load_weights(restored.weights, heads=restored.heads, epsilon=restored.epsilon)
    say(f"{len(known)} rows to learn from, {int(held.sum())} held out, {steps} steps")
    train(net, epoch, packed, chosen, folder, on_step=_told(steps, say))

    part = out.with_name(f".{out.name}.part")
    trained = {name: w.float().numpy() for name, w in net.state_dict().items()}
    _write(part, base, replace(restored, weights=trained), model.stack)
    say("judging before and after on the rows held out")
    then = labelled_rows(labels, rows[held], RiskModel(part), remembered)
    before, after = (_sums(model.stack, view) for view in (first, then))
    there = ~then.void
    slope, shift = platt(after[there], then.bad[there])
    replace(model.stack, slope=round(slope, 6), shift=round(shift, 6)).save(part / STACK)
    outcome = Outcome(
        labels=Path(labels.path).name,
        learnt=int((~held).sum()),
        bad_learnt=int(labels.bad[rows[~held]].sum()),
        held=int(held.sum()),
        bad_held=int(labels.bad[rows[held]].sum()),
        held_documents=len(set(labels.document_group[rows[held]].tolist())),
        steps=steps,
        seed=seed,
        base=model.signature,
        signature=RiskModel(part).signature,
        changes=compare(before, after, then),
    )
    (part / CARD).write_text(_card(outcome), encoding="utf-8")
    _put(part, out)
    return outcome


def _tables(folder: Path) -> dict[str, NDArray[np.uint8]]:
    from safetensors.numpy import load_file

    tables: dict[str, NDArray[np.uint8]] = load_file(folder / EMBEDDINGS)
    return tables


def _told(steps: int, say: Callable[[str], None]) -> Callable[[int, Mapping[str, float]], None]:
    """A line about the mean loss every so many steps."""
    losses: list[float] = []

    def on_step(step: int, parts: Mapping[str, float]) -> None:
        losses.append(sum(parts.values()))
        if step % _SAY_EVERY == 0 or step == steps:
            say(f"step {step} of {steps}: loss {np.mean(losses):.3f}")
            losses.clear()

    return on_step


def _claim(
    folder: Path, labels: Labels, rows: NDArray[np.intp], base: str, settings: Settings
) -> None:
    """Write down what is trained in the folder; refuse it to another training."""
    digest = hashlib.sha256()
    for i in rows.tolist():
        marks = _marks(labels.words[i])
        row = (labels.source[i], labels.hypothesis[i], labels.doc_id[i], float(labels.bad[i]),
               float(labels.human[i]), marks)  # fmt: skip
        digest.update(json.dumps(row).encode())
    run = {"base": base, "labels": digest.hexdigest()[:12], **asdict(settings)}
    path = folder / "run.json"
    if path.exists():
        earlier = json.loads(path.read_text(encoding="utf-8"))
        other = [name for name, value in run.items() if earlier.get(name) != value]
        if other:
            raise UsageError(
                f"{folder} holds a fine-tuning with other {', '.join(other)}; "
                "give another --work, or delete it"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: can't be written to ({error.strerror or error})") from None


# --- the folder --------------------------------------------------------------------------------


def _check_out(out: Path, base: Path) -> None:
    if out.resolve() in {base.resolve(), WEIGHTS.resolve()}:
        raise UsageError(f"{out} is the model to begin with; give another --out")
    if out.exists() and not (out / STACK).is_file() and (out.is_file() or any(out.iterdir())):
        raise UsageError(f"{out} holds something else than a risk model; give another --out")


def _write(folder: Path, base: Path, network: Restored, stack: Stack) -> None:
    """The model's files; all but network and stack are the base's own."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in (EMBEDDINGS, TOKENIZER, RIDGE):
            shutil.copyfile(base / name, folder / name)
        save_network(folder, network.weights, heads=network.heads, epsilon=network.epsilon)
        stack.save(folder / STACK)
    except OSError as error:
        raise UsageError(f"{folder}: can't be written ({error.strerror or error})") from None


def _put(part: Path, out: Path) -> None:
    """The finished folder in its place, in one step; an earlier one there is deleted after."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.replace(old)
    part.replace(out)
    shutil.rmtree(old, ignore_errors=True)


def _card(outcome: Outcome) -> str:
    return f"""# A risk model fine-tuned on labels of its user

Made by `mtcheck train finetune` (mtcheck {__version__}) from the model `{outcome.base}`, whose
card tells of its data and licences, with the labels in `{outcome.labels}`, whose licence is
theirs. Signature: `{outcome.signature}`.

{outcome.markdown()}
The calibration was fitted on the rows held out, so no figure for it can be taken from them. The
rows it learnt from must not judge it.

Use it with `risk_model = "FOLDER"` in mtcheck.toml, or `mtcheck audit --risk-model FOLDER`.
"""
