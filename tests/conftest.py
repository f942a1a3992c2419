"""Fixtures for all tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

# No test may take a result from an earlier run, or leave one in the cache of whoever runs it; tests of the cache name one.
os.environ["NETACT_CACHE"] = "off"

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "realdata"
_SPEC = importlib.util.spec_from_file_location("made_results", Path(__file__).parent / "report" / "made_results.py")
made_results = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made_results)

# Run by another Python, which has what it imports.
collect_ignore = ["report/check_crate.py"]

# Few draws: enough to have every part of a report.
QUICK = {
    "leading_core": {"draws": 19, "replicates": 10, "power_runs": 2},
    "super_users": {"draws": 39},
    "hierarchy": {"draws": 19, "replicates": 20},
    "factions": {"draws": 9, "runs": 5},
    "dynamics": {"draws": 19, "group_draws": 0},
    "symbols": {"draws": 9, "label_draws": 199},
    "coordination": {"draws": 9},
    "legitimation": {"draws": 19, "replicates": 20},
}


# What takes longest begins first. The tests that drive the browser or read whole reports stay on one worker, so that
# browser, dashboard and reports are made once; of all others a file is never split, so that its fixtures are made once.
_REPORTS = ("tests/dashboards/", "tests/report/", "tests/test_representation.py")
_FIRST = (*_REPORTS, "tests/test_validation.py", "tests/test_sample_studies.py", "tests/test_tutorial.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by file (xdist's own marks of groups do nothing with pytest 9.2, whose node ids are fixed)."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "reports" if nodeid.startswith(_REPORTS) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=lambda item: next((i for i, at in enumerate(_FIRST) if item.nodeid.startswith(at)), len(_FIRST)))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the checkout; missing data fail in CI and skip elsewhere."""
    if not _SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the real data beside the checkout are missing; in CI they must be there")
        pytest.skip("the real data beside the checkout are missing")
    return _SHARED


@pytest.fixture(scope="session")
def crate_python() -> str:
    """Return the Python of an environment made from .ci/crate.lock; missing it fails in CI and skips elsewhere.

    What it holds, the validators of RO-Crates and of CITATION.cff, needs libraries of other versions than netact does.
    """
    python = os.environ.get("NETACT_CRATE_PYTHON")
    if not python or not Path(python).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(
                "NETACT_CRATE_PYTHON must name a Python with the packages of .ci/crate.lock; in CI it must be there"
            )
        pytest.skip("NETACT_CRATE_PYTHON names no Python with the packages of .ci/crate.lock")
    return python


@pytest.fixture(scope="session")
def browser():
    """Return headless Chromium; missing it fails in CI and skips elsewhere."""
    path = next((p for p in (shutil.which("chromium"), "/usr/bin/chromium") if p and Path(p).exists()), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; in CI it must be there")
        pytest.skip("Chromium is missing")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def quick():
    """Return parameters for few draws."""
    return QUICK


@pytest.fixture(scope="session")
def made():
    """Return the module of hand-made results."""
    return made_results


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory):
    """Return a report whose accounts and persons all bear hostile names, run from files."""
    from netact.privacy import Privacy
    from netact.report import run
    from netact.study import Source, Study

    folder = tmp_path_factory.mktemp("hostile")
    names = [name for name in made_results.HOSTILE if "\x00" not in name]
    # Everyone retweets the hostile accounts, which retweet one another: they end up in every section.
    rows = [(a, b, "2024-03-04T10:00:00Z") for a in names for b in names if a != b for _ in range(2)]
    rows += [
        (f"crowd{i}", names[(i + j) % len(names)], f"2024-03-{1 + i % 28:02d}T12:00:00Z")
        for i in range(150)
        for j in range(3)
    ]
    frame = pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")
    frame.write_csv(folder / "ties.csv")
    rights = [(name, names[i], "admin") for i, name in enumerate(names)] + [(names[0], names[3], "owner")]
    pl.DataFrame(rights, schema=["person", "account", "role"], orient="row").write_csv(folder / "admins.csv")
    sources = [Source(str(folder / "ties.csv")), Source(str(folder / "admins.csv"), "admins")]
    named = Privacy(names="all")
    return run(Study.of(sources, title="<script>alert('title')</script>", measures=QUICK, privacy=named))


@pytest.fixture(scope="session")
def hostile_folder(hostile_report, tmp_path_factory):
    """Return the folder that report was written to."""
    from netact.report import write

    return write(hostile_report, tmp_path_factory.mktemp("out") / "report")
