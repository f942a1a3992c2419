"""What a report is exported to: tables, a workbook, graphs, figures and the methods, for other programs.

Everything that comes here is already as it may be published.
"""

from __future__ import annotations

from netact.report.exports.figures import write_figures
from netact.report.exports.write import check_outputs, write_graphs, write_tables

__all__ = ["check_outputs", "write_figures", "write_graphs", "write_tables"]
