"""LaTeX, Markdown, CSV and Parquet: nothing in a table is a command, and every format holds the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.outputs import Outputs
from netact.report.exports import write_graphs, write_tables
from netact.report.exports.graph_parts import graph_ties
from netact.report.exports.result_tables import Table, lists_joined, result_tables
from netact.report.exports.text_tables import MOST_ROWS, latex_table, latex_text, markdown_table, markdown_text
from netact.report.tables import account_table, neutralised

SPECIAL = r"\{}$&#%_^~<>|"


@given(st.text())
def test_latex_keeps_every_character_and_none_is_a_command(text):
    text = unicodedata.normalize("NFC", text)
    # What XeLaTeX and LuaLaTeX print of other scripts.
    made = re.sub(r"\\otherscript\{([^\x00-\x7f]+)\}\{U\+[0-9A-F.]+\}", r"\1", latex_text(text))
    # Take out what stands for one character each; nothing special is left.
    one = r"\\text[a-z]+\{\}|\\[{}$&#%_]|\{[-'`]\}|\{\$(-|\\[a-z]+)\$\}"
    rest = re.sub(one, "", made)
    assert not set(rest) & set(SPECIAL)
    assert len(list(re.finditer(one, made))) + len(rest) == len(text)


def unprinted(tex):
    """Return the characters at which pdfLaTeX with T1 ends: all beyond Latin letters and the punctuation it knows."""
    tex = re.sub(r"\\otherscript\{[^{}]+\}", "", tex)
    return {char for char in tex if ord(char) > 0x17E and char not in "–—‘’‚“”„†‡•…‰‹›€™ȘșȚț"} | set(tex) & set(
        "ĦħĸĿŀŉŦŧ"
    )


@given(st.text())
def test_pdflatex_meets_no_character_that_it_cannot_print(text):
    made = latex_text(text)
    assert not unprinted(made)
    for script, points in re.findall(r"\\otherscript\{([^{}]+)\}\{U\+([^{}]+)\}", made):
        assert "".join(chr(int(point, 16)) for point in points.split(".")) == script


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("a--b", "a{-}{-}b"),
        ("100 % & $5_#1^~", r"100 \% \& \$5\_\#1\textasciicircum{}\textasciitilde{}"),
        ("حر é 🔥", r"\otherscript{حر}{U+062D.0631} é \otherscript{🔥}{U+1F525}"),
        ("−0.5 ≥ e\u0301", r"{$-$}0.5 {$\geq$} é"),
    ],
)
def test_latex(text, made):
    assert latex_text(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a|b", r"a\|b"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("![x](http://a.example)", r"\!\[x\](http&#58;//a.example)"),
        ("&lt;b&gt; & c", "&amp;lt;b&amp;gt; & c"),
        ("_a_ *b* `c` ~d~ #e", r"\_a\_ \*b\* \`c\` \~d\~ \#e"),
    ],
)
def test_markdown(text, made):
    assert markdown_text(text) == made


def table_of(rows):
    return Table("leading_core_pool", pl.DataFrame(rows))


def test_a_table_in_both():
    table = table_of(
        {"account": ["a_b", "c|d"], "audience": [1234, None], "share_of_attention": [0.12345, 0.5], "core": [1, None],
         "stability": [1.0, None]}
    )  # fmt: skip
    assert markdown_table(table).splitlines() == [
        "**The accounts heard most, among which a core was sought**",
        "",
        r"| account | audience | share\_of\_attention | core | stability |",
        "|---|---:|---:|---:|---:|",
        r"| a\_b | 1,234 | 12.3 % | 1 | 100.0 % |",
        r"| c\|d |  | 50.0 % |  |  |",
    ]
    latex = latex_table(table).splitlines()
    assert r"\begin{longtable}{lrrrr}" in latex
    assert r"a\_b & 1,234 & 12.3 \% & 1 & 100.0 \% \\" in latex
    assert latex.count(r"\toprule") == latex.count(r"\midrule") == 2
    assert r"\label{tab:leading_core_pool}" in latex_table(table)


def test_p_values_times_and_small_numbers():
    p = Table("estimates", pl.DataFrame({"p_value": [0.00002, 0.034], "value": [0.00001, 1234.5]}))
    assert "| &lt; 0.0001 | 1.00e{-}05 |".replace("{-}", "-") in markdown_table(p)
    assert "| 0.0340 | 1,234.500 |" in markdown_table(p)
    times = [datetime(2024, 3, 4, tzinfo=UTC), datetime(2024, 3, 4, 5, 6, tzinfo=UTC)]
    made = markdown_table(Table("dynamics_reactions", pl.DataFrame({"time": times, "ended": [True, None]})))
    assert "| 2024-03-04 | yes |" in made
    assert "| 2024-03-04 05:06 |  |" in made


def test_a_long_table_says_how_long_it_is():
    rows = 3 * MOST_ROWS
    table = table_of({"account": [f"a{i}" for i in range(rows)]})
    for made in (latex_table(table), markdown_table(table)):
        assert f"the first {MOST_ROWS} of {rows} rows" in made
        assert f"a{MOST_ROWS - 1}" in made
        assert f"a{MOST_ROWS} " not in made


def test_hostile_names_break_no_row(made):
    table = table_of({"account": made.HOSTILE, "audience": [1] * len(made.HOSTILE)})
    rows = markdown_table(table).splitlines()[4:]
    assert len(rows) == len(made.HOSTILE)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)
    assert not any("<" in row for row in rows)
    assert latex_table(table).count(r"\providecommand{\otherscript}") == 1
    assert not unprinted(latex_table(table).partition(r"\begin")[2])
    latex = latex_table(table).split(r"\endlastfoot")[1].split(r"\end{longtable}")[0].strip().splitlines()
    assert len(latex) == len(made.HOSTILE)
    assert all(row.endswith(r"& 1 \\") for row in latex)


# ---------------------------------------------------------------------- the files of a report


def write_exports(content, table, network, folder, outputs):
    write_graphs(content, network, folder, outputs)
    write_tables(content, table, folder, outputs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, hostile_report):
    out = tmp_path_factory.mktemp("exports")
    outputs = Outputs(tables=("csv", "xlsx", "parquet", "latex", "markdown"), graphs=(), methods=False)
    table = account_table(hostile_report.network, hostile_report.results)
    write_exports(hostile_report.content, table, hostile_report.network, out, outputs)
    return out


def test_every_format_has_every_table(folder, hostile_report):
    names = {table.name for table in result_tables(hostile_report.content)}
    assert [path.name for path in folder.iterdir()] == ["tables"]
    for ending in ("csv", "parquet", "tex", "md"):
        assert {path.stem for path in (folder / "tables").glob(f"*.{ending}")} - {"codebook"} == names
    assert (folder / "tables" / "netact.xlsx").is_file()


def test_latex_files_have_what_pdflatex_needs(folder):
    for path in (folder / "tables").glob("*.tex"):
        head, _, body = path.read_text(encoding="utf-8").partition(r"\begin{longtable}")
        assert not unprinted(body), path.name
        assert (r"\otherscript{" in body) == (r"\providecommand{\otherscript}" in head), path.name
        assert body.count("{") - body.count(r"\{") == body.count("}") - body.count(r"\}"), path.name
        columns = re.match(r"\{([lr]+)\}", body)[1]
        for row in body.split(r"\endlastfoot")[1].split(r"\end{longtable}")[0].strip().splitlines():
            assert len(re.findall(r"(?<!\\)&", row)) == len(columns) - 1, path.name
            assert row.endswith(r" \\"), path.name


def test_csv_and_parquet_hold_the_table(folder, hostile_report):
    for table in result_tables(hostile_report.content):
        assert pl.read_parquet(folder / "tables" / f"{table.name}.parquet").equals(table.frame)
        found = pl.read_csv(folder / "tables" / f"{table.name}.csv", infer_schema=False)
        expected = neutralised(lists_joined(table.frame))
        assert found.columns == expected.columns
        assert found.height == expected.height
        for name, kind in expected.schema.items():
            if kind.is_float():
                assert found[name].cast(pl.Float64).equals(expected[name])
            elif kind == pl.String:
                assert found[name].fill_null("").equals(expected[name].fill_null(""))
            elif kind.is_temporal():
                assert (
                    found[name]
                    .str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
                    .equals(expected[name].dt.truncate("1s"))
                )


def test_no_cell_of_any_csv_runs_in_a_spreadsheet(folder):
    for path in (folder / "tables").glob("*.csv"):
        frame = pl.read_csv(path, infer_schema=False)
        for cell in (cell for column in frame for cell in column if cell):
            if not re.fullmatch(r"-?[0-9.e+-]+", cell):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"{path.name}: {cell}"


def test_only_what_is_asked_for_is_written(tmp_path, hostile_report):
    table = account_table(hostile_report.network, hostile_report.results)
    nothing = Outputs(tables=(), graphs=(), methods=False)
    write_exports(hostile_report.content, table, hostile_report.network, tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []
    some = Outputs(tables=("markdown",), graphs=("json",), methods=True)
    write_exports(hostile_report.content, table, hostile_report.network, tmp_path, some)
    assert {path.name for path in tmp_path.iterdir()} == {"tables", "network.json", "methods.md", "references.bib"}
    assert {path.suffix for path in (tmp_path / "tables").iterdir()} == {".md", ".csv"}
    assert [path.name for path in (tmp_path / "tables").glob("*.csv")] == ["codebook.csv"]


def test_a_network_too_large_to_draw_gets_a_text_that_says_so(tmp_path, hostile_report):
    table = account_table(hostile_report.network, hostile_report.results)
    ties = len(graph_ties(hostile_report.network))
    few = Outputs(tables=(), methods=False, most_graph_ties=ties - 1)
    write_exports(hostile_report.content, table, hostile_report.network, tmp_path, few)
    assert [path.name for path in tmp_path.iterdir()] == ["network-left-out.txt"]
    assert f"{ties:,} ties, more than {ties - 1:,}" in (tmp_path / "network-left-out.txt").read_text()
    enough = Outputs(tables=(), graphs=("json",), methods=False, most_graph_ties=ties)
    (tmp_path / "enough").mkdir()
    write_exports(hostile_report.content, table, hostile_report.network, tmp_path / "enough", enough)
    assert [path.name for path in (tmp_path / "enough").iterdir()] == ["network.json"]
