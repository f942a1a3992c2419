"""Figures: every one in every format by one browser, the same bytes each time, and one clear line where that cannot be."""

from __future__ import annotations

import importlib.util
import re
from types import SimpleNamespace

import pytest
from defusedxml import ElementTree

from netact.errors import ReportError
from netact.figures import panels
from netact.outputs import Outputs
from netact.report.exports import check_outputs, figures
from netact.report.exports.figures import named_panels, write_figures


def test_every_panel_has_a_file_name_of_its_own(hostile_report):
    names = [name for name, _ in named_panels(hostile_report.content)]
    assert "network_map" in names
    assert len(names) == len(set(names)) > 8
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    asked = [*hostile_report.results, "network_map"]
    assert all(name.startswith(tuple(asked)) for name in names)


def test_names_of_all_questions_do_not_clash(made):
    for results in (made.every_result(), made.every_branch()):
        for result in results:
            names = [panel.name.replace("-", "_") for panel in panels(result)]
            assert len(names) == len(set(names))


def test_without_the_library_one_line_says_what_to_do(monkeypatch):
    check_outputs(Outputs())  # no figures: nothing is needed
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ReportError) as error:
        check_outputs(Outputs(figures=("png",)))
    assert str(error.value) == (
        "outputs.figures: kaleido is not installed; run: pip install 'netact[figures]', or leave figures out of [outputs]"
    )


def test_without_a_browser_one_line_says_what_to_do(monkeypatch):
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    chromium = importlib.import_module("choreographer.browsers.chromium")
    monkeypatch.setattr(chromium.Chromium, "find_browser", lambda **_: None)
    with pytest.raises(ReportError) as error:
        check_outputs(Outputs(figures=("svg",)))
    assert str(error.value) == (
        "outputs.figures: no Chromium or Chrome was found; install one, name it in BROWSER_PATH, or leave figures out of "
        "[outputs]"
    )


@pytest.mark.browser
def test_a_browser_that_fails_is_one_line(monkeypatch, tmp_path, made):
    monkeypatch.setenv("BROWSER_PATH", "/bin/false")
    shown = [(f"core_{panel.name}", panel) for panel in panels(made.leading_core())][:1]
    monkeypatch.setattr(figures, "named_panels", lambda _: iter(shown))
    with pytest.raises(ReportError, match=r"^outputs\.figures: [^\n]+ or leave figures out of \[outputs\]$"):
        write_figures(SimpleNamespace(), tmp_path / "figures", ("png",))


@pytest.mark.browser
def test_all_formats_are_drawn_and_drawn_again_alike(monkeypatch, tmp_path, made):
    result = made.leading_core(names=("حراك_المدينة", "<b>bold</b>", "c", "d", "e", "f"))
    shown = [(f"core_{panel.name.replace('-', '_')}", panel) for panel in panels(result)][:2]
    monkeypatch.setattr(figures, "named_panels", lambda _: iter(shown))
    for folder in ("one", "two"):
        write_figures(SimpleNamespace(), tmp_path / folder, ("svg", "png", "pdf"))
    wanted = {f"{name}.{kind}" for name, _ in shown for kind in ("svg", "png", "pdf")} | {"captions.md"}
    assert {path.name for path in (tmp_path / "one").iterdir()} == wanted
    for name in wanted:
        first, second = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert first == second, name
        if name.endswith(".png"):
            assert first.startswith(b"\x89PNG")
            assert int.from_bytes(first[16:20]) == 2 * figures.WIDTH
        elif name.endswith(".pdf"):
            assert first.startswith(b"%PDF-")
        elif name.endswith(".svg"):
            root = ElementTree.fromstring(first)
            assert root.tag.endswith("svg")
            assert not [part for part in root.iter() if part.tag.endswith(("}script", "}a", "}foreignObject"))]
    text = "".join((tmp_path / "one" / f"{name}.svg").read_text(encoding="utf-8") for name, _ in shown)
    assert "حراك_المدينة" in text
    captions = (tmp_path / "one" / "captions.md").read_text(encoding="utf-8")
    assert captions.count("\n- `core_") == 2
