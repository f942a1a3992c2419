"""Symbols: which hashtags cross the groups, how each came into use, which go together, and which stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import Dash, Input, Output, State, html, no_update

from netact.figures import panels as figures_of
from netact.figures.symbols import adoption_by_group, tag_name
from netact.language import _, _n
from netact.report.findings import question_text
from netact.results import Symbols
from netact_dashboards.components import answers, checklist, figure_panel, head, notice, section, sections
from netact_dashboards.view import Page, View

if TYPE_CHECKING:
    from netact.figures import Panel
    from netact_dashboards.shelf import Shelf

STEM = "symbols"


def _result(view: View) -> Symbols | None:
    found = view.content.results.get(STEM)
    return found if isinstance(found, Symbols) else None


def _choices(result: Symbols) -> list[tuple[int, str, int]]:
    """Return row, hashtag and users of the signs whose adoption by group is known, the most used first."""
    known = result.adoption.filter(pl.col("faction").is_not_null())["symbol"].implode()
    rows = result.symbols.with_row_index("row").filter(pl.col("symbol").is_in(known))
    return list(rows.select("row", "symbol", "users").iter_rows())


def _chosen(view: View, result: Symbols) -> int | None:
    """Return the row of the sign in the address, else of the first of which something is concluded."""
    rows = [row for row, _tag, _users in _choices(result)]
    wanted = view.number("sign", high=max(result.symbols.height - 1, 0))
    if wanted in rows:
        return wanted
    # First a sign that crosses and is kept, then one that is bound.
    signs = result.symbols.with_row_index("row")
    kept = signs.filter((pl.col("verdict") == "crossing") & pl.col("kept"))["row"].to_list()
    bound = signs.filter(pl.col("verdict") == "bound")["row"].to_list()
    return next((row for row in [*kept, *bound, *rows] if row in rows), None)


def _parts(view: View) -> dict[str, list[Panel]]:
    """Return the figures by the part of the page they stand in, in its order."""
    result, content = _result(view), view.content
    if result is None:
        return {}
    made = {one.name: one for one in figures_of(result, names=content.names, directed=content.summary.directed)}
    row = _chosen(view, result)
    one = None if row is None else adoption_by_group(result, result.symbols["symbol"][row], view.groups)
    order = {"across": "lifts", "spread": "adoption", "together": "together", "stay": "retention"}
    parts = {part: [made[name]] if name in made else [] for part, name in order.items()}
    if one is not None:
        parts["spread"].append(one)
    return parts


def panels(view: View) -> tuple[Panel, ...]:
    """Return the figures in the order of the page."""
    return tuple(one for shown in _parts(view).values() for one in shown)


def layout(view: View) -> Any:
    """Return the page."""
    result, finding = _result(view), view.findings[STEM]
    top = [head(view, finding), *answers(finding, criteria=() if result is None else result.criteria)]
    parts = _parts(view)
    if result is None or not any(parts.values()):
        text = _("This question could not be answered from these data, so there is no figure.")
        return [*top, notice(_("Nothing to draw"), text)]
    return [
        *top,
        *_verdict(result),
        *sections(view, [(_("Across the groups"), parts["across"])]),
        *_spread(view, result, parts["spread"]),
        *sections(view, [(_("Used together"), parts["together"]), (_("Whether they stay"), parts["stay"])]),
    ]


def _verdict(result: Symbols) -> list[Any]:
    """Return the conditions under which a sign may be called shared."""
    if not result.criteria:
        return []
    text = _("A hashtag that many use is not yet a shared sign. What may be said depends on these conditions.")
    return [section(_("Is there a sign that all share?"), html.P(text, className="note"), checklist(result.criteria))]


def _spread(view: View, result: Symbols, shown: list[Panel]) -> list[Any]:
    """Return how signs came into use: the most used ones, and one of them by group."""
    if not shown:
        return []
    parts: list[Any] = [figure_panel(view, one) for one in shown if one.name == "adoption"]
    row = _chosen(view, result)
    if row is not None:
        parts.append(
            html.Div(
                dmc.Select(
                    id="sign-choice",
                    label=_("One hashtag, by group"),
                    data=[
                        {
                            "value": str(number),
                            "label": _n(
                                "{hashtag} ({n:count} account)",
                                "{hashtag} ({n:count} accounts)",
                                users,
                                hashtag=tag_name(tag),
                            ),
                        }
                        for number, tag, users in _choices(result)
                    ],
                    value=str(row),
                    allowDeselect=False,
                    searchable=True,
                    nothingFoundMessage=_("No such hashtag."),
                    maxDropdownHeight=320,
                ),
                className="chooser",
            )
        )
        parts += [figure_panel(view, one) for one in shown if one.name != "adoption"]
    return [section(_("How they came into use"), *parts, part="came-into-use")]


def register(app: Dash, shelf: Shelf) -> None:  # noqa: ARG001
    """Choosing a hashtag changes the address."""

    @app.callback(
        Output("address", "search", allow_duplicate=True),
        Input("sign-choice", "value"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose(value: str | None, search: str | None) -> Any:
        wanted = f"?sign={value}"
        return no_update if value is None or wanted == (search or "") else wanted


PAGE = Page(STEM, lambda: question_text(STEM), layout, panels, register)
