"""One aggregation on several engines: polars, DuckDB, Spark and Sail add up interactions that one machine cannot hold.

:func:`aggregate` writes a bundle that ``netact analyze`` takes. See docs/scale.md for what is exact, bounded or not preserved.
"""

from netact.engines.aggregate import Aggregated, aggregate
from netact.engines.engine import ENGINES

__all__ = ["ENGINES", "Aggregated", "aggregate"]
