"""The map of the network: the most-heard accounts, coloured by faction, members of cores marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import Words, capital, group_name, safe, sentence, table
from netact.figures.theme import LABEL, OTHER, Panel, bare, canvas, colour, labels_without_overlap, symbol
from netact.language import _, _n, count, percent
from netact.results import Factions, LeadingCore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.layout import Layout
    from netact.results import Result


def network_map(layout: Layout, results: Mapping[str, Result], names: Mapping[str, str], words: Words) -> Panel | None:
    """Return the map; None if fewer than three accounts have a place.

    Only accounts in ``names`` are named; the others are drawn as "an account".
    """
    if layout.accounts.height < 3:
        return None
    placed = layout.accounts.with_row_index("at")
    faction, core = _factions(results), _cores(results)
    joined = placed.join(faction, on="account", how="left", maintain_order="left")
    joined = joined.join(core, on="account", how="left", maintain_order="left")
    x, y = joined["x"].to_list(), joined["y"].to_list()
    figure = canvas(height=620)
    figure.update_layout(hovermode="closest", dragmode="pan")
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for source, target in layout.ties.select("source", "target").iter_rows():
        lines_x += [x[source], x[target], None]
        lines_y += [y[source], y[target], None]
    figure.add_scatter(
        x=[None if v is None else round(v, 4) for v in lines_x], y=[None if v is None else round(v, 4) for v in lines_y],
        mode="lines", line={"width": 0.5, "color": "rgba(138,143,152,0.35)"}, hoverinfo="skip", name=_("Tie"), showlegend=False,
    )  # fmt: skip
    most = max([*joined["attention"].to_list(), 1e-12])
    group_names = _group_names(results)
    shown = joined.with_columns(group=pl.when(pl.col("faction").is_in(list(group_names))).then(pl.col("faction")))
    total = float(joined["attention"].sum()) or 1.0
    anonymous = _("an account")
    for key, rows in sorted(shown.group_by("group"), key=lambda item: (item[0][0] is None, item[0][0] or 0)):
        number = key[0]
        rows = rows.sort("at")
        label = group_names.get(number, _("Smaller groups")) if number is not None else _("Smaller groups")
        figure.add_scatter(
            x=[round(v, 4) for v in rows["x"]], y=[round(v, 4) for v in rows["y"]], mode="markers",
            name=safe(label) if group_names else _("Account"),
            marker={
                "size": [round(4 + 17 * math.sqrt(v / most), 1) for v in rows["attention"]],
                "color": colour(number) if group_names else colour(0), "symbol": symbol(number) if group_names else "circle",
                "opacity": 0.8, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"},
            },
            customdata=[[safe(names[a]) if a in names else anonymous, words.counted(v)] for a, v in zip(rows["account"], rows["attention"], strict=True)],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )  # fmt: skip
    members = shown.drop_nulls("core")
    if members.height:
        figure.add_scatter(
            x=members["x"].to_list(), y=members["y"].to_list(), mode="markers", name=_("In a core"), hoverinfo="skip",
            marker={"size": [round(10 + 17 * math.sqrt(v / most), 1) for v in members["attention"]], "symbol": "circle-open", "color": "#111", "line": {"width": 2.5}},
            meta="ink",
        )  # fmt: skip
    order = [i for i, a in enumerate(joined["account"]) if a in names]
    order.sort(key=lambda i: (joined["core"][i] is None, i))
    marked = labels_without_overlap(x, y, order, most=10, width=0.2, height=0.055)
    annotations = [
        {
            "x": x[i], "y": y[i], "text": safe(names[joined["account"][i]], limit=18), "yshift": 15, "showarrow": False,
            "font": {"size": 12}, "bgcolor": LABEL, "borderpad": 1,
        }
        for i in marked
    ]  # fmt: skip
    bare(figure)
    near = _("Near means tied; directions on the page mean nothing.")
    fewer, lighter = joined.height < layout.total, layout.ties.height < layout.ties_total
    if fewer:
        shown_of = _n(
            "Showing {shown:count} of {n:count} accounts",
            "Showing {shown:count} of {n:count} accounts",
            layout.total,
            shown=joined.height,
        )
    else:
        shown_of = _n("All {n:count} accounts with a tie", "All {n:count} accounts with a tie", layout.total)
    if fewer and lighter:
        note = _n(
            "{showing}, the most heard, and the {shown:count} heaviest of {n:count} ties among them.",
            "{showing}, the most heard, and the {shown:count} heaviest of {n:count} ties among them.",
            layout.ties_total,
            showing=shown_of,
            shown=layout.ties.height,
        )
    elif lighter:
        note = _n(
            "{showing}, and the {shown:count} heaviest of {n:count} ties among them.",
            "{showing}, and the {shown:count} heaviest of {n:count} ties among them.",
            layout.ties_total,
            showing=shown_of,
            shown=layout.ties.height,
        )
    else:
        note = _("{showing}, the most heard.", showing=shown_of) if fewer else sentence(shown_of)
    annotations.append(
        {
            "text": shown_of, "x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
            "showarrow": False, "font": {"size": 12, "color": OTHER},
        }
    )  # fmt: skip
    figure.update_layout(annotations=annotations)
    top = shown.filter(pl.col("account").is_in(list(names))).head(50)
    cells = table(
        (_("account"), [names[a] for a in top["account"]]),
        (words.ties, [count(v) for v in top["attention"]]),
        (_("of those drawn"), [percent(v / total) for v in top["attention"]]),
        (_("group"), [group_names.get(f, "") if f is not None else "" for f in top["group"]]),
        (_("core"), ["" if c is None else str(c) for c in top["core"]]),
    )
    title = _("{accounts} and the ties among them", accounts=words.the_most_heard)
    return Panel("map", capital(title), figure, cells, f"{note} {near}")


def _factions(results: Mapping[str, Result]) -> pl.DataFrame:
    result = results.get("factions")
    if isinstance(result, Factions) and result.membership.height:
        return result.membership.select("account", "faction")
    return pl.DataFrame(schema={"account": pl.String, "faction": pl.Int64})


def _group_names(results: Mapping[str, Result]) -> dict[int, str]:
    result = results.get("factions")
    if isinstance(result, Factions):
        named = result.sizes.filter(pl.col("faction") >= 0).head(6).select("faction", "name")
        return {number: group_name(name) for number, name in named.iter_rows()}
    return {}


def _cores(results: Mapping[str, Result]) -> pl.DataFrame:
    result = results.get("leading_core")
    found = result.cores if isinstance(result, LeadingCore) else ()
    rows = [(member, number) for number, core in enumerate(found, start=1) for member in core.members]
    return pl.DataFrame(rows, schema={"account": pl.String, "core": pl.Int64}, orient="row").unique(
        "account", maintain_order=True
    )
