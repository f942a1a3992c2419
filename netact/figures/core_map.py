"""Map of the cores: members, the ties among them, how stable each membership is, and the associates around."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.figures.text import Words, core_name, plain, safe, table
from netact.figures.theme import OTHER, Panel, bare, canvas, colour, symbol
from netact.language import _, _n, count, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.results import Core, LeadingCore

# Below this share of subsamples a membership is as likely chance as not, and the marker is hollow.
_STEADY = 0.5
_MOST_CORES = 3
_MOST_ASSOCIATES = 8
# Units of the drawing: a core is a circle of radius 1, its associates hang below it on a line.
_APART, _SHELF, _SHELF_WIDTH = 3.3, -1.62, 1.45
# Ties end before a hollow marker, which would show them inside.
_TRIM = 0.1


def core_map(result: LeadingCore, names: Mapping[str, str], words: Words) -> Panel | None:
    """Return members of each core on a circle, steadiest on top, with their ties and the associates outside.

    Parameters
    ----------
    result
        A leading core; where none was found, the closest set is drawn and not called a core.
    names
        Account -> the name to print; others are "an account".
    words
        How to speak of the ties.

    Returns
    -------
    Panel or None
        None where there is no set, or no tie among its members.
    """
    sets = _sets(result)
    if not sets or not result.core_ties.height:
        return None
    associates = _associates(result, len(sets)) if result.cores else []
    apart = _APART + (0.9 if associates else 0.0)
    middle = [-apart * number for number in range(len(sets))]
    place: dict[str, tuple[float, float]] = {}
    for number, (_label, core) in enumerate(sets):
        for position, member in enumerate(core.members):
            angle = math.pi / 2 - 2 * math.pi * position / max(1, core.size)
            place.setdefault(member, (math.cos(angle), middle[number] + math.sin(angle)))
    low = middle[-1] - (2.45 if associates else 1.5)
    figure = canvas(height=round(70 + 130 * (1.5 - low)))
    figure.update_layout(showlegend=True, hovermode="closest")
    hollow = {m for _label, core in sets for m in core.members if core.stability.get(m, 1.0) < _STEADY}
    hung = _shelves(associates, middle)
    if hung:
        lines_x: list[float | None] = []
        lines_y: list[float | None] = []
        for number, y0 in enumerate(middle):
            own = [p for p, row in zip(hung, associates, strict=True) if row["core"] == number + 1]
            for px, py in own:
                lines_x += [px, px, None]
                lines_y += [y0 + _SHELF, py, None]
            if own:
                lines_x += [min(0.0, *(p[0] for p in own)), max(0.0, *(p[0] for p in own)), None]
                lines_y += [y0 + _SHELF, y0 + _SHELF, None]
        figure.add_scatter(
            x=lines_x, y=lines_y, mode="lines", hoverinfo="skip", showlegend=False, line={"width": 1.2, "color": OTHER},
        )  # fmt: skip
    for mutual in (False, True):
        x: list[float | None] = []
        y: list[float | None] = []
        for source, target, both in result.core_ties.select("source", "target", "mutual").iter_rows():
            if both == mutual and source in place and target in place:
                (x0, y0), (x1, y1) = place[source], place[target]
                length = math.hypot(x1 - x0, y1 - y0) or 1.0
                near, far = _TRIM / length * (source in hollow), _TRIM / length * (target in hollow)
                x += [x0 + near * (x1 - x0), x1 - far * (x1 - x0), None]
                y += [y0 + near * (y1 - y0), y1 - far * (y1 - y0), None]
        if x:
            figure.add_scatter(
                x=x, y=y, mode="lines", hoverinfo="skip",
                name=_("tie in both directions") if mutual and words.directed else _("tie in one direction") if words.directed else _("tie"),
                line={"width": 2.4 if mutual else 0.9, "color": "rgba(110,118,130,0.6)" if mutual else "rgba(138,143,152,0.55)"},
            )  # fmt: skip
    attention = dict(result.pool.select("account", "share_of_attention").iter_rows())
    for number, (label, core) in enumerate(sets):
        shares = [attention.get(member) or 0.0 for member in core.members]
        most = max([*shares, 1e-12])
        stability = [core.stability.get(member) for member in core.members]
        figure.add_scatter(
            x=[place[m][0] for m in core.members], y=[place[m][1] for m in core.members], mode="markers+text", name=label,
            text=[_label_of(m, s, names) for m, s in zip(core.members, stability, strict=True)],
            textposition=[_outward(place[m][0], place[m][1] - middle[number]) for m in core.members],
            textfont={"size": 12}, cliponaxis=False,
            marker={
                "size": [13 + 19 * math.sqrt(share / most) for share in shares],
                "symbol": [f"{symbol(number)}-open" if m in hollow else symbol(number) for m in core.members],
                "color": colour(number), "opacity": 1, "line": {"width": 2.5, "color": colour(number)},
            },
            customdata=[_said(m, share, s, names) for m, share, s in zip(core.members, shares, stability, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    if hung:
        figure.add_scatter(
            x=[p[0] for p in hung], y=[p[1] for p in hung], mode="markers+text", name=_("associate"), cliponaxis=False,
            text=[safe(names[row["account"]], limit=10) if row["account"] in names else "" for row in associates],
            textposition="bottom center", textfont={"size": 12},
            marker={"size": 10, "symbol": "circle-open-dot", "color": OTHER, "line": {"width": 2}},
            customdata=[
                _("{account}<br>{ties:count} ties with the core; chance would give {expected:decimal1}", account=_shown(row["account"], names), ties=row["ties"], expected=row["expected"])
                for row in associates
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(range=[-1.85, 1.85])
    figure.update_yaxes(range=[low, 1.5])
    bare(figure)
    # Labels need their room on narrow screens more than the circle needs to be round.
    figure.update_yaxes(scaleanchor=None)
    members = [(label, core, member) for label, core in sets for member in core.members]
    cells = table(
        (_("set"), [label for label, _core, _member in members] + [sets[row["core"] - 1][0] for row in associates]),
        (_("account"), [_plain(member, names) for _label, _core, member in members] + [_plain(row["account"], names) for row in associates]),
        (_("role"), [_("member")] * len(members) + [_("associate")] * len(associates)),
        (_("share of attention"), [percent(attention.get(member) or 0.0) for _label, _core, member in members] + [""] * len(associates)),
        (_("found again in subsamples"), ["" if member not in core.stability else percent(core.stability[member]) for _label, core, member in members] + [""] * len(associates)),
        (_("ties with the core"), [""] * len(members) + [count(row["ties"]) for row in associates]),
    )  # fmt: skip
    note = _(
        "Marker size: attention received. Percentages: in how many subsamples the account is found again; hollow below {limit:percent}.",
        limit=_STEADY,
    )
    if words.directed:
        note += " " + _("Heavy lines: ties in both directions.")
    if associates:
        note += " " + _("Associates have more ties with the core than chance gives.")
    if len(result.cores) > len(sets):
        note += " " + _("The {n:count} largest cores are drawn.", n=len(sets))
    return Panel("core-members", _title(result, sets), figure, cells, note)


def _sets(result: LeadingCore) -> list[tuple[str, Core]]:
    if result.cores:
        several = len(result.cores) > 1
        return [(core_name(i, several=several), core) for i, core in enumerate(result.cores[:_MOST_CORES], start=1)]
    if result.candidate is not None:
        return [(_("Closest set (not a core)"), result.candidate)]
    return [(_("Wider circle"), result.elite)] if result.elite is not None else []


def _title(result: LeadingCore, sets: list[tuple[str, Core]]) -> str:
    if not result.cores:
        return _("Who is tied to whom in the most closely tied set, which is not called a core")
    known = [s for _label, core in sets for m in core.members if (s := core.stability.get(m)) is not None]
    if not known:
        return _("Who is tied to whom in the core")
    steady = sum(1 for value in known if value >= 0.8)
    return _n(
        "{steady:count} of {n:count} member is found again in at least 80 % of subsamples",
        "{steady:count} of {n:count} members are found again in at least 80 % of subsamples",
        len(known),
        steady=steady,
    )


def _shelves(associates: list[dict[str, Any]], middle: list[float]) -> list[tuple[float, float]]:
    """Return where the associates hang: below their core, at two heights so that labels do not touch."""
    places = []
    for number, y0 in enumerate(middle):
        n = sum(1 for row in associates if row["core"] == number + 1)
        for i in range(n):
            x = 0.0 if n == 1 else _SHELF_WIDTH * (2 * i / (n - 1) - 1)
            places.append((x, y0 + _SHELF - (0.2 if i % 2 == 0 else 0.5)))
    return places


def _associates(result: LeadingCore, cores: int) -> list[dict[str, Any]]:
    """Return the associates with most ties for each core drawn."""
    rows = result.associates.filter(pl.col("core") <= cores).sort(
        "core", "ties", descending=[False, True], maintain_order=True
    )
    shown = rows.group_by("core", maintain_order=True).head(_MOST_ASSOCIATES)
    return list(shown.iter_rows(named=True))


def _shown(account: str, names: Mapping[str, str]) -> str:
    return safe(names[account]) if account in names else _("an account")


def _plain(account: str, names: Mapping[str, str]) -> str:
    return plain(names[account]) if account in names else _("an account")


def _label_of(account: str, stability: float | None, names: Mapping[str, str]) -> str:
    name = safe(names[account], limit=14) if account in names else ""
    return "<br>".join(part for part in (name, "" if stability is None else percent(stability)) if part)


def _said(account: str, share: float, stability: float | None, names: Mapping[str, str]) -> str:
    name = _shown(account, names)
    if stability is None:
        return _("{account}<br>{share:percent} of attention", account=name, share=share)
    return _(
        "{account}<br>{share:percent} of attention<br>found again in {stability:percent} of subsamples",
        account=name,
        share=share,
        stability=stability,
    )


def _outward(x: float, y: float) -> str:
    """Return on which side of its marker a label stands so that it points away from the middle."""
    if abs(x) < 0.35:
        return "top center" if y > 0 else "bottom center"
    return f"{'top' if y > 0.45 else 'bottom' if y < -0.45 else 'middle'} {'right' if x > 0 else 'left'}"
