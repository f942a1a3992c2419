"""The tutorial runs from the first cell to the last, shows what it promises, and is kept without outputs."""

from __future__ import annotations

import json
import os
import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"


def test_the_tutorial_is_kept_without_outputs():
    notebook = json.loads(TUTORIAL.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert TUTORIAL.stat().st_size < 30_000
    for target in re.findall(r"\]\(([a-z/.]+)\)", TUTORIAL.read_text(encoding="utf-8")):
        assert (TUTORIAL.parent / target).exists(), target


@pytest.mark.slow
def test_the_tutorial_runs(tmp_path, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries of Jupyter while they are imported
        import nbformat
        from nbclient import NotebookClient
    roots = os.pathsep.join([str(ROOT), str(ROOT / "dashboards"), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", roots.strip(os.pathsep))
    notebook = nbformat.read(TUTORIAL, as_version=4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
        ).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    kinds = [set(output.get("data", {})) for output in outputs]
    assert sum("application/vnd.plotly.v1+json" in kind for kind in kinds) == 3
    assert sum("text/html" in kind for kind in kinds) >= 7
    shown = nbformat.writes(notebook)
    assert "[True, True]" in shown
    assert len(shown) < 500_000
    for place in (str(ROOT), str(tmp_path), str(Path.home())):
        assert place not in shown
    assert (tmp_path / "tutorial-report" / "report.html").is_file()
