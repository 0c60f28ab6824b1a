"""Writes statistics.json: what NumPy and SciPy say of seeded samples. Run: python3 statistics.py"""

import json
import pathlib
import struct

import numpy
import scipy.stats


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


generator = numpy.random.default_rng(20)
checks = [[value, struct.pack(">d", value).hex()] for value in (0.1, 1 / 3, 5e-324)]
contents = {
    "meta": {"numpy": numpy.__version__, "scipy": scipy.__version__, "parse_check_f64": checks},
    "samples": [sample(generator, count) for count in (*range(1, 13), 15, 20, 30, 101)],
    "wilson": [wilson(*pair) for pair in ((0, 1), (5, 5), (20, 20), (19, 20), (0, 20), (3, 7), (50, 1000))],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(contents, indent=1) + "\n")
