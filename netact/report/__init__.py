"""Reports: run a study, put its results into sentences and figures, write them to a folder, read them back."""

from __future__ import annotations

from netact.report.content import Content
from netact.report.findings import Finding, describe, overall
from netact.report.run import Report, analyze, run, stages
from netact.report.stored import StoredReport, name_group, read
from netact.report.write import write

__all__ = [
    "Content",
    "Finding",
    "Report",
    "StoredReport",
    "analyze",
    "describe",
    "name_group",
    "overall",
    "read",
    "run",
    "stages",
    "write",
]
