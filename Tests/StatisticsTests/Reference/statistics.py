"""Writes statistics.json: what NumPy, SciPy, statsmodels and rliable say of seeded samples.

usage: python statistics.py [--check]

`pip install numpy scipy statsmodels rliable` is all it needs. SciPy counts all cases of a permutation test for few
values; for more the cases are counted here in whole numbers: the differences are multiples of 1/16, so that sums are
exact and a table of sums says how many subsets have each.
"""

import collections
import fractions
import itertools
import math
import pathlib
import sys

import numpy
import rliable.metrics
import scipy.optimize
import scipy.stats
import statsmodels
import statsmodels.stats.multitest
import statsmodels.stats.power
import statsmodels.stats.proportion

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent.parent / "Golden" / "Reference"))
import golden  # noqa: E402

golden.FOLDER = HERE
GRID = 16
SIDES = {"both": "two-sided", "lower": "less", "higher": "greater"}


def number(value):
    """As the reader of the file spells numbers that JSON has none for."""
    return float(value) if math.isfinite(value) else str(float(value))


def numbers(values):
    return [number(value) for value in values]


def ends(low, high):
    return {"low": number(low), "high": number(high)}


def rounded(values):
    """To digits on which the mathematics libraries of two machines agree."""
    return [float(f"{value:.12g}") for value in values]


def p_values(lower, higher):
    """Of each side, from both tails."""
    return {"both": float(min(1, 2 * min(lower, higher))), "lower": float(lower), "higher": float(higher)}


# Samples


def median_interval(count, level=0.95):
    """The narrowest symmetric pair of order statistics that covers the median often enough, or None."""
    best = None
    for rank in range(1, count // 2 + 1):
        coverage = 1 - 2 * scipy.stats.binom.cdf(rank - 1, count, 0.5)
        if coverage >= level:
            best = {"rank": rank, "coverage": coverage}
    return best


def sample(generator, count):
    values = rounded(10 ** generator.uniform(-6, 2, count))
    return {
        "values": values,
        "median": float(numpy.median(values)),
        "quartiles": [float(numpy.quantile(values, q)) for q in (0.25, 0.5, 0.75)],
        "interquartile_mean": float(scipy.stats.trim_mean(values, 0.25)),
        "median_interval": median_interval(count),
    }


def wilson(successes, trials):
    low, high = statsmodels.stats.proportion.proportion_confint(successes, trials, method="wilson")
    if successes == int(successes):
        interval = scipy.stats.binomtest(int(successes), trials).proportion_ci(0.95, method="wilson")
        assert abs(interval.low - low) < 1e-14 and abs(interval.high - high) < 1e-14
        low, high = interval
    return {"successes": successes, "trials": trials, "low": float(low), "high": float(high)}


# Signs of pairs


def sums_of_subsets(units):
    """How many subsets of whole numbers there are of each (size, sum)."""
    ways = {(0, 0): 1}
    for unit in units:
        more = collections.Counter(ways)
        for (size, total), count in ways.items():
            more[size + 1, total + unit] += count
        ways = more
    return ways


def low_end(means, count, tail):
    """The lowest shift at which more than `tail` of all subsets have a mean up to it, the empty one included.

    `means` are pairs of a mean and how many subsets have it.
    """
    rank = math.floor(fractions.Fraction(tail) * 2**count)
    if rank < 1:
        return -math.inf
    below = 1
    for mean, ways in sorted(means):
        below += ways
        if below > rank:
            return mean
    return math.inf


def means_of_subsets(values):
    """By listing them."""
    array = numpy.array(values)
    patterns = numpy.arange(1, 2 ** len(values))
    bits = (patterns[:, None] >> numpy.arange(len(values))) & 1
    return [(float(mean), 1) for mean in bits @ array / bits.sum(axis=1)]


def sign_flip(generator, count, shift, grid=None):
    """Rounded to a grid, values have ties and zeros."""
    values = generator.normal(shift, 1, count)
    if grid is None:
        values = rounded(values)
        means, opposite = means_of_subsets(values), means_of_subsets([-value for value in values])
    else:
        units = [int(unit) for unit in numpy.round(values * GRID / grid) * grid]
        values = [unit / GRID for unit in units]
        ways = sums_of_subsets(units)
        assert sum(ways.values()) == 2**count
        means = [(fractions.Fraction(total, size * GRID), number) for (size, total), number in ways.items() if size]
        opposite = [(-mean, number) for mean, number in means]
        # A subset whose signs are flipped lowers the sum by twice its own.
        higher = fractions.Fraction(sum(n for (_, total), n in ways.items() if total <= 0), 2**count)
        lower = fractions.Fraction(sum(n for (_, total), n in ways.items() if total >= 0), 2**count)
        p = p_values(lower, higher)
    if count <= 14 and count > 1:
        by_scipy = {
            side: float(scipy.stats.permutation_test(
                (values,), numpy.sum, permutation_type="samples", n_resamples=numpy.inf, alternative=alternative).pvalue)
            for side, alternative in SIDES.items()}
        assert grid is None or all(abs(by_scipy[side] - p[side]) <= 1e-13 for side in SIDES)
        p = by_scipy
    intervals = {}
    for alpha in (0.05, 0.01):
        at = lambda tail: (low_end(means, count, tail), -low_end(opposite, count, tail))
        low, high = at(alpha / 2)
        intervals[f"both {alpha}"] = ends(min(low, high), max(low, high))
        low, high = at(alpha)
        intervals[f"lower {alpha}"], intervals[f"higher {alpha}"] = ends(-math.inf, high), ends(low, math.inf)
    return {"values": values, "p": p, "intervals": intervals}


def sign_test(lower, higher):
    count = lower + higher
    return {
        "lower": lower, "higher": higher,
        "p": {
            "both": scipy.stats.binomtest(lower, count).pvalue,
            "lower": scipy.stats.binomtest(lower, count, alternative="greater").pvalue,
            "higher": scipy.stats.binomtest(lower, count, alternative="less").pvalue,
        },
    }


def order_interval(generator, count, failures):
    """Of the median of pair differences, of which some are infinite."""
    values = rounded(generator.normal(0.3, 1, count))
    for place in range(failures):
        values[place] = math.inf if place % 3 else -math.inf
    end = lambda value, otherwise: otherwise if math.isnan(value) else value
    intervals = {}
    for alpha in (0.05, 0.01):
        for side, alternative in SIDES.items():
            test = scipy.stats.quantile_test(values, q=0, p=0.5, alternative=alternative)
            low, high = test.confidence_interval(1 - alpha)
            intervals[f"{side} {alpha}"] = ends(end(low, -math.inf), end(high, math.inf))
    return {"values": numbers(values), "intervals": intervals}


# Two samples


def rank_tails(a, b):
    """How many of all ways to split the pooled ranks have a sum up to, and from, the one seen."""
    ranks = [int(rank) for rank in numpy.round(2 * scipy.stats.rankdata([*a, *b]))]
    seen = sum(ranks[: len(a)])
    table = [collections.Counter() for _ in range(len(a) + 1)]
    table[0][0] = 1
    for rank in ranks:
        for size in range(len(a) - 1, -1, -1):
            for total, ways in table[size].items():
                table[size + 1][total + rank] += ways
    last = table[len(a)]
    all_ways = math.comb(len(ranks), len(a))
    assert sum(last.values()) == all_ways
    share = lambda is_counted: fractions.Fraction(sum(n for s, n in last.items() if is_counted(s)), all_ways)
    return share(lambda s: s <= seen), share(lambda s: s >= seen)


def shifted(values, shift):
    return [value - shift if isinstance(value, int) else value for value in values]


def inverted(a, b, tail):
    """The lowest shift of a against b at which its rank sum is not too high, by trying them all."""
    places = sorted({fractions.Fraction(x - y) for x in a for y in b if isinstance(x, int) and isinstance(y, int)})
    accepts = lambda shift: rank_tails(shifted(a, shift), shifted(b, 0))[1] > fractions.Fraction(tail)
    if not places:
        return -math.inf if accepts(0) else math.inf
    if accepts(places[0] - 1):
        return -math.inf
    for place, following in zip(places, [*places[1:], places[-1] + 2]):
        if accepts(place) or accepts((place + following) / 2):
            return place
    return math.inf


def shift_interval(a, b, tails):
    """By inversion for integers and failures, else by the critical value of the distribution without ties."""
    if all(isinstance(value, int) or math.isinf(value) for value in (*a, *b)):
        low = inverted(a, b, tails[0])
        high = -inverted([-x for x in a], [-y for y in b], tails[1])
        return ends(low, max(low, high))
    differences = sorted(x - y for x in a for y in b)
    # The distribution of the number of pairs in which a is larger, by counting splits of distinct ranks.
    pairs = len(a) * len(b)
    ways = [[0] * (pairs + 1) for _ in range(len(a) + 1)]
    ways[0][0] = 1
    for place in range(len(a) + len(b)):
        for size in range(min(len(a), place + 1), 0, -1):
            # The place-th value is the size-th of a: place + 1 - size of b are below.
            below = place + 1 - size
            if below > len(b):
                continue
            row, from_row = ways[size], ways[size - 1]
            for total in range(pairs, below - 1, -1):
                row[total] += from_row[total - below]
    cumulative = list(itertools.accumulate(ways[len(a)]))
    rank = lambda tail: sum(1 for c in cumulative if fractions.Fraction(c, cumulative[-1]) <= fractions.Fraction(tail))
    low, high = rank(tails[0]), rank(tails[1])
    return ends(
        differences[low - 1] if low else -math.inf, differences[pairs - high] if high else math.inf)


def rank_sum(generator, first, second, shift, digits=None, failures=(0, 0), intervals=True):
    """Rounded values have ties; failures are infinite."""
    a, b = generator.normal(0, 1, first), generator.normal(shift, 1, second)
    if digits is None:
        a, b = rounded(a), rounded(b)
    else:
        a, b = ([int(v) for v in numpy.round(values * 10**digits)] for values in (a, b))
    a[: failures[0]], b[: failures[1]] = [math.inf] * failures[0], [math.inf] * failures[1]
    has_ties = len(set([*a, *b])) < first + second
    if max(first, second) > 40:
        p = {side: float(scipy.stats.mannwhitneyu(a, b, method="asymptotic", alternative=alternative).pvalue)
             for side, alternative in SIDES.items()}
    else:
        p = p_values(*rank_tails(a, b))
        if not has_ties:
            for side, alternative in SIDES.items():
                by_scipy = scipy.stats.mannwhitneyu(a, b, method="exact", alternative=alternative).pvalue
                assert abs(p[side] - by_scipy) <= 1e-9 * by_scipy, (p, by_scipy)
        elif math.comb(first + second, first) <= 20000:
            statistic = lambda x, y: scipy.stats.mannwhitneyu(x, y, method="asymptotic").statistic
            by_scipy = scipy.stats.permutation_test((a, b), statistic, n_resamples=numpy.inf).pvalue
            assert abs(p["both"] - by_scipy) <= 1e-9, (p, by_scipy)
    # The share of pairs in which a is larger, ties counted 1/2.
    improvement = rliable.metrics.probability_of_improvement(numpy.array(a)[:, None], numpy.array(b)[:, None])
    result = {"a": numbers(a), "b": numbers(b), "p": p, "wins": float((1 - improvement) * first * second)}
    if intervals:
        result["intervals"] = {}
        for alpha in (0.05, 0.01):
            low, high = shift_interval(a, b, (alpha / 2, alpha / 2)), shift_interval(a, b, (alpha, alpha))
            result["intervals"] |= {
                f"both {alpha}": low,
                f"lower {alpha}": {"low": "-inf", "high": high["high"]},
                f"higher {alpha}": {"low": high["low"], "high": "inf"},
            }
    return result


# Distributions, and samples against a bound


def quantiles():
    levels = [1e-6, 0.001, 0.005, 0.025, 0.1, 0.2, 0.4, 0.5, 0.7, 0.8, 0.9, 0.975, 0.995, 0.9995]
    return [
        {"distribution": "normal", "freedom": 0, "p": p, "value": float(scipy.stats.norm.ppf(p))} for p in levels
    ] + [
        {"distribution": "t", "freedom": nu, "p": p, "value": float(scipy.stats.t.ppf(p, nu))}
        for nu in (1, 2, 3, 5, 9, 19, 39, 200) for p in levels if p > 0.5
    ] + [
        {"distribution": "chi2", "freedom": nu, "p": p, "value": float(scipy.stats.chi2.ppf(p, nu))}
        for nu in (1, 2, 3, 5, 9, 19, 39, 200) for p in levels
    ]


def cumulatives():
    return [
        {"distribution": "normal", "freedom": 0, "value": z, "p": float(scipy.stats.norm.cdf(z))}
        for z in (-20.0, -5.0, -1.5, -0.01, 0.0, 0.3, 2.0, 5.0)
    ] + [
        # Both tails.
        {"distribution": "t", "freedom": nu, "value": t, "p": float(2 * scipy.stats.t.sf(t, nu))}
        for nu in (1, 2, 5, 19, 39, 200) for t in (0.01, 0.5, 1.3, 2.5, 8.0, 40.0)
    ] + [
        {"distribution": "chi2", "freedom": nu, "value": x, "p": float(scipy.stats.chi2.cdf(x, nu))}
        for nu in (1, 2, 5, 19, 39, 200) for x in (0.01, 1.0, 7.5, 30.0, 210.0)
    ]


def bound(generator, count, mean, deviation):
    values = rounded(generator.normal(mean, 1, count))
    normal, known = {}, {}
    error = deviation / math.sqrt(count)
    z = (numpy.mean(values) - 1) / error
    for side, alternative in SIDES.items():
        test = scipy.stats.ttest_1samp(values, 1, alternative=alternative)
        low, high = test.confidence_interval(0.95)
        normal[side] = {"p": float(test.pvalue)} | ends(low, high)
        lower, higher = scipy.stats.norm.cdf(z), scipy.stats.norm.sf(z)
        p = {"both": min(1, 2 * min(lower, higher)), "lower": lower, "higher": higher}[side]
        reach = scipy.stats.norm.ppf(0.975 if side == "both" else 0.95) * error
        known[side] = {"p": float(p)} | ends(
            -math.inf if side == "lower" else numpy.mean(values) - reach,
            math.inf if side == "higher" else numpy.mean(values) + reach)
    return {"values": values, "bound": 1.0, "deviation": deviation, "normal": normal, "known": known}


def noise(generator, count):
    values = rounded(generator.normal(3, 0.2, count))
    deviation, freedom = numpy.std(values, ddof=1), count - 1
    end = lambda p: float(deviation * math.sqrt(freedom / scipy.stats.chi2.ppf(p, freedom)))
    power = statsmodels.stats.power.NormalIndPower()
    effect = lambda seeds: scipy.optimize.brentq(
        lambda size: power.power(size, seeds, 0.025, alternative="larger") - 0.8, 0, 10, xtol=1e-14, rtol=1e-14)
    resolved = {seeds: float(deviation * effect(seeds)) for seeds in (1, 3, 5, 10, 20)}
    return {
        "values": values, "mean": float(numpy.mean(values)), "deviation": float(deviation), "low": end(0.975),
        "high": end(0.025), "resolved": list(resolved.values()), "seeds": list(resolved),
    }


# Many tests, trials and resamples


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
    values = rounded(10 ** generator.uniform(-6, 2, count))
    iqm = lambda draws: rliable.metrics.aggregate_iqm(numpy.array(draws)[:, None])
    means = numpy.sort([iqm(draws) for draws in itertools.product(values, repeat=count)])
    at = lambda share: float(means[math.floor(share * len(means))])
    return {"values": values, "low": [at(0.019), at(0.031)], "high": [at(0.969), at(0.981)]}


generator = numpy.random.default_rng(20)
golden.finish("statistics.json", {
    "meta": golden.meta(
        "statistics.json", numpy=numpy.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__,
        rliable="1.2.0"),
    "samples": [sample(generator, count) for count in (*range(1, 13), 15, 20, 30, 101)],
    "wilson": [wilson(*pair) for pair in (
        (0, 1), (5, 5), (20, 20), (19, 20), (0, 20), (3, 7), (50, 1000), (0.5, 1), (3.5, 7), (19.5, 20), (0.5, 40))],
    "sign_flip": [sign_flip(generator, *case) for case in (
        (2, 1), (3, 1), (5, 2), (6, 1), (8, 0.5), (10, 1), (12, 0.3), (13, -0.6), (14, 0.6),
        # In sixteenths, and in whole numbers.
        *((count, 0.4, 1) for count in range(1, 41)),
        *((count, shift, GRID) for count, shift in (
            (1, 0), (4, 0), (6, 0), (6, 3), (7, 2), (9, 0.5), (10, -1), (12, 0.4), (17, 0.5), (20, -0.6), (25, 0.5),
            (33, 0.3), (40, 0.4), (40, -0.5))))],
    "sign_test": [sign_test(lower, count - lower) for count in (*range(1, 13), 20, 33, 40, 200, 2001)
                  for lower in sorted({0, 1, count // 3, count // 2, count - 1, count})],
    "order_intervals": [order_interval(generator, count, failures) for count, failures in (
        (1, 0), (3, 1), (5, 0), (6, 0), (7, 2), (8, 3), (9, 1), (10, 4), (15, 7), (20, 3), (30, 12), (40, 1), (101, 9))],
    "rank_sum": [rank_sum(generator, *case) for case in (
        (1, 1, 0), (2, 3, 0), (3, 3, 5), (5, 4, 1), (4, 4, 3), (8, 8, 0.7), (3, 12, 1), (20, 20, 0.8), (12, 40, 0.4),
        (40, 40, 0.4),
        (4, 5, 0, 0), (6, 6, 1, 0), (7, 3, 0.5, 1), (8, 8, -1.5, 0), (5, 9, 1, 0),
        (6, 6, 2, 0, (0, 2)), (6, 6, 2, 1, (1, 3)), (5, 8, 0, 1, (2, 0)), (6, 7, 0, 0, (6, 0)), (4, 4, 0, 1, (4, 4)),
        (8, 7, 0.5, 0, (3, 2)), (6, 6, 0, 1, (5, 1)))] + [
        rank_sum(generator, *case, intervals=False) for case in (
            (20, 18, 0.6, 0, (4, 2)), (40, 40, 0.4, 0, (3, 9)), (40, 11, 1, 0, (0, 2)), (30, 40, 0.6, 1, (15, 20)),
            (50, 50, 0.3), (60, 70, 0.2), (80, 60, 0.3, 0), (120, 90, 0.5, 1))],
    "quantiles": quantiles(),
    "cumulatives": cumulatives(),
    "bounds": [bound(generator, *case) for case in ((2, 2, 1), (5, 1.5, 0.7), (10, 0.6, 1.1), (40, 1.2, 1))],
    "noise": [noise(generator, count) for count in (2, 3, 8, 20, 40)],
    "holm": [holm(values) for values in (
        [0.03], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.9], [1e-5, 0.5, 0.0124, 0.0126, 1.0, 0.3])],
    "expected_best": [expected_best(generator, count) for count in (1, 2, 5, 9, 13)],
    "bootstrap": [bootstrap(generator, count) for count in (4, 5, 6)],
})
