"""Tables as LaTeX (booktabs) and Markdown, to be put into a paper or a page."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, get_args

from netact.figures.text import plain
from netact.report.exports.columns import Unit

if TYPE_CHECKING:
    from netact.report.exports.result_tables import Table

# A longer table is no table of a paper: its first rows are written and it is said how many there are.
MOST_ROWS = 100
_LONGEST = 120

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "-": r"{-}", "'": r"{'}", "`": r"{`}",
}  # fmt: skip
_LATEX_SPECIAL = re.compile("|".join(re.escape(character) for character in _LATEX))
_NUMERIC: frozenset[Unit] = frozenset(get_args(Unit)) - {
    "account key",
    "person",
    "name",
    "text",
    "label",
    "list",
    "time (UTC)",
    "true or false",
}


def latex_text(text: str) -> str:
    r"""Return a text as LaTeX prints it as it stands.

    >>> latex_text("50 % of #this & {that}_1")
    '50 \\% of \\#this \\& \\{that\\}\\_1'
    """
    return _LATEX_SPECIAL.sub(lambda found: _LATEX[found[0]], text)


def markdown_text(text: str) -> str:
    r"""Return a text as Markdown shows it as it stands, inside a cell of a table.

    >>> markdown_text("a|b <b> *c* [d](e)")
    'a\\|b &lt;b&gt; \\*c\\* \\[d\\](e)'
    """
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_\[\]|~#!])", r"\\\1", text)
    return re.sub(r"(https?):|www\.", lambda found: found[0].replace(":", "&#58;").replace(".", "&#46;"), text)


def latex_table(table: Table) -> str:
    """Return a table for the package booktabs (and longtable, as it may be longer than a page)."""
    columns = table.columns
    align = "".join("r" if column.unit in _NUMERIC else "l" for column in columns.values())
    head = " & ".join(latex_text(name) for name in columns) + r" \\"
    rows = [
        " & ".join(latex_text(_cell(value, columns[name].unit)) for name, value in row.items()) + r" \\"
        for row in table.frame.head(MOST_ROWS).iter_rows(named=True)
    ]
    return "\n".join(
        [
            r"% needs \usepackage{booktabs,longtable}; XeLaTeX or LuaLaTeX for other scripts, else \usepackage[T1]{fontenc}",
            rf"\begin{{longtable}}{{{align}}}",
            rf"\caption{{{latex_text(_caption(table))}}}\label{{tab:{table.name}}} \\",
            r"\toprule", head, r"\midrule", r"\endfirsthead",
            r"\toprule", head, r"\midrule", r"\endhead",
            r"\bottomrule", r"\endlastfoot",
            *rows,
            r"\end{longtable}",
            "",
        ]
    )  # fmt: skip


def markdown_table(table: Table) -> str:
    """Return a table in GitHub's Markdown."""
    columns = table.columns
    lines = [
        f"**{markdown_text(_caption(table))}**",
        "",
        "| " + " | ".join(markdown_text(name) for name in columns) + " |",
        "|" + "|".join("---:" if column.unit in _NUMERIC else "---" for column in columns.values()) + "|",
    ]
    lines += [
        "| " + " | ".join(markdown_text(_cell(value, columns[name].unit)) for name, value in row.items()) + " |"
        for row in table.frame.head(MOST_ROWS).iter_rows(named=True)
    ]
    return "\n".join(lines) + "\n"


def _caption(table: Table) -> str:
    if table.frame.height <= MOST_ROWS:
        return table.declared.title
    return f"{table.declared.title} (the first {MOST_ROWS} of {table.frame.height:,} rows)"


def _cell(value: Any, unit: Unit) -> str:
    """Return a value as it is printed, numbers by their unit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time().isoformat() == "00:00:00" else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(_cell(one, unit) for one in value)
    if isinstance(value, float):
        return _number(value, unit)
    if isinstance(value, int):
        return str(value) if unit == "number" else f"{value:,}"
    return plain(str(value), limit=_LONGEST)


def _number(value: float, unit: Unit) -> str:
    if unit in ("p-value", "q-value"):
        return "< 0.0001" if value < 0.0001 else f"{value:.4f}"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if value.is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.3f}" if abs(value) >= 0.001 else f"{value:.2e}"
