"""The page and the document of a validation, from the content of ``validation.json`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from netact.measures import MEASURES
from netact.validation.drawing import Bar, Point, curves, per_cent, rates

_RATES = ("What is planted", "What is counted", "Runs", "Rate", "95 % interval", "Target", "Verdict")
_OUTCOMES = ("What is planted", "How it ended", "Means")
_POWER = ("Line", "At", "Runs", "Found", "95 % interval")
_P_VALUES = (
    "P-value",
    "Null model",
    "Runs",
    "p of at most .05",
    "95 % interval",
    "Expected",
    "Verdict",
    "Why no more is asked",
)
_KEY = (
    "Dots: share of runs, with its exact 95 % interval; grey bar: the target. Filled circle: met; ring: open, the interval "
    "holds the target; square: missed."
)
_CALIBRATION_KEY = (
    "Dots: share of runs on the p-value's own null model, with its exact 95 % interval; grey bar: 5 %. Filled circle: as "
    "expected; square: not."
)
_CALIBRATION_TEXT = (
    "A p-value means what it says if chance alone brings it to .05 or below in a twentieth of the cases. Each p-value that "
    "netact prints was computed on networks drawn from its own null model. Where the statistic takes few values, or the "
    "p-value is a bound, it may only come out too high (“at most”). Of intervals of 95 %, one in twenty misses its mark by luck."
)
_POWER_TITLES = {
    "size": "By the size of the team",
    "tie probability": "By the probability that one member ties to another",
    "sampling rate": "By the share of retweets that were collected",
    "number of accounts": "By the number of accounts",
}


@dataclass(frozen=True)
class Drawing:
    """One figure: the file it is written to, its title and the SVG on white."""

    name: str
    title: str
    svg: str


def headline(content: Mapping[str, Any]) -> str:
    """Return in one sentence how many targets are met."""
    return _met(content["targets"], "target", "targets")


def _met(verdicts: Mapping[str, int], one: str, many: str) -> str:
    total = sum(verdicts.values())
    if not total:
        return f"No {one} was run"
    told = f"{verdicts['met']} of {total} {one if total == 1 else many} {'is' if verdicts['met'] == 1 else 'are'} met"
    rest = [f"{verdicts[key]} {key}" for key in ("open", "missed") if verdicts[key]]
    return f"{told}, {' and '.join(rest)}" if rest else told


def _deck(content: Mapping[str, Any]) -> str:
    return (
        f"{_calibration_headline(content)}. Every rate stands beside its exact binomial interval: a rate of 0 in 25 runs "
        "may still be one in eight."
    )


def _calibration_headline(content: Mapping[str, Any]) -> str:
    verdicts = content["calibration"]
    run = sum(verdicts.values())
    if not run:
        return "No p-value was put to its null model"
    kept = (
        f"{verdicts['met']} of {run} {'p-value falls' if run == 1 else 'p-values fall'} below .05 as often as expected"
    )
    left = len(content["p_values"]) - run
    return f"{kept}; {left} {'was' if left == 1 else 'were'} not run" if left else kept


def _interval(item: Mapping[str, Any]) -> str:
    return f"{per_cent(item['low'])} to {per_cent(item['high'])}"


def _target(item: Mapping[str, Any]) -> str:
    target = item["target"]
    return "" if target is None else f"{target['bound']} {per_cent(target['rate'])}"


def _rate_rows(benchmarks: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            item["title"],
            rate["what"],
            str(rate["runs"]),
            per_cent(rate["rate"]),
            _interval(rate),
            _target(rate),
            rate["verdict"] or "",
        ]
        for item in benchmarks
        for rate in item["rates"]
        if rate["runs"]
    ]


def _outcome_rows(benchmarks: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    rows = []
    for item in benchmarks:
        ended = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in item["outcomes"].items())
        means = ", ".join(f"{name} {value:.3g}" for name, value in item["means"].items())
        if ended or means:
            rows.append([item["title"], ended, means])
    return rows


def _p_rows(content: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            f"{item['what']} ({item['question'].replace('_', ' ')})",
            item["null"],
            str(item["runs"]),
            per_cent(item["rate"]) if item["runs"] else "",
            _interval(item) if item["runs"] else "",
            _target(item),
            {"met": "as expected", "missed": "not as expected", "open": "open", None: "not run"}[item["verdict"]],
            item["why"],
        ]
        for item in content["p_values"]
    ]


def _bars(benchmarks: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """Return the rates with a target; of a benchmark without one its first rate."""
    bars = []
    for item in benchmarks:
        aimed = [rate for rate in item["rates"] if rate["target"]] or item["rates"][:1]
        for rate in aimed:
            if rate["runs"]:
                target = rate["target"] and rate["target"]["rate"]
                label = f"{item['title']}: {rate['what']}"
                label = label if len(label) <= 104 else label[:103].rstrip(" ,(.") + "…"
                bars.append(Bar(label, rate["rate"], rate["low"], rate["high"], target, rate["verdict"]))
    return bars


def _calibration_bars(content: Mapping[str, Any]) -> list[Bar]:
    return [
        Bar(
            f"{item['what']} ({item['question'].replace('_', ' ')})",
            item["rate"],
            item["low"],
            item["high"],
            0.05,
            item["verdict"],
        )
        for item in content["p_values"]
        if item["runs"]
    ]


def _calibration_limit(bars: Sequence[Bar]) -> float:
    highest = max(bar.high for bar in bars)
    return next(limit for limit in (0.1, 0.2, 0.25, 0.5, 1.0) if highest <= limit)


def _parts(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    plain = [item for item in content["benchmarks"] if item["curve"] is None and (item["rates"] or item["outcomes"])]
    for question, (_, asks) in MEASURES.items():
        here = [item for item in plain if item["question"] == question]
        if not any(item["rates"] for item in here):
            continue
        verdicts = [rate["verdict"] for item in here for rate in item["rates"]]
        counted = {verdict: verdicts.count(verdict) for verdict in ("met", "open", "missed")}
        found.append(
            {"name": question, "question": asks, "headline": _met(counted, "target", "targets"), "items": here}
        )
    return found


def _powers(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    figures: dict[str, dict[str, list[tuple[float, Mapping[str, Any]]]]] = {}
    for item in content["benchmarks"]:
        if item["curve"] is not None and item["rates"][0]["runs"]:
            lines = figures.setdefault(item["curve"]["figure"], {})
            lines.setdefault(item["curve"]["line"], []).append((item["curve"]["x"], item["rates"][0]))
    found = []
    for figure, lines in figures.items():
        points = {
            line: [
                Point(x, rate["rate"], rate["low"], rate["high"]) for x, rate in sorted(pairs, key=lambda pair: pair[0])
            ]
            for line, pairs in lines.items()
        }
        rows = [
            [line, f"{x:,g}", str(rate["runs"]), per_cent(rate["rate"]), _interval(rate)]
            for line, pairs in lines.items()
            for x, rate in sorted(pairs, key=lambda pair: pair[0])
        ]
        found.append({"name": figure, "title": _POWER_TITLES.get(figure, figure), "points": points, "rows": rows})
    return found


def _power_drawing(power: Mapping[str, Any], *, standalone: bool) -> str:
    return curves(
        power["points"],
        title=power["title"],
        x=power["name"],
        y="share of runs in which the planted team was found",
        logarithmic=power["name"] == "number of accounts",
        standalone=standalone,
    )


def render(content: Mapping[str, Any]) -> str:
    """Return ``validation.html``: one page that opens from disk, without scripts."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netact.validation", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = []
    for part in _parts(content):
        bars = _bars(part["items"])
        drawing = Markup(rates(bars, title=part["headline"])) if bars else None  # noqa: S704 (drawn here, texts escaped)
        parts.append(
            {**part, "drawing": drawing, "rates": _rate_rows(part["items"]), "outcomes": _outcome_rows(part["items"])}
        )
    powers = [
        {**power, "drawing": Markup(_power_drawing(power, standalone=False))}  # noqa: S704
        for power in _powers(content)
    ]
    bars = _calibration_bars(content)
    title = "How often chance alone gives p of at most .05"
    calibration = Markup(rates(bars, title=title, limit=_calibration_limit(bars))) if bars else None  # noqa: S704
    style = (resources.files("netact.report") / "templates" / "report.css").read_text(encoding="utf-8")
    return environment.get_template("validation.html.j2").render(
        content=content,
        headline=headline(content),
        deck=_deck(content),
        spent=f"{content['seconds'] / 3600:.1f} hours of computing"
        if content["seconds"] >= 3600
        else f"{content['seconds']:.0f} seconds of computing",
        style=Markup(style),  # noqa: S704 (from the package)
        parts=parts,
        powers=powers,
        key=_KEY,
        rate_columns=_RATES,
        outcome_columns=_OUTCOMES,
        power_columns=_POWER,
        calibration_headline=_calibration_headline(content),
        calibration_text=_CALIBRATION_TEXT,
        calibration_key=_CALIBRATION_KEY,
        calibration_drawing=calibration,
        p_columns=_P_VALUES,
        p_rows=_p_rows(content),
    )


def drawings(content: Mapping[str, Any]) -> list[Drawing]:
    """Return the figures that stand beside the document."""
    made = []
    for part in _parts(content):
        if bars := _bars(part["items"]):
            svg = rates(bars, title=part["headline"], standalone=True)
            made.append(Drawing(f"{part['name']}.svg", part["question"], svg))
    for power in _powers(content):
        name = f"power_by_{power['name'].replace(' ', '_')}.svg"
        made.append(Drawing(name, power["title"], _power_drawing(power, standalone=True)))
    if bars := _calibration_bars(content):
        title = "How often chance alone gives p of at most .05"
        made.append(
            Drawing("p_values.svg", title, rates(bars, title=title, limit=_calibration_limit(bars), standalone=True))
        )
    return made


def markdown(content: Mapping[str, Any], *, figures: str) -> str:
    """Return the document as Markdown; ``figures`` is the folder of the figures as seen from it."""
    held = {drawing.name for drawing in drawings(content)}
    lines = [
        "# Validation",
        "",
        "This page is written by `netact validate --document`; do not edit it by hand.",
        "",
        f"**{headline(content)}.** {_deck(content)}",
        "",
        _about(content, figures),
        "",
        _KEY,
        "",
    ]
    for part in _parts(content):
        lines += [f"## {part['question']}", "", f"{part['headline']}.", ""]
        if f"{part['name']}.svg" in held:
            lines += [f"![{part['headline']}]({figures}/{part['name']}.svg)", ""]
        lines += _table(_RATES, _rate_rows(part["items"]))
        lines += ["How the runs ended:", "", *_table(_OUTCOMES, _outcome_rows(part["items"]))]
    if powers := _powers(content):
        lines += ["## Power", "", "Share of runs in which the planted team was found (F1 of at least .5).", ""]
        for power in powers:
            file = f"power_by_{power['name'].replace(' ', '_')}.svg"
            lines += [
                f"### {power['title']}",
                "",
                f"![{power['title']}]({figures}/{file})",
                "",
                *_table(_POWER, power["rows"]),
            ]
    lines += ["## P-values", "", f"{_calibration_headline(content)}. {_CALIBRATION_TEXT}", ""]
    if "p_values.svg" in held:
        lines += [f"![Calibration of p-values]({figures}/p_values.svg)", ""]
    lines += _table(_P_VALUES, _p_rows(content))
    lines += [
        "## Run it again",
        "",
        "```",
        f"netact validate --seed {content['seed']} -o validation        # goes on where it was interrupted",
        "netact validate --small -o validation-small    # the version of the tests",
        "```",
        "",
    ]
    return "\n".join(lines)


def _about(content: Mapping[str, Any], figures: str) -> str:
    return (
        f"netact {content['netact_version']}, seed {content['seed']}, {content['runs']:,} runs of "
        f"{len(content['benchmarks'])} benchmarks; the full version has {content['runs_of_all']:,} runs. All numbers are in [validation.json]({figures}/validation.json). The "
        "networks are made by netact's own generators (`netact/synthetic.py`): the rates say what the method can and cannot "
        "do where its model of the world holds, not how often it is right about a movement."
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    return [
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows),
        "",
    ]
