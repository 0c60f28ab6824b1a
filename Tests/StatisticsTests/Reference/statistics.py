"""Writes statistics.json: what NumPy, SciPy, statsmodels and rliable say of seeded samples.

Run: python3 statistics.py
"""

import fractions
import itertools
import json
import math
import pathlib
import struct

import numpy
import rliable
import rliable.metrics
import scipy.stats
import statsmodels
import statsmodels.stats.multitest


def median_interval(count, level=0.95):
    """The narrowest symmetric pair of order statistics that covers the median often enough, or None."""
    best = None
    for rank in range(1, count // 2 + 1):
        coverage = 1 - 2 * scipy.stats.binom.cdf(rank - 1, count, 0.5)
        if coverage >= level:
            best = {"rank": rank, "coverage": coverage}
    return best


def sample(generator, count):
    values = 10 ** generator.uniform(-6, 2, count)
    return {
        "values": values.tolist(),
        "median": float(numpy.median(values)),
        "quartiles": [float(numpy.quantile(values, q)) for q in (0.25, 0.5, 0.75)],
        "interquartile_mean": float(scipy.stats.trim_mean(values, 0.25)),
        "median_interval": median_interval(count),
    }


def wilson(successes, trials):
    interval = scipy.stats.binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    return {"successes": successes, "trials": trials, "low": interval.low, "high": interval.high}


def sign_flip(generator, count, shift, digits=None):
    """All signs, by SciPy; rounded values have ties and zeros."""
    differences = generator.normal(shift, 1, count)
    if digits is not None:
        differences = numpy.round(differences, digits)
    test = scipy.stats.permutation_test(
        (differences,), numpy.sum, permutation_type="samples", n_resamples=numpy.inf)
    return {"values": differences.tolist(), "p": float(test.pvalue)}


def rank_sum(generator, first, second, shift, digits=None):
    a, b = generator.normal(0, 1, first), generator.normal(shift, 1, second)
    if digits is not None:
        a, b = numpy.round(a, digits), numpy.round(b, digits)
    has_ties = len(numpy.unique(numpy.concatenate([a, b]))) < first + second
    if first + second > 100:
        p = scipy.stats.mannwhitneyu(a, b, method="asymptotic").pvalue
    elif has_ties:
        statistic = lambda x, y: scipy.stats.mannwhitneyu(x, y, method="asymptotic").statistic
        p = scipy.stats.permutation_test((a, b), statistic, n_resamples=numpy.inf).pvalue
    else:
        p = scipy.stats.mannwhitneyu(a, b, method="exact").pvalue
    # The share of pairs in which a is larger, ties counted 1/2.
    improvement = rliable.metrics.probability_of_improvement(a[:, None], b[:, None])
    return {"a": a.tolist(), "b": b.tolist(), "p": float(p), "wins": float((1 - improvement) * first * second)}


def holm(values):
    return {"values": values, "adjusted": statsmodels.stats.multitest.multipletests(values, method="holm")[1].tolist()}


def expected_best(generator, count):
    """By looking at every choice of k values, as exact fractions."""
    values = numpy.sort(numpy.round(generator.normal(0, 1, count), 1)).tolist()
    means, chances = [], []
    for k in range(1, count + 1):
        best = [min(choice) for choice in itertools.combinations(values, k)]
        means.append(float(sum(map(fractions.Fraction, best)) / len(best)))
        chances.append(best.count(values[0]) / len(best))
    return {"values": values, "means": means, "chances": chances}


def bootstrap(generator, count):
    """The interquartile mean of every one of the n^n resamples: which values the percentiles may have."""
    values = 10 ** generator.uniform(-6, 2, count)
    iqm = lambda draws: rliable.metrics.aggregate_iqm(numpy.array(draws)[:, None])
    means = numpy.sort([iqm(draws) for draws in itertools.product(values, repeat=count)])
    at = lambda share: float(means[math.floor(share * len(means))])
    return {"values": values.tolist(), "low": [at(0.019), at(0.031)], "high": [at(0.969), at(0.981)]}


generator = numpy.random.default_rng(20)
checks = [[value, struct.pack(">d", value).hex()] for value in (0.1, 1 / 3, 5e-324)]
contents = {
    "meta": {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
             "rliable": "1.2.0", "parse_check_f64": checks},
    "samples": [sample(generator, count) for count in (*range(1, 13), 15, 20, 30, 101)],
    "wilson": [wilson(*pair) for pair in ((0, 1), (5, 5), (20, 20), (19, 20), (0, 20), (3, 7), (50, 1000))],
    "sign_flip": [sign_flip(generator, *case) for case in (
        (2, 1), (3, 1), (5, 2), (6, 1), (8, 0.5), (10, 1), (12, 0.3), (6, 0, 0), (9, 0.5, 0), (16, 0.6))],
    "rank_sum": [rank_sum(generator, *case) for case in (
        (2, 3, 0), (3, 3, 5), (5, 4, 1), (8, 8, 0.7), (20, 20, 0.8), (50, 50, 0.3), (4, 5, 0, 0), (6, 6, 1, 0),
        (7, 3, 0.5, 1), (60, 70, 0.2), (80, 60, 0.3, 0), (120, 90, 0.5, 1))],
    "holm": [holm(values) for values in (
        [0.03], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.9], [1e-5, 0.5, 0.0124, 0.0126, 1.0, 0.3])],
    "expected_best": [expected_best(generator, count) for count in (1, 2, 5, 9, 13)],
    "bootstrap": [bootstrap(generator, count) for count in (4, 5, 6)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(contents, indent=1) + "\n")
