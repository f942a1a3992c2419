"""Tables as LaTeX (booktabs) and Markdown, to be put into a paper or a page."""

from __future__ import annotations

import re
import unicodedata
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
    "\N{MINUS SIGN}": "{$-$}", "≥": r"{$\geq$}", "≤": r"{$\leq$}", "≈": r"{$\approx$}", "→": r"{$\to$}",
}  # fmt: skip
_LATEX_SPECIAL = re.compile("|".join(re.escape(character) for character in _LATEX))
# What pdfLaTeX prints in T1 beside ASCII, tried out; it ends with an error at any other character.
_PRINTED = "".join(chr(code) for code in range(0xA1, 0x17F) if chr(code) not in "ĦħĸĿŀŉŦŧ") + "–—‘’‚“”„†‡•…‰‹›€™ȘșȚț"
_OTHER = re.compile(rf"[^\x00-\x7f{re.escape(_PRINTED)}{''.join(key for key in _LATEX if ord(key) > 127)}]+")
_OTHER_SCRIPT = (
    r"% \otherscript: XeLaTeX and LuaLaTeX print the text, with a font that holds it; pdfLaTeX prints its code points.",
    r"\providecommand{\otherscript}[2]{\ifdefined\XeTeXversion#1\else\ifdefined\directlua#1\else#2\fi\fi}",
)
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
    r"""Return a text as LaTeX prints it as it stands; what pdfLaTeX cannot print is an argument of ``\otherscript``.

    >>> latex_text("50 % of #this & {that}_1")
    '50 \\% of \\#this \\& \\{that\\}\\_1'
    >>> latex_text("#عم")
    '\\#\\otherscript{عم}{U+0639.0645}'
    """

    def other(found: re.Match[str]) -> str:
        return rf"\otherscript{{{found[0]}}}{{U+{'.'.join(f'{ord(character):04X}' for character in found[0])}}}"

    # One after the other would take what the first has written for text.
    return re.sub(
        f"{_OTHER.pattern}|{_LATEX_SPECIAL.pattern}",
        lambda found: _LATEX[found[0]] if found[0] in _LATEX else other(found),
        unicodedata.normalize("NFC", text),
    )


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
    caption = latex_text(_caption(table))
    return "\n".join(
        [
            r"% needs \usepackage{booktabs,longtable} and, with pdfLaTeX, \usepackage[T1]{fontenc}",
            *(_OTHER_SCRIPT if any(r"\otherscript{" in line for line in (caption, head, *rows)) else ()),
            rf"\begin{{longtable}}{{{align}}}",
            rf"\caption{{{caption}}}\label{{tab:{table.name}}} \\",
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
