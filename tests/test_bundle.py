"""netact's own bundle: the same network comes back, everywhere, or a line says why not."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import zipfile
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from netact import read_network
from netact.cli import main
from netact.errors import ImportFileError, ReportError
from netact.importers import SourceOptions, append_to_bundle, inspect_file, read_source, write_bundle
from netact.importers.bundle import TABLES
from netact.language import Message, speaking, told
from netact.network import Network
from netact.receipt import Receipt
from netact.synthetic import sample_folder

POSTS = [
    {"id_str": "1", "created_at": "Mon Jan 01 10:00:00 +0000 2024", "full_text": "a #سلام", "user": {"id_str": "11", "screen_name": "plaza_voices"},
     "entities": {"hashtags": [{"text": "سلام"}], "user_mentions": [{"id_str": "13", "screen_name": "tram_riders"}]}},
    {"id_str": "2", "created_at": "Mon Jan 01 11:00:00 +0000 2024", "full_text": "b", "user": {"id_str": "12", "screen_name": "quiet_bench"},
     "in_reply_to_status_id_str": "1", "in_reply_to_user_id_str": "11", "quoted_status_id_str": "404"},
]  # fmt: skip


def call(*arguments: object, **kwargs: object):
    return CliRunner().invoke(main, [str(item) for item in arguments], **kwargs)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def movement() -> Network:
    folder = sample_folder()
    return read_network(
        folder / "movement_interactions.csv",
        accounts=folder / "movement_accounts.csv",
        admins=folder / "movement_admins.csv",
    )


@pytest.fixture
def posts(tmp_path: Path) -> Network:
    (tmp_path / "posts.json").write_text(json.dumps(POSTS))
    (tmp_path / "shares.csv").write_text(
        "object_id,account_id,content_id,timestamp_share\nx,11,s1,1704103200\nx,12,s2,1704103210\ny,12,s3,1704103210\n"
    )
    return read_network([tmp_path / "posts.json", tmp_path / "shares.csv"])


def same(one: Network, other: Network) -> None:
    assert one.fingerprint == other.fingerprint
    assert one.directed == other.directed
    for item in fields(Network):
        if isinstance(getattr(one, item.name), pl.DataFrame):
            assert getattr(one, item.name).equals(getattr(other, item.name)), item.name
            assert getattr(one, item.name).schema == getattr(other, item.name).schema, item.name
    assert one.receipt.sources == other.receipt.sources
    assert one.receipt.warnings == other.receipt.warnings


def test_every_table_of_a_network_is_in_it() -> None:
    tables = {item.name for item in fields(Network)} - {"directed", "receipt", "before", "collection"}
    assert set(TABLES) == tables


def test_the_same_network_comes_back(movement: Network, posts: Network, tmp_path: Path) -> None:
    assert posts.unresolved.height
    assert posts.shares.height
    assert posts.aliases.height
    assert posts.hashtags.height
    undirected = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}), directed=False)
    extra = Network.from_tables(
        pl.DataFrame({"source": ["a"], "target": ["b"]}),
        pl.DataFrame({"key": ["a", "c"], "district": ["north", None], "reach": [5.5, None], "tags": [["x"], []]}),
    )
    for number, network in enumerate((movement, posts, undirected, extra)):
        path = write_bundle(network, tmp_path / f"{number}.netact")
        again = read_network(path)
        same(again, network)
        assert again.receipt.bundle == path.name
        first = path.read_bytes()
        write_bundle(again, path)
        assert path.read_bytes() == first


def test_a_bundle_of_the_first_layout_is_read(movement: Network, tmp_path: Path) -> None:
    path, old = write_bundle(movement, tmp_path / "m.netact"), tmp_path / "old.netact"
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    later = ("operations", "triggers", "earlier")
    tables = {name: told for name, told in manifest["tables"].items() if name not in later}
    first = {**manifest, "version": 1, "tables": tables}
    del first["collection"]
    same(read_network(changed(path, old, manifest=json.dumps(first).encode(), **dict.fromkeys(later))), movement)


def test_receipts_are_still_said_in_other_languages(movement: Network, tmp_path: Path) -> None:
    again = read_network(write_bundle(movement, tmp_path / "m.netact"))
    said = [line for source in again.receipt.sources for line in source.evidence]
    assert any(isinstance(line, Message) for line in said)
    with speaking("es"):
        assert [told(line) for line in said] == [
            told(line) for source in movement.receipt.sources for line in source.evidence
        ]


def test_it_is_whole_wherever_it_is_unpacked(movement: Network, tmp_path: Path) -> None:
    path = write_bundle(movement, tmp_path / "m.netact")
    with zipfile.ZipFile(path) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        archive.extractall(tmp_path / "folder" / "inner")
    same(read_network(tmp_path / "folder"), movement)
    shutil.copy(path, tmp_path / "renamed.csv")
    same(read_network(tmp_path / "renamed.csv"), movement)
    text = path.read_bytes()
    assert str(sample_folder()).encode() not in text
    assert b"/movement_interactions.csv" not in text


def test_it_is_joined_with_other_files(movement: Network, tmp_path: Path) -> None:
    path = write_bundle(movement, tmp_path / "m.netact")
    (tmp_path / "more.csv").write_text("source,target,kind\nzz_one,zz_two,retweet\n")
    network = read_network([path, tmp_path / "more.csv"])
    assert network.interactions.height == movement.interactions.height + 1
    assert network.admin_rights.height == movement.admin_rights.height
    assert len(network.receipt.sources) == len(movement.receipt.sources) + 1


def test_every_command_takes_it(tmp_path: Path) -> None:
    edges = tmp_path / "e.csv"
    rows = [f"u{i},t{(i * i + j) % 7},retweet" for i in range(120) for j in range(3)]
    edges.write_text("source,target,kind\n" + "\n".join(rows) + "\n")
    (tmp_path / "admins.csv").write_text("person,account,role\nAda,t0,admin\nBo,t1,admin\nAda,t2,admin\n")
    bundle = tmp_path / "m.netact"
    made = call("convert", edges, "--admins", tmp_path / "admins.csv", "-o", bundle)
    assert made.exit_code == 0, made.output
    assert "363 rows read, 363 kept, of 2 files" in made.stdout
    shown = call("inspect", bundle)
    assert "m.netact: netact" in shown.stdout
    assert "e.csv: delimited, 360 rows" in shown.stdout
    values = json.loads(call("inspect", bundle, "--json").stdout)
    assert (values["bundle"], values["format"]) == ("m.netact", "netact")
    assert values["rows"] == {"read": 360, "kept": 360, "dropped": 0}
    again = call("convert", bundle, "-q", "-o", tmp_path / "again.netact")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "again.netact").read_bytes() == bundle.read_bytes()
    report = call("analyze", bundle, "--quick", "--draws", 9, "-q", "-o", tmp_path / "out")
    assert report.exit_code == 0, report.output
    raw = call(
        "analyze",
        edges,
        "--admins",
        tmp_path / "admins.csv",
        "--quick",
        "--draws",
        9,
        "--key",
        tmp_path / "out" / "private" / "key",
        "-q",
        "-o",
        tmp_path / "raw",
    )
    assert raw.exit_code == 0, raw.output
    findings = [json.loads((tmp_path / name / "findings.json").read_text()) for name in ("out", "raw")]
    assert findings[0]["findings"] == findings[1]["findings"]
    once_more = call("study", "run", tmp_path / "out" / "study.toml", "-q", "-o", tmp_path / "second")
    assert once_more.exit_code == 0, once_more.output


def test_options_for_raw_files_are_refused(movement: Network, tmp_path: Path) -> None:
    path = write_bundle(movement, tmp_path / "m.netact")
    with pytest.raises(ImportFileError) as caught:
        read_source(path, SourceOptions(kind="retweet", reverse=True))
    assert str(caught.value) == (
        "m.netact: a netact bundle is read as it was converted; found kind, reverse; leave these options out, or convert "
        "the original files with them"
    )
    same(read_source(path, SourceOptions(format="netact")), movement)
    assert inspect_file(path).receipt.format == "netact"


def changed(path: Path, out: Path, **entries: bytes | None) -> Path:
    """Copy a bundle with other entries, its manifest adjusted to none of them."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            content = entries.get(name.partition(".")[0], archive.read(name))
            if content is not None:
                copy.writestr(name, content)
    return out


def refusal(path: Path) -> str:
    with pytest.raises(ImportFileError) as caught:
        read_network(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_not_as_written_is_refused(movement: Network, tmp_path: Path) -> None:
    path, bad = write_bundle(movement, tmp_path / "m.netact"), tmp_path / "bad.netact"
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    table = zipfile.ZipFile(path).read("hashtags.parquet")
    again = "copy it again, or convert the original files again"
    assert refusal(changed(path, bad, hashtags=table[:-1] + b"x")) == (
        f"bad.netact: the table of hashtags is not what netact wrote: it was changed or damaged; {again}"
    )
    assert refusal(changed(path, bad, posts=None)) == f"bad.netact: the table of posts is missing; {again}"
    assert refusal(changed(path, bad, manifest=b"{")) == f"bad.netact: manifest.json is broken; {again}"
    newer = json.dumps({**manifest, "version": manifest["version"] + 1, "netact": "99.1"}).encode()
    assert refusal(changed(path, bad, manifest=newer)) == (
        "bad.netact: was written by a newer netact; found netact 99.1, layout 4; this one reads 3; update netact"
    )
    assert "looks like a netact bundle but is none" in refusal(changed(path, bad, manifest=b'{"format": "x"}'))
    for name in ("directed", "tables", "receipt"):
        less = json.dumps({key: value for key, value in manifest.items() if key != name}).encode()
        assert "manifest.json is broken" in refusal(changed(path, bad, manifest=less))
    strange = json.dumps({**manifest, "receipt": {"sources": [{"file": 3}]}}).encode()
    assert "its receipt cannot be read" in refusal(changed(path, bad, manifest=strange))
    path.write_bytes(path.read_bytes()[:-2000])
    assert refusal(path) == "m.netact: the zip archive is broken; copy or download it again"


def test_tables_that_do_not_fit_each_other_are_refused(movement: Network, tmp_path: Path) -> None:
    path = write_bundle(movement, tmp_path / "m.netact")
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    ties = movement.interactions
    wrong = {
        "interactions": [
            ties.with_columns(target=pl.lit(10**6, dtype=pl.UInt32)),
            ties.with_columns(weight=pl.lit(float("nan"))),
            ties.with_columns(source=pl.lit(None, dtype=pl.UInt32)),
        ],
        "accounts": [movement.accounts.reverse(), movement.accounts.with_columns(key=pl.lit("a"))],
    }
    for name, tables in wrong.items():
        for table in tables:
            table.write_parquet(tmp_path / "t.parquet")
            content = (tmp_path / "t.parquet").read_bytes()
            stated = {**manifest["tables"][name], "sha256": hashlib.sha256(content).hexdigest()}
            told_so = {**manifest, "tables": {**manifest["tables"], name: stated}}
            bad = changed(path, tmp_path / "bad.netact", **{name: content, "manifest": json.dumps(told_so).encode()})
            assert "its tables do not fit each other" in refusal(bad)


def test_it_is_written_whole_or_not_at_all(movement: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_bundle(movement, tmp_path / "m.netact")
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    small = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    with monkeypatch.context() as patched:
        patched.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(ReportError, match="cannot be written: No space left on device"):
            write_bundle(small, path)
        patched.setattr(pl.DataFrame, "write_parquet", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_bundle(small, tmp_path / "new.netact")
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["m.netact"]
    write_bundle(small, path)
    assert read_network(path).n_accounts == 2
    (tmp_path / "thesis.csv").write_text("years of work")
    for taken in (tmp_path / "thesis.csv", tmp_path):
        with pytest.raises(ReportError, match="is there already and is no netact bundle"):
            write_bundle(small, taken)
    assert (tmp_path / "thesis.csv").read_text() == "years of work"


def test_a_network_without_receipts(tmp_path: Path) -> None:
    network = Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}))
    bare = Network(network.accounts, network.interactions, network.admin_rights, receipt=Receipt())
    again = read_network(write_bundle(bare, tmp_path / "m.netact"))
    assert again.receipt == Receipt(bundle="m.netact")
    assert inspect_file(tmp_path / "m.netact").to_dict()["files"] == ["m.netact"]


# ---------------------------------------------------------------- adding to it


def exports_of_posts(folder: Path) -> list[Path]:
    """Three exports that overlap: posts come twice, and answers are to posts of another file."""
    chance = random.Random(3)
    users = [{"id_str": str(100 + i), "screen_name": f"invented_{i}"} for i in range(12)]
    posts = []
    for number in range(1, 61):
        post = {
            "id_str": str(number), "created_at": f"Mon Jan {1 + number // 24:02} {number % 24:02}:00:00 +0000 2024",
            "full_text": f"a #tag{number % 4}", "user": chance.choice(users), "entities": {"hashtags": [{"text": f"tag{number % 4}"}]},
        }  # fmt: skip
        if posts and number % 3:
            earlier = chance.choice(posts)
            post |= {
                "in_reply_to_status_id_str": earlier["id_str"],
                "in_reply_to_user_id_str": earlier["user"]["id_str"],
            }
        elif posts:
            post["quoted_status_id_str"] = chance.choice(posts)["id_str"]
        posts.append(post)
    paths = []
    for name, part in (("a", posts[:30]), ("b", posts[20:45]), ("c", posts[40:])):
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(part))
    return paths


def test_what_is_added_is_as_if_all_had_been_read_together(tmp_path: Path) -> None:
    paths = exports_of_posts(tmp_path)
    (tmp_path / "ties.csv").write_text(
        "source,target,kind,time,post_id\ninvented_1,invented_2,retweet,2024-01-05T00:00:00Z,900\nx,y,follow,,\nx,y,follow,,\n"
    )
    paths.append(tmp_path / "ties.csv")
    whole = write_bundle(read_network(paths), tmp_path / "whole.netact")
    for begun in (1, 2, 3):
        grown = write_bundle(read_network(paths[:begun]), tmp_path / "grown.netact")
        network = append_to_bundle(grown, paths[begun:])
        same(network, read_network(paths))
        assert network.receipt.duplicates_across_files == read_network(paths).receipt.duplicates_across_files > 0
        assert grown.read_bytes() == whole.read_bytes()
    # One after another as well.
    write_bundle(read_network(paths[:1]), grown)
    for path in paths[1:]:
        assert call("convert", path, "--append", "-o", grown).exit_code == 0
    assert grown.read_bytes() == whole.read_bytes()


def test_a_file_that_is_in_it_is_not_added_again(tmp_path: Path) -> None:
    paths = exports_of_posts(tmp_path)
    grown = write_bundle(read_network(paths[:2]), tmp_path / "grown.netact")
    before = grown.read_bytes()
    shutil.copy(paths[1], tmp_path / "renamed.json")
    done = call("convert", tmp_path / "renamed.json", "--append", "-o", grown)
    assert done.exit_code == 2
    assert "renamed.json: is in grown.netact already" in done.stderr
    assert "Traceback" not in done.stderr
    assert grown.read_bytes() == before


def test_only_a_bundle_is_added_to(tmp_path: Path) -> None:
    paths = exports_of_posts(tmp_path)
    done = call("convert", paths[0], "--append", "-o", tmp_path / "none.netact")
    assert done.exit_code == 2
    assert "none.netact" in done.stderr
    done = call("convert", paths[0], "--append", "-o", paths[1])
    assert done.exit_code == 2
    assert not (tmp_path / "none.netact").exists()
