"""The figures of a report as SVG, PNG and PDF, drawn by one headless browser."""

from __future__ import annotations

import importlib.util
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from netact.errors import ReportError
from netact.figures import network_map, panels, robustness_panels
from netact.figures.text import sentence, unmarked
from netact.figures.theme import themed
from netact.report.exports.text_tables import markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netact.figures import Panel
    from netact.outputs import FigureFormat
    from netact.report.content import Content

WIDTH, HEIGHT = 1000, 480
_SHARPER = 2  # pixels of a PNG for each of the page
_PAPER = "#ffffff"
_SECONDS = 120  # a figure may take
_LEAVE_OUT = "or leave figures out of [outputs]"


def named_panels(content: Content) -> Iterator[tuple[str, Panel]]:
    """Yield every figure of a report with the name of its file, in the order of the report."""
    drawn = network_map(content.layout, content.results, content.names, content.words)
    if drawn is not None:
        yield "network_map", drawn
    for question, result in content.results.items():
        if question in content.unanswered:
            continue
        tried = content.robustness.get(question)
        shown = panels(result, names=content.names, directed=content.summary.directed)
        for panel in (*shown, *(() if tried is None else robustness_panels(tried))):
            name = panel.name.replace("-", "_")
            yield name if name.startswith(question) else f"{question}_{name}", panel


def check_figures() -> None:
    """Refuse to draw figures where the library or a browser is missing.

    Raises
    ------
    ReportError
        Says which, and how to get it.
    """
    if importlib.util.find_spec("kaleido") is None:
        raise ReportError(
            "outputs.figures", "kaleido is not installed", remedy=f"run: pip install 'netact[figures]', {_LEAVE_OUT}"
        )
    browsers = import_module("choreographer.browsers.chromium")
    if browsers.Chromium.find_browser(skip_local=False) is None:
        raise _no_browser()


def write_figures(content: Content, folder: Path, formats: Sequence[FigureFormat]) -> None:
    """Write every figure in every format, and ``captions.md`` with their titles and how to read them.

    Raises
    ------
    ReportError
        If the library or a browser is missing, or the browser fails.
    """
    check_figures()
    folder.mkdir()
    wanted: list[dict[str, Any]] = []
    captions = ["# Figures", ""]
    for name, panel in named_panels(content):
        figure = themed(panel.figure, dark=False)
        figure.update_layout(paper_bgcolor=_PAPER, plot_bgcolor=_PAPER, margin={"l": 24, "r": 24, "t": 28, "b": 20})
        for number, trace in enumerate(figure.data):
            trace.uid = str(number)  # else the browser makes one up
        size = {"width": WIDTH, "height": int(figure.layout.height or HEIGHT)}
        spec = figure.to_dict()
        wanted += [
            {
                "fig": spec,
                "path": folder / f"{name}.{kind}",
                "opts": {**size, "format": kind, "scale": _SHARPER if kind == "png" else 1},
            }
            for kind in formats
        ]
        said = " ".join(sentence(text) for text in (panel.title, panel.note) if text)
        captions.append(f"- `{name}`: {markdown_text(unmarked(said))}")
    (folder / "captions.md").write_text("\n".join(captions) + "\n", encoding="utf-8")
    _draw(wanted)
    for drawn in folder.iterdir():
        drawn.write_bytes(_repeatable(drawn.read_bytes(), drawn.suffix))


def _repeatable(content: bytes, kind: str) -> bytes:
    """Take out what differs from run to run: the random part of names inside an SVG, the times in a PDF."""
    if kind == ".svg":
        found = re.search(rb'id="defs-([0-9a-f]{6})"', content)
        return content if found is None else re.sub(rb"(defs-|clip|legend)" + found[1], rb"\1", content)
    if kind == ".pdf":
        return re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", rb"\g<1>20000101000000", content)
    return content


def _draw(wanted: list[dict[str, Any]]) -> None:
    kaleido = import_module("kaleido")
    errors = import_module("choreographer.errors")
    try:
        # Without mathjax, which would be fetched from the network.
        kaleido.write_fig_from_object_sync(
            wanted, cancel_on_error=True, kopts={"mathjax": False, "timeout": _SECONDS, "n": 1}
        )
    except errors.ChromeNotFoundError as error:
        raise _no_browser() from error
    except TimeoutError as error:
        raise ReportError(
            "outputs.figures",
            f"the browser took more than {_SECONDS} seconds for a figure",
            remedy=f"run it again, {_LEAVE_OUT}",
        ) from error
    except (errors.BrowserFailedError, errors.BrowserClosedError, errors.BrowserDepsError, RuntimeError) as error:
        raise ReportError(
            "outputs.figures",
            "the browser failed",
            found=(str(error).splitlines() or [type(error).__name__])[0],
            remedy=f"name another one in BROWSER_PATH, {_LEAVE_OUT}",
        ) from error


def _no_browser() -> ReportError:
    return ReportError(
        "outputs.figures",
        "no Chromium or Chrome was found",
        remedy=f"install one, name it in BROWSER_PATH, {_LEAVE_OUT}",
    )
