"""Stages taken from an earlier run: never a stale one, always the one that would be computed."""

from __future__ import annotations

import functools
import importlib
import os
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netact.schemas
from netact.cache import Cache
from netact.cache import _unpacked as unpacked
from netact.collection import Collection
from netact.language import Message
from netact.measures import MEASURES
from netact.network import Network
from netact.privacy import Privacy
from netact.report import kept, run, write
from netact.report.kept import Kept, digest
from netact.report.run import rests_on
from netact.study import TAKEN_FROM_RESULTS, Source, Study, load

SMALL = {
    "leading_core": {"draws": 9, "replicates": 0, "power_runs": 0, "max_pool": 30},
    "super_users": {"draws": 9},
    "hierarchy": {"draws": 9, "replicates": 10},
    "factions": {"draws": 9, "runs": 2},
    "dynamics": {"draws": 9, "group_draws": 0},
    "symbols": {"draws": 9, "label_draws": 99},
    "coordination": {"draws": 0},
    "legitimation": {"draws": 9, "replicates": 10},
}
# One draw of everything that is tried.
TRIED = {"effort": "quick", "draws": 2, "runs": 1, "replicates": 20}
# What says when a report was made, and how long that took.
TIMED = ("manifest.json", "ro-crate-metadata.json")
FAST = ("super_users", "hierarchy")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the files of a small movement: two sides and a team in one of them, hashtags, times, keys, an action."""
    folder = tmp_path_factory.mktemp("movement")
    draw = random.Random(3)
    rows = []
    for number in range(700):
        side = number % 2
        who = f"{'ab'[side]}{draw.randrange(60)}"
        whom = f"{'ab'[side if draw.random() < 0.95 else 1 - side]}{min(draw.randrange(60), draw.randrange(60), draw.randrange(20))}"
        day = f"2024-03-{1 + number % 28:02d}T{draw.randrange(24):02d}:{draw.randrange(60):02d}:00Z"
        rows.append((who, whom, day, f"p{draw.randrange(150)}", draw.choice(["vote", "strike vote", "home"])))
    rows += [
        (f"a{i}", f"a{j}", f"2024-03-{1 + k:02d}T09:00:00Z", f"q{i}{j}{k}", "strike")
        for i in range(6)
        for j in range(6)
        for k in range(4)
        if i != j
    ]
    ties = pl.DataFrame(rows, schema=["source", "target", "time", "post_id", "hashtags"], orient="row")
    ties.write_csv(folder / "ties.csv")
    people = [("p1", "a0", "owner"), ("p1", "a1", "admin"), ("p2", "b0", "owner"), ("p3", "b1", "editor")]
    pl.DataFrame(people, schema=["person", "account", "role"], orient="row").write_csv(folder / "admins.csv")
    (folder / "operations.csv").write_text("operation,start,end,signs\nStrike,2024-03-04,2024-03-09,strike\n")
    return folder


def sources(folder):
    return [
        Source(str(folder / "ties.csv")),
        Source(str(folder / "admins.csv"), "admins"),
        Source(str(folder / "operations.csv"), "operations"),
    ]


def study(folder, names=FAST, *, seed=1, robustness=None, **changed):
    chosen = {name: {**SMALL[name], **changed.get(name, {})} for name in names}
    made = Study.of(sources(folder), title="A movement", seed=seed, measures=chosen)
    named = Privacy(names="all")  # pseudonyms depend on a secret that every run has anew
    return replace(made, robustness=robustness or {"effort": "none"}, privacy=named)


def counting(patch):
    """Return a list to which the name of every measure is added that is run."""
    module = importlib.import_module("netact.report.run")  # the package gives its name to a function
    made, original = [], module.measure_function

    def counted(name):
        function = original(name)

        @functools.wraps(function)
        def measure(*args, **options):
            made.append(name)
            return function(*args, **options)

        return measure

    patch.setattr(module, "measure_function", counted)
    return made


@pytest.fixture
def calls(monkeypatch):
    """Return the names of the measures that are run, one by one."""
    return counting(monkeypatch)


def ran(calls, study, cache):
    """Run a study and return its report, the measures that were run and the stages that were taken from the cache."""
    calls.clear()
    reused = []
    report = run(study, cache=cache, reused=reused.append)
    assert cache is None or cache.notes == []
    return report, list(calls), reused


def contents(folder):
    """Return the files of a report but those that say when it was made, and its secret."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name not in (*TIMED, "private/key")}


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


# ---------------------------------------------------------------------- the same answer


@pytest.fixture(scope="module")
def whole(files, tmp_path_factory):
    """Return the folders of one study run without a cache, into an empty one and from a full one, and what was run."""
    place = tmp_path_factory.mktemp("whole")
    cache, asked = Cache(place / "cache"), replace(study(files, MEASURES, robustness=TRIED), privacy=Privacy())
    told = {}
    for name, chosen in (("none", None), ("cold", cache), ("warm", cache)):
        reused = []
        with pytest.MonkeyPatch.context() as patch:
            made = counting(patch)
            report = run(asked, cache=chosen, reused=reused.append)
        write(report, place / name / "report", secret="5e" * 32)
        told[name] = (contents(place / name / "report"), list(made), reused, report)
    assert cache.notes == []
    return told


def test_a_report_from_the_cache_is_the_computed_one_byte_for_byte(whole):
    none, cold, warm = (whole[name][0] for name in ("none", "cold", "warm"))
    assert {name for name in none if none[name] != cold.get(name)} == set()
    assert {name for name in none if none[name] != warm.get(name)} == set()
    assert cold.keys() == warm.keys() == none.keys()


def test_from_a_full_cache_nothing_is_computed(whole):
    _, calls, reused, _ = whole["warm"]
    assert calls == []
    assert reused == [*MEASURES, "robustness", "draw"]
    assert whole["warm"][3].cached == dict.fromkeys(reused, "whole")


def test_an_empty_cache_saves_nothing(whole):
    assert whole["cold"][2] == whole["none"][2] == []
    assert whole["none"][3].cached == {}
    assert "whole" not in whole["cold"][3].cached.values()
    computed, without = Counter(whole["cold"][1]), Counter(whole["none"][1])
    assert set(computed) == set(MEASURES)
    assert computed <= without  # less where the same is asked for twice in one run


def test_results_from_the_cache_equal_the_computed_ones_in_type_and_content(whole):
    none, warm = whole["none"][3].content, whole["warm"][3].content
    for part in ("results", "robustness", "layout", "timeline", "shutdown", "claims", "summary", "names"):
        assert digest(getattr(none, part)) == digest(getattr(warm, part)), part


@pytest.mark.parametrize("question", MEASURES)
def test_how_far_a_headline_could_be_off_does_not_depend_on_questions_it_takes_nothing_from(whole, files, question):
    alone = run(study(files, [name for name in MEASURES if name in rests_on(question)], robustness=TRIED))
    assert digest(alone.content.robustness[question]) == digest(whole["none"][3].content.robustness[question])


def test_what_rests_on_what():
    assert rests_on("super_users") == {"super_users"}
    assert rests_on("legitimation") == {"legitimation", "factions", "leading_core"}
    for name, taken in TAKEN_FROM_RESULTS.items():
        assert {other for other, _ in taken.values()} <= rests_on(name)


# ---------------------------------------------------------------------- what is done again


def test_changing_one_measure_runs_only_that_one_again(files, cache, calls):
    asked = study(files, ("super_users", "hierarchy", "symbols"), robustness=TRIED)
    ran(calls, asked, cache)
    changed = study(files, ("super_users", "hierarchy", "symbols"), robustness=TRIED, hierarchy={"draws": 10})
    report, made, reused = ran(calls, changed, cache)
    assert set(made) == {"hierarchy"}
    assert reused == ["super_users", "symbols", "draw"]
    assert report.cached == {**dict.fromkeys(reused, "whole"), "robustness": "part"}
    assert digest(report.results) == digest(run(changed).results)
    assert digest(dict(report.content.robustness)) == digest(dict(run(changed).content.robustness))
    _, made, reused = ran(calls, asked, cache)
    assert made == []
    assert "robustness" in reused


def test_a_measure_that_takes_something_is_run_again_only_if_that_has_changed(files, cache, calls, monkeypatch):
    names = ("leading_core", "coordination")
    _, made, _ = ran(calls, study(files, names), cache)
    assert made == list(names)
    # Another threshold of the same order, and the same core: what takes the core is not run again.
    _, made, _ = ran(calls, study(files, names, leading_core={"draws": 10}), cache)
    assert made == ["leading_core"]
    taken = {"core": ("leading_core", lambda result: tuple(result.pool["account"].head(3)))}
    monkeypatch.setitem(TAKEN_FROM_RESULTS, "coordination", taken)
    _, made, _ = ran(calls, study(files, names), cache)
    assert made == ["coordination"]


def test_robustness_is_tried_again_if_what_a_question_rests_on_has_changed(files, cache, calls):
    names = ("leading_core", "super_users", "hierarchy")
    before, _, _ = ran(calls, study(files, names, robustness=TRIED), cache)
    changed = study(files, names, robustness=TRIED, leading_core={"min_block": 0.05})
    report, made, reused = ran(calls, changed, cache)
    assert "super_users" not in made
    assert "robustness" not in reused
    fresh = run(changed)
    assert digest(dict(report.content.robustness)) == digest(dict(fresh.content.robustness))
    assert before.results["super_users"] is not report.results["super_users"]


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2}, {"robustness": {"effort": "none"}, "super_users": {"draws": 10}, "hierarchy": {"draws": 10}}],
)
def test_another_seed_or_other_parameters_of_all_do_all_again(files, cache, calls, changes):
    ran(calls, study(files), cache)
    _, made, _ = ran(calls, study(files, **changes), cache)
    assert made == list(FAST)


@pytest.mark.parametrize("parameter", ["draws", "replicates", "runs"])
def test_each_parameter_of_what_is_tried_counts(files, cache, calls, parameter):
    ran(calls, study(files, robustness=TRIED), cache)
    changed = study(files, robustness={**TRIED, parameter: TRIED[parameter] + 1})
    report, _, reused = ran(calls, changed, cache)
    assert reused == ["super_users", "hierarchy", "draw"]
    assert digest(dict(report.content.robustness)) == digest(dict(run(changed).content.robustness))


def mutated(files, tmp_path, name, change):
    for path in files.iterdir():
        (tmp_path / path.name).write_bytes(change(path.read_bytes()) if path.name == name else path.read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ties.csv", lambda data: data.replace(b"strike vote", b"strike note", 1)),  # one byte of one hashtag
        ("ties.csv", lambda data: data.replace(b":00:00Z", b":00:01Z", 1)),
        ("ties.csv", lambda data: data[: data.rindex(b"\n", 0, -1) + 1]),  # the last row
        ("ties.csv", lambda data: data + b"a0,b0,2024-03-01T00:00:00Z,p1,\n"),
        ("ties.csv", lambda data: data.replace(b",p7,", b",p8,", 1)),
        ("admins.csv", lambda data: data.replace(b"editor", b"admin", 1)),
        ("operations.csv", lambda data: data.replace(b"2024-03-09", b"2024-03-08", 1)),
    ],
)
def test_any_change_of_what_was_read_does_all_again(files, tmp_path, cache, calls, name, change):
    ran(calls, study(files), cache)
    other = study(mutated(files, tmp_path, name, change))
    _, made, reused = ran(calls, other, cache)
    assert made == list(FAST)
    assert reused == []


def test_the_same_content_in_other_files_does_nothing_again(files, tmp_path, cache, calls):
    def turned(data):
        head, *rows = data.splitlines(keepends=True)
        return b"".join([head, *rows[::-1]])

    ran(calls, study(files), cache)
    _, made, _ = ran(calls, study(mutated(files, tmp_path, "ties.csv", turned)), cache)
    assert made == []


@pytest.mark.parametrize("place", range(3))
def test_another_netact_or_another_library_does_all_again(files, cache, calls, monkeypatch, place):
    """The first places are netact's version, its source files and Python."""
    ran(calls, study(files), cache)
    told = list(kept.environment())
    told[place] += "x"
    monkeypatch.setattr(kept, "environment", lambda: tuple(told))
    _, made, _ = ran(calls, study(files), cache)
    assert made == list(FAST)


def test_the_environment_names_all_that_computes():
    told = kept.environment()
    assert {"numpy", "scipy", "polars", "igraph", "numba", "networkx", "duckdb"} <= {line.split()[0] for line in told}
    assert "unknown" not in " ".join(told)


def test_every_source_file_counts(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.py").write_text("a = 1\n")
    (tmp_path / "deep" / "two.py").write_text("b = 1\n")
    seen = {kept.source_digest(tmp_path)}
    (tmp_path / "deep" / "two.py").write_text("b = 2\n")
    seen.add(kept.source_digest(tmp_path))
    (tmp_path / "three.py").write_text("")
    seen.add(kept.source_digest(tmp_path))
    (tmp_path / "three.py").rename(tmp_path / "deep" / "three.py")
    seen.add(kept.source_digest(tmp_path))
    assert len(seen) == 4


def test_a_process_whose_source_files_have_changed_keeps_nothing(files, cache, calls, monkeypatch):
    monkeypatch.setattr(kept, "_BEGAN_WITH", kept._BEGAN_WITH[1:])
    ran(calls, study(files), cache)
    assert cache.size().entries == 0


def test_a_run_without_a_cache_leaves_none(files, calls, monkeypatch, tmp_path):
    monkeypatch.setenv("NETACT_CACHE", str(tmp_path / "cache"))
    ran(calls, study(files), None)
    assert not (tmp_path / "cache").exists()


def test_no_account_and_no_person_is_named_in_the_cache(files, tmp_path, cache):
    for path in files.iterdir():
        text = re.sub(r"(?m)(?<![^,\n])([abp]\d+)(?=,)", r"zzname\1", path.read_text())
        (tmp_path / path.name).write_text(text if path.name != "operations.csv" else path.read_text())
    rows = (tmp_path / "ties.csv").read_text() + (tmp_path / "admins.csv").read_text()
    assert rows.count("zzname") > 1500
    report = run(study(tmp_path, MEASURES, robustness=TRIED), cache=cache)
    assert any("zzname" in key for key in report.network.keys)
    read = 0
    for path in [*cache.folder.glob("*.kept"), *cache.folder.glob("*.part")]:
        for name, content in unpacked(path.stem, path.read_bytes()).items():
            read += 1
            held = pl.read_parquet(content).rows() if name.endswith(".parquet") else content.decode()
            assert "zzname" not in str(held), name
            assert "zzname" not in name
    assert read > 100


# ---------------------------------------------------------------------- damage, and two at once


def test_damaged_entries_are_computed_again_and_replaced(files, cache, calls):
    first, _, _ = ran(calls, study(files), cache)
    entries = sorted(cache.folder.glob("*.kept"))
    for number, path in enumerate(entries):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] if number % 2 else data[:-9] + b"\0" + data[-8:])
    report, made, reused = ran(calls, study(files), cache)
    assert made == list(FAST)
    assert reused == []
    assert digest(report.results) == digest(first.results)
    _, made, _ = ran(calls, study(files), cache)
    assert made == []


def test_an_entry_that_does_not_come_back_as_it_was_is_not_kept(cache, monkeypatch):
    network = Network.from_tables(pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
    work = kept.Kept(cache)
    value = replace(Collection(), sampling="keyword", query=("word",))
    key = work.key(("test",), network, {})
    monkeypatch.setattr(kept, "restore", lambda *_args: replace(value, query=("other",)))
    work.put(key, value)
    assert cache.size().entries == 0
    monkeypatch.undo()
    work.put(key, value)
    assert cache.size().entries == 1
    assert work.get(Collection, key) == value


def test_an_unreadable_cache_does_not_stop_a_run(files, tmp_path, calls):
    (tmp_path / "cache").write_text("a file")
    cache = Cache(tmp_path / "cache")
    reused = []
    report = run(study(files), cache=cache, reused=reused.append)
    assert report.results
    assert reused == []
    assert len(cache.notes) == 1


# Runs a study in a process of its own; the measure of the given number is not finished but ends the process.
SCRIPT = """
import functools, importlib, os, signal, sys
from pathlib import Path
module = importlib.import_module("netact.report.run")
from netact.cache import Cache
from netact.report import write
from netact.study import load

folder, out, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
original, made = module.measure_function, 0

def counted(name):
    function = original(name)

    @functools.wraps(function)
    def measure(*args, **options):
        global made
        made += 1
        print(name, flush=True)
        if made == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)

    return measure

module.measure_function = counted
write(module.run(load(folder / "study.toml"), cache=Cache(folder / "cache")), folder / out)
"""


def started(folder, out, last=0):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), out, str(last)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NETACT_CACHE": "off"},
    )


def ended(process):
    out, errors = process.communicate(timeout=240)
    return process.returncode, out.split(), errors


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_run_goes_on_and_does_only_what_was_not_finished(files, tmp_path, calls):
    asked = study(files, ("super_users", "coordination"), robustness=TRIED)
    (tmp_path / "study.toml").write_text(asked.to_toml())
    fresh, expected, _ = ran(calls, asked, Cache(tmp_path / "another"))
    assert expected[:2] == ["super_users", "coordination"]
    assert len(expected) > 3
    finished = []
    for last in (2, 2):  # in the second measure, then while the results are put to the test
        code, made, errors = ended(started(tmp_path, "report", last))
        assert code == -9, errors
        assert not (tmp_path / "report").exists()
        finished += made[:-1]  # the last one was killed
        assert finished == expected[: len(finished)]
    report, made, reused = ran(calls, load(tmp_path / "study.toml"), Cache(tmp_path / "cache"))
    assert finished + made == expected
    assert reused[0] == "super_users"
    assert digest((report.results, report.content.robustness)) == digest((fresh.results, fresh.content.robustness))


def test_two_runs_at_once_give_the_same(files, tmp_path, calls):
    (tmp_path / "study.toml").write_text(study(files, ("super_users",)).to_toml())
    running = [started(tmp_path, name) for name in ("one", "two")]
    results = [ended(process) for process in running]
    assert [code for code, _, _ in results] == [0, 0], results
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    report, made, _ = ran(calls, load(tmp_path / "study.toml"), Cache(tmp_path / "cache"))
    assert made == []
    assert contents(write(report, tmp_path / "three")) == contents(tmp_path / "one")


# ---------------------------------------------------------------------- what a digest covers


TABLES = [item.name for item in fields(Network) if item.name not in ("directed", "receipt", "collection", "before")]
MOMENT = datetime(2024, 3, 1, tzinfo=UTC)


def value_of(dtype):
    if isinstance(dtype, pl.Enum):
        return dtype.categories[0]
    if isinstance(dtype, pl.List):
        return ["word"]
    return {pl.String: "word", pl.Boolean: True, pl.Float64: 0.5, pl.Date: MOMENT.date()}.get(
        type(dtype), MOMENT if isinstance(dtype, pl.Datetime) else 1
    )


@pytest.fixture(scope="module")
def full():
    """Return a network in which every table has rows and every cell a value."""

    def table(schema):
        return pl.DataFrame([{name: value_of(dtype) for name, dtype in schema.items()}] * 2, schema=schema)

    told = {name.upper() for name in TABLES}
    schemas = {name.lower(): schema for name, schema in vars(netact.schemas).items() if name in told}
    assert schemas.keys() == set(TABLES)
    further = {"stance": "for", "reach": 3, "bot_score": 0.25, "verified": True, "also": ["a1", "a2"]}
    accounts = table(schemas.pop("accounts")).with_columns(
        pl.Series(name, [value] * 2) for name, value in further.items()
    )
    return Network(accounts=accounts, **{name: table(schema) for name, schema in schemas.items()})


def other_value(value, dtype):
    """Return a value of the same type that is another one."""
    if value is None:
        return pl.Series([0]).cast(pl.Int64).cast(dtype, strict=False)[0] if not dtype.is_nested() else []
    if isinstance(dtype, pl.Enum):
        return next(name for name in dtype.categories if name != value)
    if dtype.is_nested():
        return [*value, *value[:1]] or [""]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, int):
        return value - 1 if value else 1
    if isinstance(value, float):
        return float(np.nextafter(value, 2.0))
    return value.replace(year=value.year + 1)


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_every_table_of_a_network_counts(full, name):
    table = getattr(full, name)
    assert table.height, f"the test holds no row of {name}"
    seen = {digest(full)}
    for column, dtype in table.schema.items():
        values = table[column].to_list()
        changed = [other_value(values[-1], dtype)]
        mended = table.with_columns(pl.Series(column, [*values[:-1], *changed], dtype=dtype))
        assert not mended.equals(table), column
        found = digest(replace(full, **{name: mended}))
        assert found not in seen, column
        seen.add(found)
    for other in (table.head(-1), table.rename({column: f"{column}_"}), pl.concat([table, table.tail(1)])):
        assert digest(replace(full, **{name: other})) not in seen


def test_the_rest_of_a_network_counts(full):
    others = [replace(full, directed=not full.directed), replace(full, collection=Collection("complete"))]
    assert len({digest(network) for network in (full, *others)}) == 3
    more = replace(full, accounts=full.accounts.with_columns(side=pl.lit("for")))
    assert digest(more) != digest(full)


class Tripwire:
    """Nothing of it may be looked at."""

    def __getattribute__(self, name):
        raise AssertionError(name)


def test_measures_read_nothing_of_a_network_that_its_digest_leaves_out(files, monkeypatch):
    module = importlib.import_module("netact.report.run")
    seen, original = [], module.measure_function

    def counted(name):
        @functools.wraps(original(name))
        def measure(network, **options):
            seen.append(name)
            return original(name)(replace(network, **dict.fromkeys(kept._NOT_CONTENT, Tripwire())), **options)

        return measure

    monkeypatch.setattr(module, "measure_function", counted)
    assert run(study(files, MEASURES)).results
    assert seen == list(MEASURES)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_numbers_that_differ_are_told_apart_to_the_last_bit(one, other):
    same = np.float64(one).tobytes() == np.float64(other).tobytes()
    assert (digest(one) == digest(other)) is same
    tables = [pl.DataFrame({"x": [value]}) for value in (one, other)]
    if one != other:
        assert digest(tables[0]) != digest(tables[1])


@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=4), st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=4))  # fmt: skip
def test_texts_that_differ_are_told_apart(one, other):
    for make in (list, lambda values: pl.DataFrame({"x": pl.Series(values, dtype=pl.String)}), lambda v: pl.DataFrame({"x": pl.Series([v], dtype=pl.List(pl.String))})):  # fmt: skip
        assert (digest(make(one)) == digest(make(other))) is (one == other)


def test_values_of_different_kinds_are_told_apart():
    values = [
        None, 0, 1, 0.0, 1.0, True, False, "", "1", b"1", [], [[]], {}, {"a": 1}, {"a": 1.0}, {"b": 1}, [1], [1, None], ["1"],
        Message("{n:count} accounts", n=2), Message("{n:count} accounts", n=3), "2 accounts", Collection(),
        np.array([1]), np.array([1.0]), np.array([[1]]), np.array([1], dtype=np.int32),
        pl.DataFrame(), pl.DataFrame({"a": []}), pl.DataFrame({"a": [None]}), pl.DataFrame({"a": [1]}),
        pl.DataFrame({"a": [1.0]}), pl.DataFrame({"a": ["1"]}), pl.DataFrame({"b": [1]}), pl.DataFrame({"a": [1, 1]}),
        pl.DataFrame({"a": [float("nan")]}), pl.DataFrame({"a": [None]}, schema={"a": pl.Float64}),
        pl.DataFrame({"a": [[1, 2]]}), pl.DataFrame({"a": [[1], [2]]}), pl.DataFrame({"a": ["x"]}, schema={"a": pl.Enum(["x", "y"])}),
        pl.DataFrame({"a": ["x"]}, schema={"a": pl.Enum(["x", "z"])}), pl.DataFrame({"a": ["x"]}),
    ]  # fmt: skip
    assert len({digest(value) for value in values}) == len(values)


def test_long_lists_and_long_tables_count_to_the_end():
    lists = [pl.DataFrame({"a": [[*["x"] * 60, end, *["x"] * 60]]}) for end in ("y", "z")]
    assert digest(lists[0]) != digest(lists[1])
    long = pl.DataFrame({"a": np.arange(600_000)})
    assert digest(long) != digest(long.with_columns(a=pl.when(pl.col("a") == 550_000).then(0).otherwise("a")))
    assert digest(long) == digest(pl.concat([long[:100_000], long[100_000:]], rechunk=False))


def test_numbers_of_numpy_count_as_pythons():
    assert digest((np.float64(0.5), np.int64(3), np.bool_(True))) == digest((0.5, 3, True))  # noqa: FBT003


def test_what_has_no_known_content_has_no_digest(cache):
    with pytest.raises(TypeError):
        digest(object())
    network = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    assert Kept(cache).key(("x",), network, {"it": object()}) is None


def test_options_and_work_are_part_of_the_key(cache):
    network = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    other = Network.from_tables(pl.DataFrame({"source": ["b"], "target": ["a"]}))
    work = Kept(cache)
    keys = [
        work.key(("a",), network, {"seed": 1}),
        work.key(("b",), network, {"seed": 1}),
        work.key(("a",), network, {"seed": 2}),
        work.key(("a",), network, {"sees": 1}),
        work.key(("a",), other, {"seed": 1}),
    ]
    assert len(set(keys)) == 5
    assert Kept(None).key(("a",), network, {}) is None
