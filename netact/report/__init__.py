"""Reports: run a study, put its results into sentences and figures, write them to a folder."""

from __future__ import annotations

from netact.report.findings import Finding, describe, overall
from netact.report.run import Report, analyze, run
from netact.report.write import write

__all__ = ["Finding", "Report", "analyze", "describe", "overall", "run", "write"]
