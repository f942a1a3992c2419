"""The same content and study give the same tables and findings: byte for byte, whatever the machine does meanwhile.

And the same up to the renaming when accounts bear other names: what is found does not rest on what anybody is called.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import netact
from netact.importers import content_sha256
from netact.jobs import execute
from netact.report.crate import CRATE
from netact.report.folders import compare_folders
from netact.report.provenance import MANIFEST
from netact.study import Source, Study, load

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
SECRET = "5" * 64
_RUN = """
import sys
from pathlib import Path
from netact.jobs import execute
from netact.study import load
execute(load(sys.argv[1]), Path(sys.argv[2]), secret=sys.argv[3])
"""

pytestmark = pytest.mark.slow


def write_files(folder, interactions, accounts, admins):
    folder.mkdir()
    interactions.write_csv(folder / "interactions.csv")
    accounts.write_csv(folder / "accounts.csv")
    admins.write_csv(folder / "admins.csv")
    return folder


def study_of(folder, quick):
    sources = [
        Source(str(folder / "interactions.csv")),
        Source(str(folder / "accounts.csv"), "accounts"),
        Source(str(folder / "admins.csv"), "admins"),
    ]
    return Study.of(sources, title="The same", measures=quick, robustness="none")


@pytest.fixture(scope="module")
def tables():
    names = ("interactions", "accounts", "admins")
    found = [pl.read_csv(SAMPLES / f"movement_{name}.csv", infer_schema=False) for name in names]
    return found[0].gather_every(4), *found[1:]


@pytest.fixture(scope="module")
def first(tables, quick, tmp_path_factory):
    """Return the folder of the files, and that of a report made from the study as it is written there."""
    place = tmp_path_factory.mktemp("same")
    files = write_files(place / "files", *tables)
    execute(study_of(files, quick), place / "made", secret=SECRET)
    execute(load(place / "made" / "study.toml"), place / "report", secret=SECRET)
    return files, place / "report"


def contents(folder):
    """Return the bytes of every file but those that say when and where a run was."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (MANIFEST, CRATE)
    }


def check_bytes(first, second):
    here, there = contents(first), contents(second)
    assert set(here) == set(there)
    assert {name for name in here if here[name] != there[name] and name != "study.toml"} == set()
    assert {"accounts.parquet", "accounts.csv", "findings.json", "data/results.json", "report.html"} <= set(here)


def run_elsewhere(python, report, out, **environment):
    command = [python, "-c", _RUN, str(report / "study.toml"), str(out), SECRET]
    path = str(Path(netact.__file__).parents[1])  # and nothing of the library of this version
    given = {**os.environ, "PYTHONPATH": path if python != sys.executable else os.pathsep.join(sys.path), **environment}
    subprocess.run(command, env=given, check=True, timeout=900, capture_output=True)


@pytest.mark.parametrize(
    ("seed", "threads", "elsewhere"),
    [("0", "1", {}), ("4242", "3", {"TZ": "Pacific/Chatham", "LC_ALL": "C", "LANG": "de_DE.UTF-8"})],
    ids=["one thread", "three threads"],
)
def test_neither_hash_seed_threads_place_nor_language_change_a_byte(first, tmp_path, seed, threads, elsewhere):
    names = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    given = {**dict.fromkeys(names, threads), **elsewhere}
    run_elsewhere(sys.executable, first[1], tmp_path / "again", PYTHONHASHSEED=seed, **given)
    check_bytes(first[1], tmp_path / "again")


# Interpreters of other versions that have the packages of requirements.lock, as a search path is written.
OTHER_PYTHONS = [python for python in os.environ.get("NETACT_OTHER_PYTHONS", "").split(os.pathsep) if python]

if OTHER_PYTHONS:

    @pytest.mark.parametrize("python", OTHER_PYTHONS)
    def test_other_versions_of_python_give_the_same(first, tmp_path, python):
        run_elsewhere(python, first[1], tmp_path / "again")
        versions = [json.loads((folder / MANIFEST).read_text())["python"] for folder in (first[1], tmp_path / "again")]
        assert versions[0] != versions[1]
        assert not compare_folders(first[1], tmp_path / "again", renamed=False).differences


def unlike(files, first, other_files, second, *, renamed):
    """Return where two reports differ but for the hashes of their inputs, which are put right in the second."""
    for path in second.rglob("*"):
        if path.suffix in (".json", ".toml", ".html", ".md"):
            text = path.read_text(encoding="utf-8")
            for given in files.iterdir():
                text = text.replace(content_sha256(other_files / given.name), content_sha256(given))
            path.write_text(text, encoding="utf-8")
    return [str(item) for item in compare_folders(first, second, renamed=renamed).differences]


def test_the_order_of_rows_changes_nothing(first, tables, quick, tmp_path):
    shuffled = [table.sample(fraction=1.0, shuffle=True, seed=7) for table in tables]
    files = write_files(tmp_path / "files", *shuffled)
    execute(study_of(files, quick), tmp_path / "report", secret=SECRET)
    assert not unlike(*first, files, tmp_path / "report", renamed=False)


def test_names_of_accounts_change_nothing_but_names(first, tables, quick, tmp_path):
    interactions, accounts, admins = tables
    named = pl.concat([interactions["source"], interactions["target"], accounts["account"]]).unique().sort()
    order = np.random.default_rng(3).permutation(named.len())
    other = {name: f"{'vnq'[number % 3]}{number:05d}" for name, number in zip(named, order.tolist(), strict=True)}
    persons = admins["person"].unique().sort().to_list()
    people = {name: f"Person {number}" for number, name in enumerate(reversed(persons))}

    def renamed(column):
        prefix = pl.col(column).str.extract(r"^(.*:)").fill_null("")
        return (prefix + pl.col(column).str.replace(r"^.*:", "").replace(other)).alias(column)

    accounts = accounts.with_columns(renamed("account"), display_name=pl.lit("Somebody"))
    admins = admins.with_columns(renamed("account"), pl.col("person").replace_strict(people))
    files = write_files(
        tmp_path / "files", interactions.with_columns(renamed("source"), renamed("target")), accounts, admins
    )
    execute(study_of(files, quick), tmp_path / "report", secret=SECRET)
    assert not unlike(*first, files, tmp_path / "report", renamed=True)
