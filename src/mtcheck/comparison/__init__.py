"""Translations of the same texts against each other: rows, tests, tables.

Data only: :mod:`mtcheck.api.compare` runs the audits, :mod:`mtcheck.reporters.comparison`
shows what came out.

Worse means, for a system held against the baseline (the first one), any of these:

* a corpus score is worse, its p-value is below ``alpha`` and its interval leaves out 0: BLEU,
  chrF or TER with a reference (the larger p-value of sacreBLEU's paired bootstrap and approximate
  randomisation), the mean risk or the mean MQM points of the findings (paired bootstrap over
  documents);
* it has more critical findings than the baseline, or more of severity major and above, in so
  many more segments than it has fewer that a sign test tells it from chance (``alpha``);
* it has fewer rows than the baseline.

Similarity is shown but decides nothing: it is no quality score. A *segment* counts as worse
when its change is at least one point: the MQM points of its findings, plus ten times its
risk, less a twentieth of its chrF, against the same under the baseline.
"""
