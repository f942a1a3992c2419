"""What leaves the machine: no raw identifier outside private/, whoever is public, and the way back."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from dataclasses import replace

import leaks
import made_results
import polars as pl
import pytest
from click.testing import CliRunner

from netact.canonical import sealed_keys
from netact.cli import main
from netact.errors import NetactError, StudyError
from netact.jobs import execute
from netact.network import Network
from netact.outputs import Outputs
from netact.privacy import Privacy
from netact.report import run, write
from netact.report.publish import SMALL_CELLS, published
from netact.report.reveal import names_kept, with_names
from netact.report.stored import read
from netact.report.tables import restored
from netact.report.verify import told, verify
from netact.report.write import read_secret, secret_of
from netact.study import Source, Study, find_file, load

SECRET = "5" * 64
FEW = {
    "leading_core": {"draws": 9, "replicates": 0, "power_runs": 0},
    "super_users": {"draws": 9},
    "hierarchy": {"draws": 9, "replicates": 10},
    "factions": {"draws": 9, "runs": 2},
    "dynamics": {"draws": 9, "group_draws": 0},
    "symbols": {"draws": 9, "label_draws": 99},
    "coordination": {"draws": 3},
    "legitimation": {"draws": 9, "replicates": 10},
}
ALL_FILES = Outputs(tables=("csv", "xlsx", "parquet", "latex", "markdown"), graphs=("graphml", "gexf", "json"))


def identifiers(network: Network) -> set[str]:
    """Return all that names an account or a person of a network."""
    accounts = network.accounts
    found = {key for key in accounts["key"] if key}
    found |= {key.split(":", 1)[1] for key in found if ":" in key}
    for name in ("native_id", "handle", "display_name"):
        found |= set(accounts[name].drop_nulls())
    found |= set(network.admin_rights["person"])
    found |= set(network.aliases["handle"].drop_nulls())
    return found


@pytest.fixture(scope="module")
def movement(tmp_path_factory):
    """Return the study of a small movement with everything that could name somebody."""
    folder = tmp_path_factory.mktemp("movement")
    team = [f"organiser_{word}" for word in ("nila", "tomo", "vesna", "ruk", "adile")]
    crowd = [f"participant_{number:03d}" for number in range(140)]
    rows = [
        (a, b, f"2024-03-{1 + n:02d}T10:0{n}:00Z", f"post-{a}-{b}-{n}", "march")
        for a in team for b in team if a != b for n in range(3)
    ]  # fmt: skip
    rows += [
        (who, team[(i * 7 + j) % 5] if j < 2 else crowd[(i * 3 + j) % 140], f"2024-03-{1 + (i + j) % 28:02d}T12:{j:02d}:00Z",
         f"post-{who}-{j}", "march rain" if i % 3 else f"march street{i % 40}")
        for i, who in enumerate(crowd) for j in range(4)
    ]  # fmt: skip
    pl.DataFrame(rows, schema=["source", "target", "time", "post_id", "hashtags"], orient="row").write_csv(
        folder / "ties.csv"
    )
    names = [*team, *crowd]
    pl.DataFrame(
        {
            "account": names, "platform": ["square"] * 145, "display_name": [f"Display {name.title()}" for name in names],
            "followers": [5000, 4000, 20, 10, 3, *range(140)], "biography": [f"I am {name}" for name in names],
        }
    ).write_csv(folder / "accounts.csv")  # fmt: skip
    rights = [
        ("Person Zorica", team[0], "owner"),
        ("Person Zorica", team[1], "admin"),
        ("Person Emre", team[2], "owner"),
    ]
    pl.DataFrame(rights, schema=["person", "account", "role"], orient="row").write_csv(folder / "keys.csv")
    (folder / "public.txt").write_text(f"# those who speak for it\n@{team[0].upper()}\nsquare:{team[1]}\nPerson Emre\n")
    sources = [
        Source(str(folder / "ties.csv"), options={"platform": "square"}),
        Source(str(folder / "accounts.csv"), "accounts"),
        Source(str(folder / "keys.csv"), "admins"),
    ]
    made = Study.of(sources, title="A march", measures=FEW, robustness="none")
    return replace(made, outputs=ALL_FILES, folder=str(folder))


@pytest.fixture(scope="module")
def report(movement):
    """Return the finished run of that study."""
    return run(movement)


@pytest.fixture(scope="module")
def shared_folder(report, tmp_path_factory):
    """Return the folder it was written to with default settings."""
    return write(report, tmp_path_factory.mktemp("out") / "report", secret=SECRET)


def under(report, **settings):
    """Return a finished run as it would be under other privacy settings."""
    content = report.sealed_content
    return replace(report, sealed_content=replace(content, study=replace(content.study, privacy=Privacy(**settings))))


def test_by_default_nothing_names_anybody(report, shared_folder):
    names = identifiers(report.network)
    assert len(names) > 400
    assert leaks.leaks(shared_folder, names) == []
    for text in ("Display Org", "Display Part", "I am ", "post-participant", "Zorica"):
        for path in shared_folder.rglob("*"):
            if (
                path.is_file()
                and "private" not in path.parts
                and path.suffix in (".html", ".json", ".csv", ".toml", ".gexf")
            ):
                assert text not in path.read_text(), (text, path)


def test_the_search_for_leaks_finds_them(report, shared_folder, tmp_path):
    names = identifiers(report.network)
    (tmp_path / "data").mkdir()
    pl.DataFrame({"a": [["x", "organiser_nila"]]}).write_parquet(tmp_path / "data" / "a.parquet")
    (tmp_path / "b.json").write_text(json.dumps({"k": [{"participant_001": 1}]}))
    (tmp_path / "c.html").write_text(
        '<script>var x = {"a": "participant_002"}</script><p title="participant_003">see participant_004.'
    )
    (tmp_path / "d.md").write_text("By @participant_005, and \ue000a12.")
    (tmp_path / "e.gexf").write_text('<g><node id="participant_006"><v>participant_007</v></node></g>')
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "names.csv").write_text("participant_008")
    found = leaks.leaks(tmp_path, names)
    assert {text for _, text in found if not text.startswith("sealed")} == {
        "organiser_nila", *(f"participant_00{n}" for n in range(1, 8))
    }  # fmt: skip
    assert any(text.startswith("sealed") for _, text in found)
    # What was written with all names is full of them: the default report is not clean for want of names to find.
    open_folder = write(under(report, names="all"), tmp_path / "open")
    assert {path for path, _ in leaks.leaks(open_folder, names)} >= {"report.html", "accounts.csv", "network.gexf"}


def test_private_is_for_its_owner_and_holds_the_way_back(report, shared_folder):
    private = shared_folder / "private"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE((private / "key").stat().st_mode) == 0o600
    assert "NEVER SHARE" in (private / "README.txt").read_text()
    assert (private / "key").read_text() == f"{SECRET}\n"
    kept = names_kept(shared_folder)
    assert len(kept) == report.network.n_accounts + 2
    table = pl.read_csv(shared_folder / "accounts.csv")
    named, columns = with_names(table, kept)
    assert columns == ["key"]
    assert named["key is"].null_count() == 0
    raw = {row["key"]: row for row in report.network.accounts.iter_rows(named=True)}
    names = restored(pl.read_csv(private / "names.csv", infer_schema=False)).filter(what="account")
    by_id = dict(names.select("id", "key").iter_rows())
    heard = dict(zip(report.network.keys, report.network.ties().in_degree.tolist(), strict=True))
    received = f"{report.content.summary.attention_kind}_in"
    for row in table.iter_rows(named=True):
        assert by_id[row["key"]] in raw
        assert heard[by_id[row["key"]]] == row[received]
    assert "biography" in names.columns


def test_public_accounts_bear_their_names_and_only_they(report, tmp_path):
    folder = write(under(report, public="public.txt"), tmp_path / "report", secret=SECRET)
    public = {"square:organiser_nila", "square:organiser_tomo"}
    named = public | {
        "organiser_nila",
        "organiser_tomo",
        "Display Organiser_Nila",
        "Display Organiser_Tomo",
        "Person Emre",
    }
    assert leaks.leaks(folder, identifiers(report.network), allowed=named) == []
    table = pl.read_parquet(folder / "accounts.parquet")
    assert set(table["key"].filter(~table["key"].str.starts_with("anon-"))) == public
    assert table.filter(pl.col("handle").is_not_null())["key"].sort().to_list() == sorted(public)
    assert "biography" not in table.columns
    stored = read(folder).content
    assert stored.named == 2
    assert "organiser_nila" in stored.names.values()
    assert "Person Emre" in stored.results["super_users"].people["person"].to_list()


def test_an_audience_names_accounts(report, tmp_path):
    found = published(under(report, named_from=4000), secret=SECRET)
    assert found.content.named == 2
    assert set(found.names.filter("named")["key"]) == {"square:organiser_nila", "square:organiser_tomo"}
    followers = [(f"fan{n}", "loud", "follow") for n in range(5)] + [("fan0", "quiet", "follow")]
    network = Network.from_tables(pl.DataFrame(followers, schema=["source", "target", "kind"], orient="row"))
    from netact.report.publish import public_accounts

    asked = replace(report.study, privacy=Privacy(named_from=5))
    assert network.accounts.filter(public_accounts(asked, network))["key"].to_list() == ["loud"]
    silent = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}), kind="retweet")
    with pytest.raises(StudyError, match="tell nobody's audience"):
        public_accounts(asked, silent)


def test_all_names_are_explicit_and_stamped(report, tmp_path):
    folder = write(under(report, names="all"), tmp_path / "report")
    page = (folder / "report.html").read_text()
    assert "This report names every account and every person." in page
    table = pl.read_parquet(folder / "accounts.parquet")
    assert set(table["key"]) == set(report.network.keys)
    assert "biography" in table.columns
    assert "Nobody is named here" not in page


def test_the_secret_of_a_folder_is_kept_and_can_be_shared_by_studies(report, tmp_path):
    first = write(report, tmp_path / "a")
    ids = pl.read_parquet(first / "accounts.parquet")["key"].to_list()
    assert len(set(ids)) == len(ids)
    again = write(report, tmp_path / "a")
    assert pl.read_parquet(again / "accounts.parquet")["key"].to_list() == ids
    other = write(report, tmp_path / "b")
    assert not set(pl.read_parquet(other / "accounts.parquet")["key"]) & set(ids)
    same = write(report, tmp_path / "c", secret=read_secret(first / "private" / "key"))
    assert pl.read_parquet(same / "accounts.parquet")["key"].to_list() == ids
    assert secret_of(first) == secret_of(same) != secret_of(other)
    (first / "private" / "key").write_text("nonsense")
    with pytest.raises(NetactError, match="does not hold a secret"):
        write(report, first)


def test_copied_inputs_of_a_study_that_hides_names_are_private(report, tmp_path):
    folder = write(under(report, public="public.txt"), tmp_path / "report", copy_inputs=True)
    assert not (folder / "inputs").exists()
    kept = {path.name for path in (folder / "private" / "inputs").iterdir()}
    assert kept == {"accounts.csv", "keys.csv", "public.txt", "ties.csv"}
    study = load(folder / "private" / "study.toml")
    assert study.privacy.public == "inputs/public.txt"
    assert all((folder / "private" / source.path).is_file() for source in study.sources)
    assert [source.path for source in load(folder / "study.toml", kept=False).sources] == [
        "interactions-1.csv", "accounts-1.csv", "admins-1.csv"
    ]  # fmt: skip


def test_a_list_that_names_nobody_is_refused(report, tmp_path):
    wrong = tmp_path / "list.txt"
    wrong.write_text("someone else\n")
    with pytest.raises(StudyError, match=r"list\.txt: names none of the accounts"):
        write(under(report, public=str(wrong)), tmp_path / "report")
    assert not (tmp_path / "report").exists()
    with pytest.raises(StudyError, match="no such file"):
        write(under(report, public=str(tmp_path / "none.txt")), tmp_path / "report")


def table_at(result, path):
    for name in path.split("."):
        result = getattr(result, name)
    return result


def with_table(result, path, table):
    name, _, rest = path.partition(".")
    return replace(result, **{name: with_table(getattr(result, name), rest, table) if rest else table})


def counting(schema, *columns):
    """Return rows that count 0 to 60 accounts; all else is empty, or 1 where it may be told from the counts."""
    rows = pl.DataFrame(
        {name: [0, 1, 4, 5, 60, None] for name in columns}, schema={name: schema[name] for name in columns}
    )
    rest = {name: 1.0 if dtype.is_numeric() else None for name, dtype in schema.items() if name not in columns}
    return rows.with_columns(pl.lit(value, dtype=schema[name]).alias(name) for name, value in rest.items()).select(
        list(schema)
    )


def followed(content):
    """Return the result of how it moves with parts that so small a movement does not have."""
    parts = {"tracking": made_results.tracking(), "earlier": made_results.earlier_activism()}
    return replace(content.results["dynamics"], **parts)


def test_small_cells_are_left_out(report):
    content = report.sealed_content
    results = {**content.results, "dynamics": followed(content)}
    for question, tables in SMALL_CELLS.items():
        for path, column in tables.items():
            table = counting(table_at(results[question], path).schema, column)
            if path == "factions" and question == "legitimation":
                table = table.with_columns(endorsers=10, opponents=0)
            results[question] = with_table(results[question], path, table)
    flows = counting(content.timeline.flows.schema, "accounts")
    timeline = replace(content.timeline, flows=flows)
    small = replace(report, sealed_content=replace(content, results=results, timeline=timeline))
    found, whole = (published(under(small, small_cells=n), secret=SECRET).content for n in (5, 0))
    assert (whole.left_out, found.left_out) == (0, 2 * (1 + sum(map(len, SMALL_CELLS.values()))))
    assert found.timeline.flows["accounts"].to_list() == [0, 5, 60, None]
    assert whole.timeline.flows.height == 6
    for question, tables in SMALL_CELLS.items():
        for path, column in tables.items():
            assert table_at(found.results[question], path)[column].to_list() == [0, 5, 60, None]
            assert table_at(whole.results[question], path)[column].to_list() == [0, 1, 4, 5, 60, None]


def test_small_counts_beside_other_numbers_are_emptied_with_what_tells_them(report):
    content = report.sealed_content
    results = {**content.results, "dynamics": followed(content)}
    factions = counting(results["legitimation"].factions.schema, "endorsers").with_columns(members=30, opponents=7)
    events = counting(results["dynamics"].tracking.events.schema, "accounts").with_columns(before=9)
    results["legitimation"] = replace(results["legitimation"], factions=factions)
    results["dynamics"] = with_table(results["dynamics"], "tracking.events", events)
    small = replace(report, sealed_content=replace(content, results=results))
    found = published(under(small), secret=SECRET).content
    shown = found.results["legitimation"].factions
    assert shown["endorsers"].to_list() == [0, None, None, 5, 60, None]
    assert shown["ratio"].to_list() == shown["share_of_endorsers"].to_list() == [1.0, None, None, 1.0, 1.0, 1.0]
    assert shown["members"].to_list() == [30] * 6
    assert shown["opponents"].to_list() == [7] * 6
    steps = found.results["dynamics"].tracking.events
    assert steps["accounts"].to_list() == [0, None, None, 5, 60, None]
    assert steps["jaccard"].null_count() == 2
    assert steps["before"].to_list() == [9] * 6


def test_results_in_memory_keep_their_names(report):
    members = {member for core in report.results["leading_core"].cores for member in core.members}
    assert members <= set(report.network.keys)
    assert set(report.results["super_users"].people["person"]) == {"Person Zorica", "Person Emre"}
    assert set(report.names) <= set(report.network.keys)
    assert not list(sealed_keys(str(report.headline) + " ".join(report.names)))
    assert list(sealed_keys(" ".join(report.sealed_content.names)))


# ---------------------------------------------------------------------- names of files


@pytest.fixture(scope="module")
def by_files(tmp_path_factory):
    """Return the folder of files whose names and options name accounts, and the study of them."""
    folder = tmp_path_factory.mktemp("of_somebody")
    crowd = [f"participant_{number:03d}" for number in range(60)]
    rows = [
        (who, crowd[(i * 7 + j * j) % 12], f"2024-03-{1 + (i + 3 * j) % 28:02d}T12:00:00Z")
        for i, who in enumerate(crowd) for j in range(4)
    ]  # fmt: skip
    ties = pl.DataFrame(rows, schema=["source", "target", "time"], orient="row")
    ties.write_csv(folder / "participant_001_own.csv")
    (folder / "followers_of_participant_002.txt").write_text("\n".join(crowd[10:30]) + "\n")
    (folder / "participant_003.csv").write_text("follower_id\n" + "\n".join(crowd[20:40]) + "\n")
    with zipfile.ZipFile(folder / "all of participant_004.zip", "w") as archive:
        archive.writestr("participant_005/sent.csv", ties[::3].write_csv())
        archive.writestr("participant_006.csv", ties[::2].write_csv())
    ties.head(90).write_csv(folder / "participant_007.march.csv")
    (folder / "without_participant_008.txt").write_text("participant_059\n")
    (folder / "friends_of_participant_009.txt").write_text("participant_050\n")
    sources = [
        Source(str(folder / "participant_001_own.csv")),
        Source(str(folder / "followers_of_participant_002.txt")),
        Source(str(folder / "participant_003.csv"), options={"ego": "@participant_003"}),
        Source(str(folder / "all of participant_004.zip"), options={"member": "participant_006.csv"}),
        Source(str(folder / "participant_007.march.csv"), "earlier"),
        Source(str(folder / "without_participant_008.txt"), "leave_out"),
    ]
    few = {name: FEW[name] for name in ("leading_core", "hierarchy", "dynamics")}
    privacy = Privacy(public=str(folder / "friends_of_participant_009.txt"))
    made = Study.of(sources, measures=few, robustness="none", privacy=privacy)
    return folder, replace(made, outputs=ALL_FILES)


@pytest.fixture(scope="module")
def shared_by_files(by_files, tmp_path_factory):
    found = run(by_files[1])
    return found, write(found, tmp_path_factory.mktemp("out") / "report", secret=SECRET)


def texts(folder):
    """Return every text outside private/ with the file that holds it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] != "private":
            for text in leaks.texts_of(path):
                yield path.relative_to(folder), text


def test_names_of_files_and_options_stay_private(by_files, shared_by_files):
    place, study = by_files
    found, folder = shared_by_files
    told = [(path, text) for path, text in texts(folder) if "participant_" in text.replace("participant_050", "")]
    assert told == []
    for word in ("somebody", place.name, "sent.csv", "own.csv", "friends_of", "without_"):
        assert [path for path, text in texts(folder) if word in text] == []
    shared = load(folder / "study.toml", kept=False)
    assert [source.path for source in shared.sources] == [
        "interactions-1.csv", "interactions-2.txt", "interactions-3.csv", "interactions-4.zip", "earlier-1.csv", "leave-out-1.txt",
    ]  # fmt: skip
    assert shared.title == f"Study {shared.sources[0].sha256[:8]}"
    assert shared.privacy.public == "public.txt"
    names = dict(published(found, secret=SECRET).names.select("key", "id").iter_rows())
    assert shared.sources[2].options["ego"] == names["participant_003"]
    assert shared.sources[3].options["member"] == "<withheld>"
    receipt = read(folder).content.receipt["sources"]
    assert [source["file"] for source in receipt] == [
        "interactions-1.csv", "interactions-2.txt", "interactions-3.csv", "interactions-4.zip/file-1.csv", "earlier-1.csv",
    ]  # fmt: skip
    said = [text for source in receipt for text in source["assumptions"] if text.startswith("whose list it is")]
    assert [text.partition(": ")[2].split()[0] for text in said] == [names["participant_002"], names["participant_003"]]
    kept = load(folder / "private" / "study.toml")
    assert kept.title == study.title
    assert [source.options for source in kept.sources] == [source.options for source in found.study.sources]


def test_earlier_events_are_called_after_neutral_names_too(shared_by_files):
    found, _folder = shared_by_files
    content = found.sealed_content
    dynamics = content.results["dynamics"]
    event = {"event": "participant_007", "rows": 90, "accounts": 40, "members": 3, "expected": 1.0}
    member = {"account": content.summary.most_heard, "events": ["participant_007"], "mutual": 1}
    met = replace(
        dynamics.earlier,
        by_event=pl.DataFrame([event], schema=dynamics.earlier.by_event.schema),
        by_member=pl.DataFrame([member], schema=dynamics.earlier.by_member.schema),
    )
    changed = replace(content, results={**content.results, "dynamics": replace(dynamics, earlier=met)})
    shown = published(replace(found, sealed_content=changed), secret=SECRET).content.results["dynamics"].earlier
    assert shown.by_event["event"].to_list() == ["earlier-1"]
    assert shown.by_member["events"].to_list() == [["earlier-1"]]


def test_who_ran_it_can_verify_it_and_who_got_it_is_told_what_is_missing(by_files, shared_by_files, tmp_path):
    place, _study = by_files
    folder = tmp_path / "report"
    shutil.copytree(shared_by_files[1], folder)
    assert verify(folder, execute=execute).identical
    again = load(folder / "study.toml")  # what is not withheld is taken from the study beside private/
    assert again.sources[2].options["ego"] == "@participant_003"
    assert find_file(again, again.sources[3]).name == "all of participant_004.zip"
    shutil.rmtree(folder / "private")
    refused = CliRunner().invoke(main, ["study", "run", str(folder / "study.toml"), "-q", "-o", str(tmp_path / "a")])
    assert refused.exit_code == 2
    assert "options.ego: was withheld when the study was shared; found anon-" in refused.stderr
    assert refused.stderr.count("\n") == 1
    with pytest.raises(StudyError, match=r"options\.ego: was withheld when the study was shared; found anon-"):
        verify(folder, execute=execute, inputs=place)


def test_who_holds_the_files_can_repeat_a_shared_study(by_files, tmp_path):
    place, study = by_files
    sources = [source for source in study.sources if not source.options]
    simple = replace(study, sources=tuple(sources), measures=study.measures[1:2])
    folder = write(run(simple), tmp_path / "report")
    shutil.rmtree(folder / "private")
    with pytest.raises(StudyError, match=r"interactions-1\.csv: no such file; found none of sha256 .* --inputs DIR"):
        verify(folder, execute=execute)
    found = verify(folder, execute=execute, inputs=place)
    assert found.identical, told(found)
    data = tmp_path / "data"
    data.mkdir()
    for number, path in enumerate(sorted(place.iterdir())):
        # Whose list it is stands in the name of the list.
        shutil.copyfile(path, data / (path.name if path.suffix == ".txt" else f"{number}{path.suffix}"))
    given = replace(load(folder / "study.toml"), folder=str(data), privacy=Privacy())
    assert run(given).network.n_accounts == run(simple).network.n_accounts


def test_all_names_are_those_of_files_too(by_files, tmp_path):
    _place, study = by_files
    simple = replace(study, sources=study.sources[:1], measures=study.measures[1:2], privacy=Privacy("all"))
    folder = write(run(simple), tmp_path / "report")
    assert not (folder / "private" / "study.toml").exists()
    assert "participant_001_own.csv" in (folder / "report.html").read_text()
    assert load(folder / "study.toml").title == "participant_001_own"
    assert verify(folder, execute=execute).identical


def test_a_tie_of_a_name_and_a_word_of_the_receipt(tmp_path):
    """A column is called what it is called, though somebody has the same name."""
    rows = [("source", "kind"), ("ann_b", "source"), ("source", "ann_b")]
    pl.DataFrame(rows, schema=["source", "target"], orient="row").write_csv(tmp_path / "a.csv")
    study = Study.of([Source(str(tmp_path / "a.csv"))], measures={"hierarchy": FEW["hierarchy"]}, robustness="none")
    found = published(run(study), secret=SECRET).content
    (source,) = found.receipt["sources"]
    assert source["mapping"] == {"source": "source", "target": "target"}
    assert "'source'" in source["direction"]


# ---------------------------------------------------------------------- real data


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "role"),
    [
        ("coortweet_coordination/russian_coord_tweets.csv.gz", "interactions"),
        ("reddit_moderators2024/moderators.csv", "admins"),
        ("formats/twarc2/flat.jsonl", "interactions"),
    ],
)
def test_no_account_of_real_data_is_named(shared, shared_folder, tmp_path, file, role):
    found = run(Study.of([Source(str(shared / file), role)], title="Real", measures=FEW, robustness="none"))
    folder = write(found, tmp_path / "report")
    words = {
        word
        for path in shared_folder.rglob("*")
        if path.is_file()
        for text in leaks.texts_of(path)
        for word in [text, *text.split()]
    }
    names = identifiers(found.network) - words  # what the report of an invented movement says too is no name
    assert len(names) > 0.7 * len(identifiers(found.network))
    common = {name for name in names if name.isalpha()} if role == "admins" else ()  # communities called "unity"
    assert leaks.leaks(folder, names, words=common) == []


def test_the_way_back_at_the_command_line(shared_folder, tmp_path):
    def call(*arguments):
        return CliRunner().invoke(main, ["privacy", "reveal", *map(str, arguments)])

    kept = names_kept(shared_folder)
    pseudonym = next(iter(kept))
    assert call(shared_folder, pseudonym).output == f"{pseudonym}  {kept[pseudonym]}\n"
    found = call(shared_folder, "--table", shared_folder / "accounts.csv", "-o", tmp_path / "named.csv")
    assert found.exit_code == 0, found.output
    table = pl.read_csv(tmp_path / "named.csv")
    assert table.select("key", "key is").rows()[0] == (table["key"][0], kept[table["key"][0]])
    for arguments, says in (
        ([shared_folder], "nothing to reveal"),
        ([shared_folder, "anon-00000000"], "stands for nobody"),
        ([shared_folder, "--table", shared_folder / "accounts.csv"], "belong together"),
        ([tmp_path, pseudonym], "names stay on the machine"),
        (
            [shared_folder, "--table", shared_folder / "tables" / "codebook.csv", "-o", tmp_path / "x.csv"],
            "no pseudonym",
        ),
        ([shared_folder, "--table", tmp_path / "none.csv", "-o", tmp_path / "x.csv"], "no such file"),
    ):
        refused = call(*arguments)
        assert refused.exit_code == 2
        assert says in refused.stderr
        assert refused.stderr.count("\n") == 1
