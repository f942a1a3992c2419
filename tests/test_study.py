"""Studies: TOML in and out, every parameter resolved, and errors that say what is wrong."""

from __future__ import annotations

import inspect
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.errors import ImportFileError, MeasureError, StudyError
from netact.measures import MEASURES, measure_function
from netact.study import TAKEN_FROM_RESULTS, Source, Step, Study, find_file, load, parameters_of, paths_for_folder


def test_every_parameter_is_resolved():
    study = Study.of(["edges.csv"])
    assert [step.name for step in study.measures] == list(MEASURES)
    for step in study.measures:
        signature = inspect.signature(measure_function(step.name)).parameters
        expected = {name for name, p in signature.items() if p.kind is p.KEYWORD_ONLY}
        expected -= {"seed", *TAKEN_FROM_RESULTS.get(step.name, {})}
        assert set(step.parameters) == expected
        for name, value in step.parameters.items():
            assert value == signature[name].default


def test_parameters_taken_from_results_exist():
    for name, taken in TAKEN_FROM_RESULTS.items():
        signature = inspect.signature(measure_function(name)).parameters
        order = list(MEASURES)
        for parameter, (other, _) in taken.items():
            assert parameter in signature
            assert order.index(other) < order.index(name)


def test_unknown_parameter_names_what_is_taken():
    with pytest.raises(
        MeasureError, match=r"measure 'hierarchy' has no parameter 'drawz'; it takes \['kind', .*'draws'"
    ):
        Study.of(["e.csv"], measures={"hierarchy": {"drawz": 5}})


@pytest.mark.parametrize("value", ["many", 1.5, True, [1]])
def test_parameter_of_the_wrong_type_is_refused(value):
    with pytest.raises(MeasureError, match=r"measure 'hierarchy': draws"):
        Study.of(["e.csv"], measures={"hierarchy": {"draws": value}})


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: Study.of([]), StudyError, "nothing to read"),
        (lambda: Study.of([Source("a.csv", "accounts")]), StudyError, "nothing to read"),
        (lambda: Study.of([Source("a.csv", "spies")]), StudyError, "nothing to read|unknown role"),
        (lambda: Study.of(["e.csv"], seed=-1), StudyError, "whole number"),
        (lambda: Study.of(["e.csv"], measures={"love": {}}), MeasureError, "unknown measure 'love'; use one of"),
        (lambda: Study.of([Source("e.csv", options={"sauce": "x"})]), ImportFileError, "unknown option 'sauce'"),
        (
            lambda: Study.of(["e.csv", Source("a", "admins", options={"reach": "x"})]),
            StudyError,
            "takes person, account",
        ),
        (lambda: Study.of(["e.csv", Source("a", "admins"), Source("b", "admins")]), StudyError, "more than one"),
        (lambda: Study("t", 1, (Source("e"),), ()), StudyError, "nothing to measure"),
        (lambda: Study("t", 1, (Source("e"),), (Step("factions"), Step("factions"))), StudyError, "named twice"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(make, error, match):
    with pytest.raises(error, match=match) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_round_trip(tmp_path):
    study = Study.of(
        [
            Source("e.csv", options={"kind": "mention", "reverse": True, "ego": "plaza_voices"}),
            Source("a.csv", "admins", "ab" * 32),
        ],
        title='A "quoted" title – حراك',
        seed=7,
        measures={"hierarchy": {"draws": 19}, "factions": {"resolution": 2}},
    )
    (tmp_path / "study.toml").write_text(study.to_toml(), encoding="utf-8")
    again = load(tmp_path / "study.toml")
    assert again.to_dict() == study.to_dict()
    assert again.to_toml() == study.to_toml()


@given(st.text(max_size=40), st.integers(0, 2**62), st.integers(9, 500))
def test_round_trip_of_any_title_seed_and_draws(tmp_path_factory, title, seed, draws):
    study = Study.of(["e.csv"], title=title or "x", seed=seed, measures={"hierarchy": {"draws": draws}})
    path = tmp_path_factory.mktemp("s") / "study.toml"
    path.write_bytes(study.to_toml().encode())
    assert load(path).to_dict() == study.to_dict()


def test_short_study_file_means_all_measures(tmp_path):
    (tmp_path / "s.toml").write_text('[[sources]]\npath = "e.csv"\n')
    study = load(tmp_path / "s.toml")
    assert [step.name for step in study.measures] == list(MEASURES)
    assert (study.title, study.seed, study.folder) == ("e", 1, str(tmp_path))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("title = ", "not a study file"),
        ("colour = 1\n[[sources]]\npath='e'", "unknown entry 'colour'"),
        ("sources = 3", "must be a list of tables"),
        ("[[sources]]\nrole='admins'", "a source without a path"),
        ("[[sources]]\npath='e'\nfoo=1", "unknown entry 'foo'"),
        ("[[sources]]\npath='e'\noptions=1", "must be a table"),
        ("[[sources]]\npath='e'\n[[measures]]\nname='hierarchy'\nparameters=3", "must be a table"),
        ("[[sources]]\npath='e'\n[[measures]]\nname='hierarchy'\n[measures.parameters]\nn=3", "has no parameter 'n'"),
        ("seed='x'\n[[sources]]\npath='e'", "whole number"),
    ],
)
def test_broken_study_files_say_what_is_wrong(tmp_path, text, match):
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises((StudyError, MeasureError), match=match):
        load(tmp_path / "s.toml")


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(StudyError, match="no such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match="cannot be read"):
        load(tmp_path / "b.toml")


def test_files_are_found_beside_the_study_first_then_from_here(tmp_path, monkeypatch):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "e.csv").write_text("x")
    study = Study("t", 1, (Source("e.csv"),), (Step("hierarchy"),), folder=str(tmp_path / "one"))
    monkeypatch.chdir(tmp_path / "two")
    assert find_file(study, study.sources[0]) == tmp_path / "one" / "e.csv"
    (tmp_path / "one" / "e.csv").unlink()
    with pytest.raises(StudyError, match=r"e\.csv: no such file"):
        find_file(study, study.sources[0])
    (tmp_path / "two" / "e.csv").write_text("x")
    assert find_file(study, study.sources[0]).read_text() == "x"


def test_paths_in_an_output_folder(tmp_path, monkeypatch):
    (tmp_path / "home" / "work").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "home" / "work")
    (tmp_path / "home" / "work" / "e.csv").write_text("x")
    study = Study.of(["e.csv", "/data/f.csv"])
    assert paths_for_folder(study, "out") == ("../e.csv", "/data/f.csv")
    assert paths_for_folder(study, "a/out") == ("../../e.csv", "/data/f.csv")
    # Only absolute folders that were typed may be named.
    assert paths_for_folder(study, tmp_path / "home" / "work" / "out")[0] == "../e.csv"
    assert paths_for_folder(study, tmp_path / "elsewhere" / "out")[0] in ("e.csv", "../../home/work/e.csv")
    (tmp_path / "home" / "e.csv").write_text("x")
    assert paths_for_folder(Study.of(["../e.csv"]), "out") == ("../../e.csv",)


def test_output_is_toml_without_nulls():
    values = tomllib.loads(Study.of(["e.csv"]).to_toml())
    assert values["measures"][0]["name"] == "leading_core"
    assert "kind" not in values["measures"][0]["parameters"]
    assert parameters_of("leading_core")["kind"] is None
