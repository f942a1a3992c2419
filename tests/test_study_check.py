"""What is wrong in a study file: every mistake at once, with its line and what was meant; and the published schema."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.cli import main
from netact.cli.options import given_filters, given_sources
from netact.errors import StudyError
from netact.filters import Filters
from netact.importers import SourceOptions
from netact.outputs import Outputs
from netact.privacy import Privacy
from netact.schemas import KINDS
from netact.study import MOST_RUNS, ROLES, Grid, Source, Study, load, schema
from netact.study.check import check
from netact.study.file import NAMES, places_of, understood
from netact.study.schema import described, published_schema, schema_text, study_schema
from netact.synthetic import sample_folder

ROOT = Path(__file__).parents[1]
SHORT = '[[sources]]\npath = "e.csv"\n'


def lines(text):
    study, problems = understood(text)
    assert (study is None) == bool(problems)
    return [(problem.line, f"{problem.where}: {problem.what}", problem.remedy) for problem in problems]


@pytest.mark.parametrize(
    ("text", "line", "says", "meant"),
    [
        ("titel = 'x'\n" + SHORT, 1, "titel: unknown entry 'titel'", "did you mean 'title'?"),
        ("\nseed = -1\n" + SHORT, 2, "seed: must be a whole number from 0", ""),
        ("title = 3\n" + SHORT, 1, "title: must be a text", ""),
        ("schema = 'one'\n" + SHORT, 1, "schema: must be the number of a version", ""),
        ("schema = 2\n" + SHORT, 1, "schema: is of a later netact", ""),
        ("sources = 3", 1, "sources: must be a list of tables", "write [[sources]]"),
        ("seed = 1\n", 0, "sources: nothing to read", ""),
        (SHORT + "rol = 'x'", 3, "sources.rol: unknown entry", "did you mean 'role'?"),
        (SHORT + "role = 'intractions'", 3, "sources.role: unknown role", "did you mean 'interactions'?"),
        (SHORT + "sha256 = 'abc'", 3, "sources.sha256: is no SHA-256", ""),
        (SHORT + "options.knd = 'x'", 3, "sources.options.knd: unknown option", "did you mean 'kind'?"),
        (SHORT + "options.kind = 'love'", 3, "sources.options.kind: unknown kind 'love'", ""),
        (SHORT + "[sources.options]\n\nreverse = 'yes'", 5, "sources.options.reverse: must be true or false", ""),
        (SHORT + "[[sources]]\nrole = 'admins'", 3, "sources.path: a source without a path", ""),
        (SHORT + "[[sources]]\npath = 'a'\nrole = 'admins'\n[[sources]]\npath = 'b'\nrole = 'admins'", 6, "more than", ""),
        (SHORT + "[[measures]]\nname = 'faction'", 4, "measures.name: unknown measure", "did you mean 'factions'?"),
        (SHORT + "[[measures]]\n", 3, "measures.name: a measure without a name", ""),
        (SHORT + "measures = []", 3, "sources.measures: unknown entry", ""),
        ("measures = []\n" + SHORT, 1, "measures: nothing to measure", ""),
        (SHORT + "[[measures]]\nname='symbols'\n[[measures]]\nname='symbols'", 6, "measures.name: 'symbols' is named", ""),
        (
            SHORT + "[[measures]]\nname = 'hierarchy'\nparameters = { draws = 9, drawz = 3 }",
            5, "measures.parameters.drawz: measure 'hierarchy' has no parameter", "did you mean 'draws'?",
        ),
        (SHORT + "[[measures]]\nname = 'hierarchy'\nparameters.draws = 1.5", 5, "must be a whole number", ""),
        (SHORT + "[[measures]]\nname = 'hierarchy'\nparameters.kind = 'love'", 5, "unknown kind 'love'", ""),
        (SHORT + "[filters]\nkindz = []", 4, "filters.kindz: unknown entry", "did you mean 'kinds'?"),
        (SHORT + "[filters]\nfirst_time = 'May'", 4, "filters.first_time: is neither", ""),
        (SHORT + "[filters]\nleave_out = ['']", 4, "filters.leave_out: must be the path", ""),
        (SHORT + "filters = 3", 3, "sources.filters: unknown entry", ""),
        ("filters = 3\n" + SHORT, 1, "filters: must be a table", "write [filters]"),
        (SHORT + "[collection]\nrate = 0.5", 4, "collection.rate: only a sample has a rate", ""),
        (SHORT + "[robustness]\neffort = 'ful'", 4, "robustness.effort: unknown effort", "did you mean 'full'?"),
        (SHORT + "[privacy]\nnames = 'everyone'", 4, "privacy.names: unknown value", ""),
        (SHORT + "[outputs]\ntables = ['xls']", 4, "outputs.tables: unknown format", "did you mean 'xlsx'?"),
        (SHORT + "[grid]\nseed = 3", 4, "grid.seed: must be a list of values", ""),
        (SHORT + "[grid]\nseed = [1, 1]", 4, "grid.seed: 1 is named twice", ""),
        (SHORT + "[grid]\nseed = [1, 'x']", 4, "grid.seed: must be a whole number from 0", ""),
        (SHORT + "[grid]\n[grid.filters]\nkind = [['reply']]", 5, "'filters.kind' is no axis", "did you mean 'filters.kinds'?"),
        (SHORT + "[grid]\n'measures.hierarchy.draw' = [9]", 4, "is no axis", "did you mean 'measures.hierarchy.draws'?"),
        (SHORT + "[grid]\nmeasures.hierarchy.draws = [9, 'x']", 4, "must be a whole number", ""),
        (SHORT + "[filters]\nlast_time = '2021-01-05'\n[grid]\nfilters.first_time = ['2021-01-01', '2021-02-01']", 6, "before", ""),
        ("seed = 1\nseed = 2\n" + SHORT, 2, ": not a study file", ""),
        ("title = \"\"\"a\nb\nc\"\"\"\nx = [1,\n  2,\n]  # ]\n" + SHORT + "y = 1", 4, "x: unknown entry 'x'", ""),
    ],
)  # fmt: skip
def test_every_mistake_has_its_line_and_what_was_meant(text, line, says, meant):
    found = lines(text)
    assert any(at == line and says in said and meant in remedy for at, said, remedy in found), found


def test_all_mistakes_are_told_at_once_and_the_first_one_when_it_is_run(tmp_path):
    text = "titel = 1\nseed = -1\n[[sources]]\npath = 'e.csv'\n[filters]\nfoo = 1\nkinds = 3\n[grid]\nseeds = [1]\n"
    assert [line for line, *_ in lines(text)] == [1, 2, 6, 7, 9]
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(StudyError, match=r"s\.toml:1: titel: unknown entry 'titel'; did you mean 'title'\?; 4 more"):
        load(tmp_path / "s.toml")


def test_too_many_combinations_are_refused_with_their_number():
    seeds = ", ".join(map(str, range(50)))
    found = lines(SHORT + f"[grid]\nseed = [{seeds}]\nmeasures.hierarchy.draws = [9, 19, 29, 39, 49]\n")
    assert [(line, said) for line, said, _ in found] == [(3, "grid: holds too many combinations")]
    assert Grid({"seed": tuple(range(MOST_RUNS))}).runs == MOST_RUNS
    with pytest.raises(StudyError, match=r"5 x 41 = 205; at most 200"):
        Grid({"seed": tuple(range(5)), "measures.factions.resolution": tuple(range(41))})


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "a = 1", "b.c = '#[x]'", 'd = "\\"]["', "e = [1, [2, '3'], # [\n 4]", "f = {g = [1]}", "h = '''\nx = 1\n'''",
                'i = """\n[no]\\"\n"""', "# [no]", "", "'j k'.l = 2021-01-01T00:00:00Z",
            ]
        ),
        unique=True,
    ),
    st.lists(st.sampled_from(["[t]", "[t.u]", "[[v]]", "[[v.w]]", "['x.y']"]), unique=True),
)  # fmt: skip
def test_lines_are_found_in_any_toml(statements, headers):
    parts, expected, line = [], set(), 1
    for part in [*statements, *(f"{header}\nq = 1" for header in sorted(headers, key=len))]:
        if part and not part.startswith("#"):
            expected.add(line)
        parts.append(part)
        line += part.count("\n") + 1
    text = "\n".join(parts)
    tomllib.loads(text)
    places = places_of(text)
    assert expected <= set(places.values())
    assert max(places.values(), default=0) <= line


def values_of(names, *, least=0):
    return st.lists(st.sampled_from(names), unique=True, min_size=least).map(tuple)


filters = st.builds(
    Filters,
    first_time=st.one_of(st.just(""), st.dates().map(str), st.datetimes().map(str)),
    kinds=values_of(KINDS),
    platforms=values_of(["x", "telegram"]),
    hashtags=values_of(["حراك", "ça", "march"]),
    stated_only=st.booleans(),
    leave_out=st.booleans(),
    min_interactions=st.integers(0, 9),
)
outputs = st.builds(Outputs, tables=values_of(["csv", "latex"]), figures=values_of(["svg"]), methods=st.booleans())
privacy = st.one_of(
    st.just(Privacy(names="all")),
    st.builds(
        Privacy, public=st.text(max_size=9), named_from=st.none() | st.integers(1, 99), small_cells=st.integers(0, 9)
    ),
)
axes = st.fixed_dictionaries(
    {},
    optional={
        "measures.factions.resolution": values_of([0.5, 1.0, 2.0], least=1),
        "filters.min_interactions": values_of([0, 2], least=1),
        "seed": values_of([1, 2, 3], least=1),
        "robustness.effort": values_of(["none", "full"], least=1),
        "filters.kinds": st.lists(values_of(["retweet", "mention"]), min_size=1, unique=True).map(tuple),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=20), st.integers(0, 2**62), filters, privacy, outputs, axes)
def test_what_is_written_is_read_back(tmp_path_factory, title, seed, chosen, shown, written, grid):
    study = Study.of(
        [Source("e.csv", options={"kind": "reply"}), Source("l.txt", "leave_out")],
        title=title, seed=seed, measures={"factions": {"runs": 5}, "hierarchy": {}}, filters=chosen, privacy=shown,
        outputs=written, grid=grid,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("s") / "study.toml"
    path.write_bytes(study.to_toml().encode())
    again = load(path)
    assert again.to_dict() == study.to_dict()
    assert list(again.grid.axes.items()) == list(study.grid.axes.items())
    assert again.filters == study.filters
    assert [combination for combination, _ in again.variants()] == [combination for combination, _ in study.variants()]
    jsonschema.validate(tomllib.loads(study.to_toml()), study_schema())


def test_old_study_files_are_read(tmp_path):
    (tmp_path / "s.toml").write_text(
        'netact_version = "0.1.0"\ntitle = "Old"\nseed = 3\n[[sources]]\npath = "e.csv"\nrole = "interactions"\n'
        '[[measures]]\nname = "hierarchy"\n[measures.parameters]\ndraws = 19\n[robustness]\neffort = "none"\n'
    )
    study = load(tmp_path / "s.toml")
    assert (study.title, study.filters, study.privacy, study.grid.runs) == ("Old", Filters(), Privacy(), 0)


def test_accounts_to_leave_out_may_be_named_among_the_filters(tmp_path):
    (tmp_path / "s.toml").write_text(SHORT + "[filters]\nleave_out = ['bots.txt', 'media.txt']\n")
    study = load(tmp_path / "s.toml")
    assert [(source.path, source.role) for source in study.sources[1:]] == [
        ("bots.txt", "leave_out"),
        ("media.txt", "leave_out"),
    ]
    assert study.filters == Filters()
    (tmp_path / "t.toml").write_text(study.to_toml())
    assert load(tmp_path / "t.toml").to_dict() == study.to_dict()


def test_variants_are_studies_of_their_own():
    study = Study.of(["e.csv"], measures={"hierarchy": {}}, grid={"seed": (4, 5), "measures.hierarchy.draws": (9, 19)})
    made = [
        (axes, variant.seed, variant.measures[0].parameters["draws"], variant.grid.runs)
        for axes, variant in study.variants()
    ]
    assert made == [
        ({"seed": seed, "measures.hierarchy.draws": draws}, seed, draws, 0) for seed in (4, 5) for draws in (9, 19)
    ]


# ---------------------------------------------------------------------- files and the command


def call(*arguments):
    return CliRunner().invoke(main, [str(item) for item in arguments])


def test_files_that_are_missing_or_changed_are_told_with_their_lines(tmp_path):
    (tmp_path / "e.csv").write_text("a,b\n1,2\n")
    digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    text = (
        f'[[sources]]\npath = "e.csv"\nsha256 = "{digest}"\n[[sources]]\npath = "gone.csv"\nrole = "accounts"\n'
        '[filters]\nleave_out = "bots.txt"\n[privacy]\npublic = "public.txt"\n[[measures]]\nname = "hierarchy"\n'
        'parameters.draws = -9\n'
    )  # fmt: skip
    (tmp_path / "s.toml").write_text(text)
    found = check(tmp_path / "s.toml")
    assert found.study is None
    assert dict(found.files) == {
        "e.csv": "the same",
        "gone.csv": "missing",
        "bots.txt": "missing",
        "public.txt": "missing",
    }
    assert [(problem.line, problem.what) for problem in found.problems] == [
        (5, "gone.csv: no such file"),
        (8, "bots.txt: no such file"),
        (10, "public.txt: no such file"),
        (13, "must be 0 or more"),
    ]
    (tmp_path / "e.csv").write_text("a,b\n1,3\n")
    changed = [problem for problem in check(tmp_path / "s.toml").problems if "changed" in problem.what]
    assert [problem.line for problem in changed] == [3]


def test_the_command_says_all_and_ends_with_two(tmp_path):
    (tmp_path / "e.csv").write_text("a,b\n1,2\n")
    (tmp_path / "s.toml").write_text(SHORT + "[grid]\nseed = [1, 2, 3]\n")
    found = call("study", "check", tmp_path / "s.toml")
    assert found.exit_code == 0, found.output
    assert "3 combinations of the grid, of at most 200" in found.output
    assert "can be run" in found.output
    (tmp_path / "s.toml").write_text("titel = 1\nsed = 2\n" + SHORT)
    found = call("study", "check", tmp_path / "s.toml")
    assert found.exit_code == 2
    assert [line.split(": ")[0].rpartition(":")[2] for line in found.stderr.splitlines()[:2]] == ["1", "2"]
    assert "2 mistakes" in found.stderr
    assert "Traceback" not in found.output
    gone = call("study", "check", tmp_path / "none.toml")
    assert (gone.exit_code, gone.stderr.count("\n")) == (2, 1)


# ---------------------------------------------------------------------- the schema


def test_published_schemas_are_what_the_code_says(tmp_path, monkeypatch):
    rule = re.search(
        r"^schemas:.*\n\t\$\(PY\) -m (\S+) (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rule[1] == schema.__name__
    names = rule[2].split()
    assert {ROOT / name for name in names} == set(ROOT.glob("docs/*.schema.json")) | {
        ROOT / "netact/study/study.schema.json"
    }
    monkeypatch.setattr(sys, "argv", ["", *(str(tmp_path / Path(name).name) for name in names)])
    schema.main()
    current = (tmp_path / "study.schema.json").read_text(encoding="utf-8")
    assert current == schema_text()
    for name in names:
        assert (ROOT / name).read_text(encoding="utf-8") == current, f"{name} is stale: run make generated"
    assert json.loads(published_schema()) == study_schema()
    jsonschema.Draft202012Validator.check_schema(study_schema())


def test_every_entry_of_the_schema_is_described():
    def look(schema, path):
        for name, inner in schema.get("properties", {}).items():
            assert inner.get("description") or "const" in inner, f"{path}.{name}"
            for part in (inner, inner.get("items", {})):
                for choice in (part, *part.get("oneOf", ())):
                    look(choice, f"{path}.{name}")

    look(study_schema(), "")


@pytest.mark.parametrize(
    "text",
    [
        "titel = 1\n" + SHORT,
        SHORT + "[[measures]]\nname = 'hierarchy'\nparameters.drawz = 1",
        SHORT + "[[measures]]\nname = 'hierarchy'\nparameters.draws = 'x'",
        SHORT + "[filters]\nkinds = ['love']",
        SHORT + "[grid]\nmeasures.hierarchy.draws = 9",
        SHORT + "options.sauce = 'a'",
    ],
)
def test_schema_and_check_refuse_the_same(text):
    assert lines(text)
    assert not jsonschema.Draft202012Validator(study_schema()).is_valid(tomllib.loads(text))


def test_descriptions_come_from_docstrings():
    assert described("X.\n\nAttributes\n----------\na, b\n    What ``a``\n    is.\nc : int\n    C.\n\nRaises\n------\nE\n    No.\n") == {
        "a": "What a is.", "b": "What a is.", "c": "C.",
    }  # fmt: skip


# ---------------------------------------------------------------------- a new study


def test_a_new_study_says_what_was_found_and_what_else_may_be_set(tmp_path, monkeypatch):
    folder = sample_folder()
    (tmp_path / "in").mkdir()
    for name in ("interactions", "accounts"):
        (tmp_path / "in" / f"{name}.csv").write_bytes((folder / f"movement_{name}.csv").read_bytes())
    (tmp_path / "bots.txt").write_text("somebody\n")
    monkeypatch.chdir(tmp_path)
    found = call("study", "new", "in/interactions.csv", "--accounts", "in/accounts.csv", "--leave-out", "bots.txt",
                 "--from", "2024-03-10", "--only-kind", "retweet", "--seed", 4, "-o", "plan/study.toml")  # fmt: skip
    assert found.exit_code == 2  # the folder is not there
    assert "Traceback" not in found.output
    found = call("study", "new", "in/interactions.csv", "--accounts", "in/accounts.csv", "--leave-out", "bots.txt",
                 "--from", "2024-03-10", "--only-kind", "retweet", "--seed", 4, "-o", "study.toml")  # fmt: skip
    assert found.exit_code == 0, found.output
    text = (tmp_path / "study.toml").read_text()
    assert text.startswith("#:schema ./study.schema.json\n")
    assert json.loads((tmp_path / "study.schema.json").read_text()) == study_schema()
    assert "12,000 rows read, 12,000 kept" in text
    assert "retweet 8,426" in text
    made = load(tmp_path / "study.toml")
    assert (made.seed, made.filters.first_time, made.filters.kinds) == (4, "2024-03-10", ("retweet",))
    assert made.sources[0].options["time"] == "time"
    assert [source.role for source in made.sources] == ["interactions", "accounts", "leave_out"]
    assert made.measures == Study.of(["e.csv"]).measures
    # Every line that is a comment can be used.
    everything = re.sub(r"(?m)^# (?=\[|[a-z_.]+ = )", "", text).replace(
        'leave_out = "accounts_to_leave_out.txt"', "leave_out = true"
    )
    whole, problems = understood(everything)
    assert not problems
    assert whole is not None
    assert whole.grid.runs == 18
    jsonschema.validate(tomllib.loads(everything), study_schema())
    (tmp_path / "all.toml").write_text(everything.replace('public = "public_accounts.txt"', 'public = "bots.txt"'))
    assert check(tmp_path / "all.toml").problems == ()
    again = call("study", "new", "in/interactions.csv")
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_options_of_analyze_are_filters_of_its_study():
    from netact.cli.analyze import analyze

    asked = [
        "a.csv",
        "--from",
        "2021-05-01",
        "--until",
        "2021-05-31",
        "--only-kind",
        "reply",
        "--only-kind",
        "retweet",
        "--only-platform",
        "X",
    ]
    asked += ["--only-hashtag", "#March", "--stated-only", "--min-interactions", "3", "--leave-out", "l.txt"]
    given = analyze.make_context("analyze", asked).params
    assert given_filters(given) == Filters(
        "2021-05-01", "2021-05-31", ("retweet", "reply"), ("x",), ("march",), stated_only=True, min_interactions=3
    )
    assert [source.role for source in given_sources(given["files"], given)] == ["interactions", "leave_out"]


# ---------------------------------------------------------------------- the page on study files and the sample studies

STUDIES = sorted((ROOT / "data" / "studies").glob("*.toml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_sample_studies_hold_no_mistake(path):
    text = path.read_text(encoding="utf-8")
    assert lines(text) == []
    jsonschema.validate(tomllib.loads(text), study_schema())


def test_the_page_on_study_files_tells_all_of_them():
    page = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    (whole,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    study, problems = understood(whole)
    assert not problems
    assert study.grid.runs == 18
    jsonschema.validate(tomllib.loads(whole), study_schema())
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert {item for item in ROLES if item not in named} == set()
    assert {item.name for item in fields(Filters)} <= named
    assert {item.name for item in fields(SourceOptions)} <= named
    assert set(NAMES) - {"netact_version"} <= {
        line.strip("[] =").split(" ")[0].split("]")[0] for line in whole.splitlines()
    }
    assert f"more than {MOST_RUNS} combinations are refused" in page
    options = {option for parameter in main.commands["analyze"].params for option in parameter.opts}
    assert set(re.findall(r"`(--[a-z-]+)", page)) <= options


def test_every_role_has_a_name_on_the_pages():
    from netact_dashboards.pages.upload import COLUMNS, role_name

    assert len({role_name(role) for role in ROLES}) == len(ROLES)
    assert set(COLUMNS) == set(ROLES)
