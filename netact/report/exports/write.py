"""Write everything that a study asks for beside its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from netact.language import speaking
from netact.report.exports.codebook import codebook
from netact.report.exports.figures import check_figures
from netact.report.exports.gexf import write_gexf
from netact.report.exports.graph_parts import graph_nodes, graph_ties
from netact.report.exports.graphml import write_graphml
from netact.report.exports.graphology import write_graphology
from netact.report.exports.methods_text import write_methods
from netact.report.exports.result_tables import Table, account_rows, lists_joined, result_tables, varied_rows
from netact.report.exports.text_tables import latex_table, markdown_table
from netact.report.exports.workbook import write_workbook
from netact.report.tables import neutralised

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from netact.network import Network
    from netact.outputs import Outputs, TableFormat
    from netact.report.content import Content

TABLES, GRAPH = "tables", "network"
LEFT_OUT = """\
The network has {count:,} ties, more than {most:,}: the files for programs that draw networks were left out.

To have them, set most_graph_ties under [outputs] in the study file to a larger number and run the study again,
or narrow the study by [filters].
"""


def _csv(table: Table, path: Path) -> None:
    neutralised(lists_joined(table.frame)).write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ")


def _parquet(table: Table, path: Path) -> None:
    table.frame.write_parquet(path)


def _latex(table: Table, path: Path) -> None:
    path.write_text(latex_table(table), encoding="utf-8")


def _markdown(table: Table, path: Path) -> None:
    path.write_text(markdown_table(table), encoding="utf-8")


# Format of one file a table -> ending, writer.
_WRITERS: dict[TableFormat, tuple[str, Callable[[Table, Path], None]]] = {
    "csv": ("csv", _csv),
    "parquet": ("parquet", _parquet),
    "latex": ("tex", _latex),
    "markdown": ("md", _markdown),
}


def check_outputs(outputs: Outputs) -> None:
    """Refuse what cannot be written here, before a run begins.

    Raises
    ------
    ReportError
        If figures are asked for and the library or the browser that draws them is missing.
    """
    if outputs.figures:
        check_figures()


def write_graphs(
    content: Content, network: Network, folder: Path, outputs: Outputs, *, progress: Callable[[str], None] | None = None
) -> None:
    """Write the files of the network that are asked for, or a text that says why there are none.

    Parameters
    ----------
    content
        What the report holds, names as they may be published.
    network
        Whose ties are written.
    folder
        The folder of the report.
    outputs
        What is asked for.
    progress
        Called with the name of each file before it is written.
    """
    if not outputs.graphs:
        return
    if (count := len(graph_ties(network))) > outputs.most_graph_ties:
        left_out = LEFT_OUT.format(count=count, most=outputs.most_graph_ties)
        (folder / f"{GRAPH}-left-out.txt").write_text(left_out, encoding="utf-8")
        return
    nodes = graph_nodes(network, results=content.results, names=content.names, layout=content.layout)
    for kind in outputs.graphs:
        if progress is not None:
            progress(f"{GRAPH}.{kind}")
        path = folder / f"{GRAPH}.{kind}"
        match kind:
            case "graphml":
                write_graphml(network, nodes, path)
            case "gexf":
                write_gexf(network, nodes, path, weeks=content.study.privacy.names != "all")
            case "json":
                write_graphology(network, nodes, path, title=content.study.title)
            case _:
                assert_never(kind)


def write_tables(content: Content, table: pl.DataFrame, folder: Path, outputs: Outputs) -> None:
    """Write the tables and the methods that are asked for.

    Parameters
    ----------
    content, folder, outputs
        See :func:`write_graphs`.
    table
        All accounts, most heard first; see :func:`netact.report.tables.account_table`.
    """
    # Files of record are in one language, that of the codebook.
    with speaking("en"):
        tables = result_tables(content) if outputs.tables or outputs.methods else []
        if outputs.tables:
            _write_tables(content, tables, account_rows(table), folder / TABLES, outputs)
        if outputs.methods:
            write_methods(content, next((made for made in tables if made.name == "estimates"), None), folder)


def _write_tables(content: Content, tables: list[Table], accounts: Table, folder: Path, outputs: Outputs) -> None:
    folder.mkdir()
    # Files of their own in the folder of the report.
    varied = varied_rows(content)
    for kind in outputs.tables:
        if kind == "xlsx":
            write_workbook(content, [*tables, *varied], accounts, folder / "netact.xlsx")
            continue
        ending, write = _WRITERS[kind]
        for made in tables:
            write(made, folder / f"{made.name}.{ending}")
    codebook([*tables, *varied, accounts]).write_csv(folder / "codebook.csv")
