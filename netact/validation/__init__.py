"""Validation: what netact says of networks whose truth is known, and whether its p-values mean what they say.

One module a question holds its benchmarks and its p-values; a new question is a module here and a line in
:mod:`netact.validation.tables`. The texts of this package are English, as those of the command line.
"""

from __future__ import annotations

from netact.validation.benchmark import Benchmark, Curve, PValue, Rate, Target, interval, judged
from netact.validation.run import read_runs, run_all
from netact.validation.summary import summarise
from netact.validation.tables import BENCHMARKS, P_VALUES
from netact.validation.write import document, write

__all__ = [
    "BENCHMARKS",
    "P_VALUES",
    "Benchmark",
    "Curve",
    "PValue",
    "Rate",
    "Target",
    "document",
    "interval",
    "judged",
    "read_runs",
    "run_all",
    "summarise",
    "write",
]
