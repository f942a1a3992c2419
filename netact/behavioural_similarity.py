"""How alike two accounts behave: same program, same hours, one after the other, never at once, the same posts within seconds.

A generator of hypotheses, nothing more. Two accounts may behave alike because one person runs both, because two people share
an office, a shift or a programme, or by chance; behaviour cannot tell these apart. What is said is "behavioural similarity",
never "the same person", and no table of this module that leaves it holds the name of an account.

Each feature of each pair has a p-value against two accounts that have nothing to do with one another; what passes is decided
for each feature by itself at a false-discovery rate of 5 %.

``same_client``
    Both mostly use one program, and it is rare: the chance that two random accounts share a program as rare or rarer.
``same_hours``
    Similarity of the hours of the week at which they are active (1 - Jensen-Shannon divergence, each hour counted once), beside
    accounts that draw their hours from the hours of all; where the pairs of the data are alike beyond that, beside those
    (an empirical null, Efron 2004, https://doi.org/10.1198/016214504000000089). The tail is normal, an extrapolation.
``hand_over``
    How often a spell of one begins within five minutes after one of the other ended. Moved by whole days in a circle, every
    such meeting of the times of day falls on one shift: the number on shift zero is binomial, with the share of pairs of
    days that are the same day (never less than one over the number of days).
``never_at_once``
    They were never both active within ten seconds with different programs, though their times of day are such that two
    strangers would have been: the same shifts, counted once for each pair of spells.
``co_retweets``
    Posts that both passed on within ten seconds, among the posts both passed on, beside all other pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numba import njit

from netact.significance import false_discovery

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = ("same_client", "same_hours", "hand_over", "never_at_once", "co_retweets")
# Accounts looked at, the most active ones, and acts and hours of activity that each needs.
MOST_ACCOUNTS, FEWEST_ACTS, FEWEST_HOURS = 150, 30, 24
FALSE_DISCOVERY = 0.05
# A spell ends where nothing follows for half an hour; then a hand-over within five minutes; at once is within ten seconds.
SPELL_GAP, HAND_OVER, AT_ONCE = 1800.0, 300.0, 10.0
# Posts that both of a pair passed on, and hours of the week.
FEWEST_COMMON = 5
_HOURS, _DAY = 168, 86_400.0

_PAIRS = pl.Schema(
    {
        "pair": pl.Int64(),
        "passed": pl.Int64(),
        "same_client": pl.Boolean(),
        "same_hours": pl.Float64(),
        "hand_overs": pl.Int64(),
        "hand_overs_expected": pl.Float64(),
        "at_once": pl.Int64(),
        "at_once_expected": pl.Float64(),
        "common_posts": pl.Int64(),
        "within_seconds": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Similarity:
    """Behavioural similarity of all pairs of some accounts; ``first`` and ``second`` never leave the analysis.

    Attributes
    ----------
    accounts
        Row numbers of the accounts looked at.
    first, second
        Positions in ``accounts``, one value a pair.
    p_values
        Feature -> p-value of every pair, NaN where the feature could not be asked.
    passed
        How many features each pair passes at a false-discovery rate of 5 % a feature.
    passed_by_feature
        Feature -> whether each pair passes it.
    values
        What each feature was decided on, in the columns of :meth:`table`.
    """

    accounts: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    p_values: dict[str, NDArray[np.float64]]
    passed: NDArray[np.int64]
    passed_by_feature: dict[str, NDArray[np.bool_]]
    values: dict[str, NDArray[Any]]

    def table(self, *, least: int, most: int) -> pl.DataFrame:
        """Return the pairs that pass ``least`` features or more, at most ``most``, numbered and without names."""
        smallest = np.nanmin(np.vstack([*self.p_values.values(), np.ones(len(self.first))]), axis=0)
        chosen = np.flatnonzero(self.passed >= least)
        chosen = chosen[np.lexsort((chosen, smallest[chosen], -self.passed[chosen]))][:most]
        columns = {name: values[chosen] for name, values in self.values.items()}
        return pl.DataFrame(
            {"pair": np.arange(1, len(chosen) + 1), "passed": self.passed[chosen], **columns}, schema_overrides=_PAIRS
        ).select(list(_PAIRS))


def predictive_value(prior: float, *, sensitivity: float = 0.8, false_positive_rate: float = 0.01) -> float:
    """Return the share of flagged pairs that are what they are flagged for, given how many pairs there are to begin with.

    >>> round(predictive_value(0.001), 4), round(predictive_value(0.01), 4)
    (0.0741, 0.4469)
    """
    right = prior * sensitivity
    wrong = (1 - prior) * false_positive_rate
    return right / (right + wrong) if right + wrong > 0 else 0.0


def behavioural_similarity(
    account: NDArray[np.int64],
    seconds: NDArray[np.float64],
    client: NDArray[np.int64],
    passed_on: pl.DataFrame,
    *,
    most_accounts: int = MOST_ACCOUNTS,
    seed_of_null: np.random.Generator,
) -> Similarity:
    """Return how alike the most active accounts behave, pair by pair.

    Parameters
    ----------
    account, seconds, client
        Who acted when (seconds since 1970) with which program (a number, -1 if unknown); one value an act.
    passed_on
        ``account``, ``object``, ``seconds``: posts (or other objects) passed on.
    most_accounts
        Accounts looked at.
    seed_of_null
        Generator of the accounts that draw their hours from the hours of all.
    """
    from scipy import stats

    chosen = _chosen(account, seconds, most_accounts)
    number = {int(row): place for place, row in enumerate(chosen)}
    keep = np.isin(account, chosen)
    place = np.array([number[row] for row in account[keep].tolist()], dtype=np.int64)
    order = np.lexsort((client[keep], seconds[keep], place))
    place, times, programs = place[order], seconds[keep][order], client[keep][order]
    starts = np.searchsorted(place, np.arange(len(chosen) + 1)).astype(np.int64)
    first, second = np.triu_indices(len(chosen), 1)
    hours, similar = _same_hours(times, starts, first, second, random=seed_of_null)
    shared, rare = _same_client(account, client, chosen, first, second)
    over, over_n, over_q = _hand_overs(times, starts, first, second)
    once, once_n, once_q = _at_once(times, programs, starts, first, second)
    common, quick = _co_retweets(passed_on, number, len(chosen), first, second)
    tested = common >= FEWEST_COMMON
    # One more quick pair and one more pair: never certain.
    others = (quick.sum() - quick + 1) / np.maximum(common.sum() - common + 1, 1)
    p_values = {
        "same_client": rare,
        "same_hours": similar,
        "hand_over": np.where(over_n > 0, stats.binom.sf(over - 1, np.maximum(over_n, 1), over_q), np.nan),
        "never_at_once": np.where(once_n > 0, np.where(once == 0, (1 - once_q) ** once_n, 1.0), np.nan),
        "co_retweets": np.where(
            tested, stats.binom.sf(quick - 1, np.maximum(common, 1), np.minimum(others, 1)), np.nan
        ),
    }
    by_feature = {name: _discovered(values) for name, values in p_values.items()}
    values = {
        "same_client": shared,
        "same_hours": hours,
        "hand_overs": over,
        "hand_overs_expected": over_n * over_q,
        "at_once": once,
        "at_once_expected": once_n * once_q,
        "common_posts": common,
        "within_seconds": quick,
    }
    passed = np.sum(list(by_feature.values()), axis=0).astype(np.int64) if len(first) else np.empty(0, dtype=np.int64)
    return Similarity(chosen, first, second, p_values, passed, by_feature, values)


def _chosen(account: NDArray[np.int64], seconds: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """Return the accounts with enough acts in enough hours, the most active of them, sorted."""
    if not len(account):
        return np.empty(0, dtype=np.int64)
    size = int(account.max()) + 1
    acts = np.bincount(account, minlength=size)
    hour = np.unique(np.column_stack([account, (seconds // 3600).astype(np.int64)]), axis=0)
    hours = np.bincount(hour[:, 0], minlength=size)
    able = np.flatnonzero((acts >= FEWEST_ACTS) & (hours >= FEWEST_HOURS))
    return np.sort(able[np.lexsort((able, -acts[able]))][:most])


def _discovered(p_values: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = np.zeros(len(p_values), dtype=bool)
    asked = np.flatnonzero(np.isfinite(p_values))
    if len(asked):
        found[asked] = false_discovery(p_values[asked].tolist()) <= FALSE_DISCOVERY
    return found


# ---------------------------------------------------------------------- programs


def _same_client(
    account: NDArray[np.int64],
    client: NDArray[np.int64],
    chosen: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return whether pairs mostly use the same program, and the chance of sharing one as rare (NaN if unknown)."""
    known = pl.DataFrame({"account": account, "client": client}).filter(pl.col("client") >= 0)
    used = known.group_by("account", "client").len().sort(["account", "len", "client"], descending=[False, True, False])
    main = used.unique("account", keep="first", maintain_order=True)
    users = main.group_by("client").len().sort("len", "client")
    everyone = main.height
    together = users["len"].to_numpy().astype(float)
    together = together * (together - 1) / max(1.0, everyone * (everyone - 1.0))
    rarer = np.cumsum(together)
    # Programs with equally many users are equally rare.
    counts = users["len"].to_numpy()
    chance = {
        int(name): float(rarer[np.searchsorted(counts, size, side="right") - 1])
        for name, size in zip(users["client"].to_list(), counts.tolist(), strict=True)
    }
    of = dict(main.select("account", "client").iter_rows())
    program = np.array([of.get(int(row), -1) for row in chosen], dtype=np.int64)
    a, b = program[first], program[second]
    shared = (a >= 0) & (a == b)
    p = np.where((a >= 0) & (b >= 0), 1.0, np.nan)
    p[shared] = [chance[int(name)] for name in a[shared]]
    return shared, p


# ---------------------------------------------------------------------- hours of the week


def _divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jensen-Shannon divergence of rows, in bits, in [0, 1]."""

    def bits(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(-(np.where(x > 0, x, 1.0) * np.log2(np.where(x > 0, x, 1.0))).sum(axis=-1))

    return np.asarray(np.clip(bits((p + q) / 2) - (bits(p) + bits(q)) / 2, 0, 1))


def profile_similarity(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return 1 - Jensen-Shannon divergence (in bits) of two profiles of counts, in [0, 1]; 1: the same profile.

    >>> profile_similarity(np.array([1.0, 1.0]), np.array([2.0, 2.0])), profile_similarity(np.array([1, 0]), np.array([0, 3]))
    (1.0, 0.0)
    """
    p, q = (np.asarray(x, dtype=float) / np.sum(x) for x in (first, second))
    return float(1 - _divergence(p, q))


def _same_hours(
    times: NDArray[np.float64],
    starts: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    random: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the similarity of the hours of pairs and its p-value."""
    from scipy import stats

    n = len(starts) - 1
    counts = np.zeros((n, _HOURS))
    for row in range(n):
        hour = np.unique((times[starts[row] : starts[row + 1]] // 3600).astype(np.int64))
        counts[row] = np.bincount(hour % _HOURS, minlength=_HOURS)
    if not len(first):
        return np.empty(0), np.empty(0)
    active = counts.sum(axis=1)
    share = counts / active[:, None]
    similarity = np.concatenate([1 - _divergence(share[row], share[row + 1 :]) for row in range(n - 1)])
    everyone = share.mean(axis=0)
    sizes = np.unique(np.geomspace(active.min(), max(active.max(), active.min() + 1), 7).round().astype(np.int64))
    means, spreads = np.empty((len(sizes), len(sizes))), np.empty((len(sizes), len(sizes)))
    for i, a in enumerate(sizes):
        for j in range(i + 1):
            drawn = random.multinomial(a, everyone, 200) / a, random.multinomial(sizes[j], everyone, 200) / sizes[j]
            alike = 1 - _divergence(*drawn)
            means[i, j] = means[j, i] = alike.mean()
            spreads[i, j] = spreads[j, i] = alike.std(ddof=1)
    a, b = (np.interp(np.log(active[side]), np.log(sizes), np.arange(len(sizes))) for side in (first, second))
    z = (similarity - _between(means, a, b)) / np.maximum(_between(spreads, a, b), 1e-9)
    # Accounts differ in their hours, and share the rhythm of their place: what most pairs show is no evidence.
    centre = float(np.median(z))
    width = 1.4826 * float(np.median(np.abs(z - centre)))
    return similarity, np.asarray(stats.norm.sf((z - max(0.0, centre)) / max(1.0, width)))


def _between(grid: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate linearly in a square grid."""
    i, j = np.floor(a).astype(int).clip(0, len(grid) - 2), np.floor(b).astype(int).clip(0, len(grid) - 2)
    u, v = a - i, b - j
    low = grid[i, j] * (1 - v) + grid[i, j + 1] * v
    high = grid[i + 1, j] * (1 - v) + grid[i + 1, j + 1] * v
    return np.asarray(low * (1 - u) + high * u)


# ---------------------------------------------------------------------- one after the other, never at once


def _same_days(days: list[NDArray[np.int64]], span: int) -> NDArray[np.float64]:
    """Return the share of pairs of days that are the same day, for every two lists of days."""
    share = np.zeros((len(days), span))
    for row, found in enumerate(days):
        if len(found):
            share[row] = np.bincount(found, minlength=span) / len(found)
    return np.asarray(share @ share.T)


def _hand_overs(
    times: NDArray[np.float64], starts: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return hand-overs in both directions, meetings of the times of day on any shift, and the chance of shift zero."""
    n = len(starts) - 1
    begins, ends = [], []
    for row in range(n):
        own = times[starts[row] : starts[row + 1]]
        new = np.diff(own, prepend=-np.inf) > SPELL_GAP
        begins.append(own[new])
        ends.append(own[np.append(np.flatnonzero(new)[1:] - 1, len(own) - 1)] if len(own) else own)
    origin, span = _span(times)
    one_day = _same_days([((x - origin) // _DAY).astype(np.int64) for x in begins], span)
    hits, meetings = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)
    for pair, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        for one, other in ((a, b), (b, a)):
            found = _follow(ends[one], np.sort(begins[other] % _DAY), begins[other][np.argsort(begins[other] % _DAY)])
            hits[pair] += found[0]
            meetings[pair] += found[1]
    return hits, meetings, np.minimum(1.0, np.maximum(one_day[first, second], 1 / span))


def _span(times: NDArray[np.float64]) -> tuple[float, int]:
    if not len(times):
        return 0.0, 1
    origin = math.floor(times.min() / _DAY) * _DAY
    return origin, int((times.max() - origin) // _DAY) + 1


@njit(cache=True, nogil=True)
def _follow(ends: Any, clock: Any, begins: Any) -> Any:
    """Count begins within HAND_OVER after an end, and those that would be on some whole-day shift."""
    hits, meetings = 0, 0
    for end in ends:
        at = end % _DAY
        for turn in range(2):
            low = at - turn * _DAY
            x = np.searchsorted(clock, low, side="right")
            while x < len(clock) and clock[x] <= low + HAND_OVER:
                meetings += 1
                gap = begins[x] - end
                if gap > 0.0 and gap <= HAND_OVER:
                    hits += 1
                x += 1
    return hits, meetings


def _at_once(
    times: NDArray[np.float64],
    programs: NDArray[np.int64],
    starts: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs of spells with acts at once, those on any whole-day shift, and the chance of shift zero."""
    n = len(starts) - 1
    spell = np.cumsum(np.diff(times, prepend=-np.inf) > SPELL_GAP) if len(times) else np.empty(0, dtype=np.int64)
    origin, span = _span(times)
    clock, spells, programs_of, real, days = [], [], [], [], []
    for row in range(n):
        own = slice(starts[row], starts[row + 1])
        order = np.argsort(times[own] % _DAY, kind="stable")
        real.append(times[own][order])
        clock.append(real[-1] % _DAY)
        spells.append(
            (spell[own] - spell[own][0] if starts[row + 1] > starts[row] else spell[own])[order].astype(np.int64)
        )
        programs_of.append(programs[own][order])
        begun = np.diff(times[own], prepend=-np.inf) > SPELL_GAP
        days.append(((times[own][begun] - origin) // _DAY).astype(np.int64))
    one_day = _same_days(days, span)
    hits, meetings = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)
    for pair, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        found, now = _meet(
            clock[a], spells[a], programs_of[a], real[a], clock[b], spells[b], programs_of[b], real[b],
        )  # fmt: skip
        meetings[pair] = len(np.unique(found))
        hits[pair] = len(np.unique(found[now]))
    return hits, meetings, np.minimum(one_day[first, second], 1 / span)


@njit(cache=True, nogil=True)
def _meet(
    clock_a: Any, spell_a: Any, client_a: Any, time_a: Any, clock_b: Any, spell_b: Any, client_b: Any, time_b: Any
) -> Any:
    """Return the pairs of spells whose acts meet within AT_ONCE on some whole-day shift, and whether on shift zero."""
    found, now = [], []
    width = np.int64(1_000_003)
    for x in range(len(clock_a)):
        for turn in range(-1, 2):
            low = clock_a[x] + turn * _DAY
            y = np.searchsorted(clock_b, low - AT_ONCE)
            while y < len(clock_b) and clock_b[y] <= low + AT_ONCE:
                if client_a[x] < 0 or client_b[y] < 0 or client_a[x] != client_b[y]:
                    found.append(spell_a[x] * width + spell_b[y])
                    now.append(abs(time_a[x] - time_b[y]) <= AT_ONCE)
                y += 1
    return np.array(found, dtype=np.int64), np.array(now, dtype=np.bool_)


# ---------------------------------------------------------------------- the same posts within seconds


def _co_retweets(
    passed_on: pl.DataFrame, number: dict[int, int], n: int, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many posts both of a pair passed on, and how many of them within ten seconds of one another."""
    rows = (
        passed_on.filter(pl.col("account").is_in(list(number)))
        .group_by("object", "account")
        .agg(pl.col("seconds").min())
    )
    rows = rows.sort("object", "account")
    place = np.array([number[row] for row in rows["account"].to_list()], dtype=np.int64)
    begin = np.flatnonzero(rows.select(pl.col("object").ne_missing(pl.col("object").shift(1))).to_series().to_numpy())
    common, quick = np.zeros((n, n), dtype=np.int64), np.zeros((n, n), dtype=np.int64)
    if rows.height:
        ends = np.append(begin, rows.height).astype(np.int64)
        _count_common(place, rows["seconds"].to_numpy().astype(float), ends, common, quick)
    return common[first, second], quick[first, second]


@njit(cache=True, nogil=True)
def _count_common(place: Any, seconds: Any, ends: Any, common: Any, quick: Any) -> None:
    for part in range(len(ends) - 1):
        for x in range(ends[part], ends[part + 1]):
            for y in range(x + 1, ends[part + 1]):
                a, b = min(place[x], place[y]), max(place[x], place[y])
                common[a, b] += 1
                if abs(seconds[x] - seconds[y]) <= AT_ONCE:
                    quick[a, b] += 1
