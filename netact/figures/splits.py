"""Figures of what goes with the groups: platforms, hashtags, and the accounts heard across groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from netact.figures.text import person, plain, quoted, safe, table
from netact.figures.theme import Panel, canvas, colour, symbol
from netact.figures.timeline import shown_group
from netact.language import _, _p, count, decimal, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Factions

# Steps of Cividis, so that platforms are never taken for groups; further platforms are put together.
_PLATFORM_COLOURS = ("#123570", "#7C7B78", "#E1CC55", "#4E576C", "#B0A473")
_PLATFORM_INK = ("#FFFFFF", "#FFFFFF", "#111111", "#FFFFFF", "#111111")
_PATTERNS = ("", "/", "", "x", ".")
_HASHTAGS_EACH = 4
_MOST_GROUPS = 8
_MOST_BRIDGES = 15
_TWICE = 2.0
# A hashtag that is hardly more common in a group than outside says nothing of the group.
_DISTINCTIVE = 1.25


def platform_split(factions: Factions, groups: Mapping[int, str]) -> Panel | None:
    """Return on which platforms the accounts of each group are, beside what mixing would give.

    Parameters
    ----------
    factions
        Its platforms by group.
    groups
        Number of a group -> the name to show.

    Returns
    -------
    Panel or None
        None with fewer than two platforms or without groups.
    """
    rows = factions.platforms.filter(pl.col("faction") >= 0)
    if not rows.height or rows["platform"].n_unique() < 2:
        return None
    order = sorted(rows["faction"].unique().to_list())[:_MOST_GROUPS]
    rows = rows.filter(pl.col("faction").is_in(order))
    sizes = (
        rows.group_by("platform").agg(pl.col("accounts").sum()).sort("accounts", "platform", descending=[True, False])
    )
    platforms = sizes["platform"].to_list()
    shown = platforms[:4] if len(platforms) > len(_PLATFORM_COLOURS) else platforms
    share = {(f, p): v for f, p, v in rows.select("faction", "platform", "share").iter_rows()}
    accounts = {(f, p): v for f, p, v in rows.select("faction", "platform", "accounts").iter_rows()}
    expected = _expected(rows)
    names = [shown_group(f, groups) for f in order]
    figure = canvas(height=120 + 36 * (len(order) + 1))
    at = [0.0, *(i + 1.3 for i in range(len(order)))]
    base = [0.0] * len(at)
    bands: list[tuple[str, list[float]]] = [
        (p, [expected.get(p, 0.0), *(share.get((f, p), 0.0) for f in order)]) for p in shown
    ]
    if len(shown) < len(platforms):
        rest = platforms[len(shown) :]
        others = [sum(expected.get(p, 0.0) for p in rest), *(sum(share.get((f, p), 0.0) for p in rest) for f in order)]
        bands.append((_("other platforms"), others))
    for number, (platform, values) in enumerate(bands):
        label = safe(platform, limit=18)
        figure.add_bar(
            x=values, y=at, base=base, orientation="h", name=label, width=0.78,
            marker={
                "color": _PLATFORM_COLOURS[number], "opacity": [0.55] + [1.0] * len(order), "line": {"width": 1, "color": "rgba(255,255,255,0.8)"},
                "pattern": {"shape": _PATTERNS[number], "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.4)", "size": 7, "solidity": 0.2},
            },
            text=[percent(v) if v >= 0.12 else "" for v in values], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"size": 12, "color": _PLATFORM_INK[number]}, constraintext="none",
            customdata=[
                _("{platform}: {share:percent} if groups mixed", platform=label, share=values[0]),
                *(_("{group}: {share:percent} on {platform}", group=safe(name, limit=24), share=v, platform=label) for name, v in zip(names, values[1:], strict=True)),
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
        base = [low + value for low, value in zip(base, values, strict=True)]
    figure.update_layout(barmode="overlay", showlegend=True, legend={"traceorder": "normal"})
    figure.update_xaxes(tickformat=".0%", range=[0, 1.005], nticks=5)
    figure.update_yaxes(
        tickvals=at,
        ticktext=[_("if mixed"), *(safe(name, limit=16) for name in names)],
        range=[at[-1] + 0.6, -0.6],
        showgrid=False,
        ticks="",
    )
    apart, where = max(
        ((share.get((f, p), 0.0) - expected.get(p, 0.0), (f, p)) for f in order for p in platforms),
        key=lambda found: found[0],
    )
    title = (
        _(
            "{share:percent} of {group} are on {platform}, where {expected:percent} would be if groups mixed",
            share=share[where],
            group=person(shown_group(where[0], groups)),
            platform=person(where[1]),
            expected=expected.get(where[1], 0.0),
        )
        if apart >= 0.05
        else _("The groups hardly differ by platform")
    )
    pairs = [(f, name, p) for f, name in zip(order, names, strict=True) for p in platforms]
    cells = table(
        (_("group"), [plain(name) for _faction, name, _platform in pairs]),
        (_("platform"), [plain(p) for _faction, _name, p in pairs]),
        (_("accounts"), [count(accounts.get((f, p), 0)) for f, _name, p in pairs]),
        (_p("a fraction", "share"), [percent(share.get((f, p), 0.0)) for f, _name, p in pairs]),
        (_("if groups mixed"), [percent(expected.get(p, 0.0)) for _faction, _name, p in pairs]),
    )
    note = _(
        "Share of each group's accounts by platform. Pale: all groups together, as if platform and group had nothing to do with one another."
    )
    return Panel("platforms", title, figure, cells, note)


def hashtags_by_group(factions: Factions, groups: Mapping[int, str]) -> Panel | None:
    """Return the hashtags that set each group apart: how many of its accounts use them, and how much more than others.

    Parameters
    ----------
    factions
        Its hashtags by group, most distinctive first.
    groups
        Number of a group -> the name to show.

    Returns
    -------
    Panel or None
        None without a hashtag that is a quarter more common in a group that has a name than outside it.
    """
    distinctive = pl.col("lift").is_null() | (pl.col("lift") >= _DISTINCTIVE)
    rows = factions.hashtags.filter((pl.col("faction") >= 0) & distinctive)
    order = sorted(rows["faction"].unique().to_list())[:_MOST_GROUPS]
    if not order:
        return None
    figure = canvas(height=100)
    at, ticks, y = [], [], 0.0
    said: list[tuple[str, str, int, float, float | None]] = []
    best: tuple[bool, float, int, str] | None = None
    widest = max(rows.filter(pl.col("faction").is_in(order))["share"].to_list())
    for faction in order:
        name = shown_group(faction, groups)
        part = rows.filter(pl.col("faction") == faction).head(_HASHTAGS_EACH)
        figure.add_annotation(
            x=0, xref="paper", y=y, text=safe(name, limit=28), showarrow=False, xanchor="left", align="left",
            font={"size": 13, "weight": 600}, yanchor="middle",
        )  # fmt: skip
        places = [y + 0.85 + i for i in range(part.height)]
        labels = [_tag(tag) for tag in part["hashtag"]]
        shares, lifts = part["share"].to_list(), part["lift"].to_list()
        figure.add_scatter(
            x=[v for share in shares for v in (0, share, None)], y=[v for place in places for v in (place, place, None)],
            mode="lines", line={"width": 2, "color": "rgba(138,143,152,0.35)"}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=shares, y=places, mode="markers+text", name=safe(name, limit=24), showlegend=False, cliponaxis=False,
            marker={"size": 11, "color": colour(faction), "symbol": symbol(faction), "line": {"width": 2, "color": colour(faction)}},
            text=["\u2002" + _("{times:decimal1} times", times=lift) if lift is not None else "\u2002" + _("only here") for lift in lifts],
            textposition="middle right", textfont={"size": 12},
            customdata=[
                _("{hashtag}<br>{share:percent} of {group}", hashtag=label, share=share, group=safe(name, limit=24))
                for label, share in zip(labels, shares, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
        at += places
        ticks += [safe(_tag(tag, literal=True), limit=18) for tag in part["hashtag"]]
        for tag, accounts, share, lift in part.select("hashtag", "accounts", "share", "lift").iter_rows():
            said.append((name, tag, accounts, share, lift))
            # The title tells of what is common in a group and rare outside it.
            apart = lift is None or lift >= _TWICE
            if best is None or (apart, share) > best[:2]:
                best = (apart, share, faction, tag)
        y = places[-1] + 1.25
    figure.update_layout(height=round(50 + 25 * y), margin={"t": 10, "r": 14})
    figure.update_yaxes(tickvals=at, ticktext=ticks, range=[y - 0.6, -0.6], showgrid=False, ticks="", showline=False)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.5 * widest], nticks=4)
    assert best is not None  # noqa: S101 - every group in ``order`` has a hashtag
    title = _(
        "{share:percent} of those in {group} who use hashtags use {hashtag}",
        share=best[1],
        group=person(shown_group(best[2], groups)),
        hashtag=person(_tag(best[3], literal=True)),
    )
    cells = table(
        (_("group"), [plain(row[0]) for row in said]),
        (_("hashtag"), [plain(_tag(row[1], literal=True)) for row in said]),
        (_("accounts"), [count(row[2]) for row in said]),
        (_("share of those who use hashtags"), [percent(row[3]) for row in said]),
        (_("times as common as in other groups"), [_("only here") if row[4] is None else decimal(row[4], 1) for row in said]),
    )  # fmt: skip
    note = _(
        "Of the accounts of each group that use hashtags at all: the share that uses its most distinctive ones, and how many times as common they are there as in all other groups."
    )
    return Panel("hashtags", title, figure, cells, note)


def bridges(factions: Factions, names: Mapping[str, str], groups: Mapping[int, str]) -> Panel | None:
    """Return the accounts that are heard across groups, with the share of their attention that crosses.

    Parameters
    ----------
    factions
        Its bridges, most crossing attention first.
    names
        Account -> the name to print; others are left out.
    groups
        Number of a group -> the name to show.

    Returns
    -------
    Panel or None
        None without bridges that may be named.
    """
    if "crossing_share" not in factions.bridges.columns:
        return None
    rows = factions.bridges.filter(pl.col("account").is_in(list(names))).head(_MOST_BRIDGES)
    if not rows.height:
        return None
    figure = canvas(height=78 + 40 * rows.height)
    at = list(range(rows.height))
    crossing, share = rows["crossing"].to_list(), rows["crossing_share"].to_list()
    own, other = rows["faction"].to_list(), rows["other_faction"].to_list()
    most = max([*crossing, 1.0])
    figure.add_scatter(
        x=[v for c in crossing for v in (0, c, None)], y=[v for i in at for v in (i, i, None)], mode="lines",
        line={"width": 3, "color": "rgba(138,143,152,0.4)"}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    said = [
        _("{account} of {group}<br>{n:count} from {other}<br>{share:percent} of what it received", account=safe(names[a]), group=safe(shown_group(g, groups), limit=24), n=c, other=safe(shown_group(o, groups), limit=24), share=s)
        for a, g, o, c, s in zip(rows["account"], own, other, crossing, share, strict=True)
    ]  # fmt: skip
    for faction in sorted(set(own), key=lambda f: (f < 0, f)):
        chosen = [i for i in at if own[i] == faction]
        figure.add_scatter(
            x=[crossing[i] for i in chosen], y=chosen, mode="markers", name=_("of {group}", group=safe(shown_group(faction, groups), limit=18)),
            marker={"size": 12, "color": colour(faction), "symbol": symbol(faction), "line": {"width": 2, "color": colour(faction)}},
            customdata=[said[i] for i in chosen], hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    for i in at:
        # From which other group, under the line of the account: no further column is needed on narrow screens.
        figure.add_annotation(
            x=0, y=i, xanchor="left", yanchor="top", yshift=-4, xshift=2, showarrow=False, font={"size": 11}, opacity=0.8,
            text=_("{share:percent} of its attention, from {group}", share=share[i], group=safe(shown_group(other[i], groups), limit=18)),
        )  # fmt: skip
    figure.update_yaxes(tickvals=at, ticktext=[safe(names[a], limit=16) for a in rows["account"]], range=[rows.height - 0.3, -0.6], showgrid=False, ticks="")  # fmt: skip
    figure.update_xaxes(range=[0, 1.06 * most], tickformat=",.0f", nticks=5, side="bottom")
    figure.update_layout(showlegend=True)
    title = _(
        "{account} drew most attention across groups: {n:count} times, {share:percent} of what it received",
        account=quoted(names[rows["account"][0]]),
        n=crossing[0],
        share=share[0],
    )
    cells = table(
        (_("account"), [names[a] for a in rows["account"]]),
        (_("group"), [plain(shown_group(f, groups)) for f in own]),
        (_("from"), [plain(shown_group(f, groups)) for f in other]),
        (_("attention across"), [count(value) for value in crossing]),
        (_("of all it received"), [percent(value) for value in share]),
    )
    return Panel("bridges", title, figure, cells, _("Attention received from another group than the account's own."))


def _expected(rows: pl.DataFrame) -> dict[str, float]:
    """Return the share of each platform if every group were spread over them like the whole: it is the same for all."""
    known = dict(rows.group_by("faction").agg(pl.col("accounts").sum()).iter_rows())
    found: dict[str, float] = {}
    for faction, platform, expected in rows.select("faction", "platform", "expected").iter_rows():
        if known[faction]:
            found.setdefault(platform, expected / known[faction])
    return found


def _tag(hashtag: str, *, literal: bool = False) -> str:
    text = f"#{hashtag.removeprefix('#')}"
    return text if literal else safe(text, limit=40)
