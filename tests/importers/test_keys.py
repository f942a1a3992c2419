"""Accounts are joined by evidence only: ids, handles, side tables, rights."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.cli import main
from netact.errors import ImportFileError
from netact.importers import read_network
from netact.measures.super_users import super_users
from netact.network import Network

TIES = {"source": ["901", "@assembly_now"], "target": ["@plaza_voices", "902"], "platform": ["twitter", "twitter"]}
ALIASES = {"account": ["901", "902"], "handle": ["Plaza_Voices", "assembly_now"], "platform": ["twitter", "twitter"]}


def frame(**columns: list) -> pl.DataFrame:
    return pl.DataFrame(columns)


def pairs(network: Network) -> set[tuple[str, str]]:
    return set(network.named_interactions().select("source", "target").iter_rows())


def test_a_handle_is_the_one_id_it_was_seen_with() -> None:
    network = Network.from_tables(
        frame(source=["@ASSEMBLY_now"], target=["901"], platform=["twitter"]), aliases=pl.DataFrame(ALIASES)
    )
    assert pairs(network) == {("twitter:902", "twitter:901")}
    assert network.names == ["Plaza_Voices", "assembly_now"]


def test_a_handle_used_by_two_ids_is_neither() -> None:
    aliases = frame(account=["901", "903"], handle=["plaza", "plaza"], platform=["twitter", "twitter"])
    network = Network.from_tables(frame(source=["@plaza"], target=["902"], platform=["twitter"]), aliases=aliases)
    assert pairs(network) == {("twitter:plaza", "twitter:902")}
    assert "twitter:901" in network.keys
    assert "twitter:903" in network.keys


def test_a_handle_of_another_platform_is_another_account() -> None:
    aliases = frame(account=["901"], handle=["plaza"], platform=["twitter"])
    network = Network.from_tables(frame(source=["@plaza"], target=["902"], platform=["telegram"]), aliases=aliases)
    assert pairs(network) == {("telegram:plaza", "telegram:902")}


def test_accounts_without_ties_do_not_change_how_handles_join() -> None:
    ties = Network.from_tables(
        frame(source=["@plaza", "901"], target=["902", "902"], platform=["twitter"] * 2),
        aliases=frame(account=["901"], handle=["plaza"], platform=["twitter"]),
    )
    side = Network.from_tables(accounts=frame(key=["x1", "x2", "x3"], platform=["twitter"] * 3, reach=[1, 2, 3]))
    rights = Network.from_tables(admin_rights=frame(person=["Ina"], account=["@plaza"], platform=["twitter"]))
    both = Network.combine([ties, side, rights])
    assert pairs(both) == {("twitter:901", "twitter:902")}
    assert both.named_admin_rights()["account"].to_list() == ["twitter:901"]


def test_two_files_join_ids_and_handles_in_any_order() -> None:
    by_id = Network.from_tables(
        frame(source=["901"], target=["902"], platform=["twitter"]),
        aliases=frame(account=["901"], handle=["plaza"], platform=["twitter"]),
    )
    by_handle = Network.from_tables(frame(source=["plaza"], target=["902"], platform=["twitter"]))
    both = Network.combine([by_id, by_handle])
    assert pairs(both) == {("twitter:901", "twitter:902")}
    assert both.fingerprint == Network.combine([by_handle, by_id]).fingerprint


def test_an_id_that_is_no_number_is_not_taken_for_a_handle() -> None:
    told = Network.from_tables(
        frame(source=["UCabc"], target=["UCdef"], platform=["youtube"] * 1),
        accounts=frame(key=["UCabc"], native_id=["UCabc"], handle=["plaza"], platform=["youtube"]),
        aliases=frame(account=["UCabc"], handle=["plaza"], platform=["youtube"]),
    )
    bare = Network.from_tables(frame(source=["UCdef"], target=["UCabc"], platform=["youtube"]))
    for parts in ([told, bare], [bare, told]):
        both = Network.combine(parts)
        row = both.accounts.row(by_predicate=pl.col("key") == "youtube:UCabc", named=True)
        assert (row["native_id"], row["handle"]) == ("UCabc", "plaza")
        assert both.n_accounts == 2


def test_an_account_is_called_by_its_last_name() -> None:
    def seen(handle: str, year: int) -> Network:
        time = pl.Series([f"{year}-01-01"]).str.to_datetime(time_zone="UTC")
        return Network.from_tables(
            frame(source=["901"], target=["902"], platform=["twitter"], post_id=[str(year)]),
            aliases=frame(account=["901"], handle=[handle], platform=["twitter"]).with_columns(
                first_seen=time, last_seen=time
            ),
        )

    old, new = seen("zeta", 2011), seen("alpha", 2015)
    assert Network.combine([old, new]).names[0] == "alpha"
    assert Network.combine([seen("alpha", 2011), seen("zeta", 2015)]).names[0] == "zeta"
    assert Network.combine([old, new]).fingerprint == Network.combine([new, old]).fingerprint


@pytest.mark.parametrize("name", ["plaza", "@Plaza", "901"])
def test_a_side_table_without_platform_attaches_where_one_account_bears_the_name(name: str) -> None:
    ties = Network.from_tables(
        frame(source=["901"], target=["902"], platform=["twitter"]),
        aliases=frame(account=["901"], handle=["plaza"], platform=["twitter"]),
    )
    rights = Network.from_tables(admin_rights=frame(person=["Ina"], account=[name]))
    both = Network.combine([ties, rights])
    assert both.keys == ["twitter:901", "twitter:902"]
    assert both.accounts["platform"].to_list() == ["twitter", "twitter"]
    assert both.named_admin_rights()["account"].to_list() == ["twitter:901"]
    # and the same where everything is given at once
    once = Network.from_tables(
        frame(source=["901"], target=["902"], platform=["twitter"]),
        admin_rights=frame(person=["Ina"], account=[name]),
        aliases=frame(account=["901"], handle=["plaza"], platform=["twitter"]),
    )
    assert once.fingerprint == both.fingerprint


def test_a_name_that_two_platforms_know_is_attached_to_neither() -> None:
    ties = Network.from_tables(frame(source=["plaza", "plaza"], target=["a", "b"], platform=["twitter", "telegram"]))
    both = Network.combine([ties, Network.from_tables(admin_rights=frame(person=["Ina"], account=["plaza"]))])
    assert both.named_admin_rights()["account"].to_list() == ["plaza"]


def test_a_name_that_two_ids_of_one_platform_bore_is_not_the_third_of_another() -> None:
    ties = Network.from_tables(
        frame(source=["901", "903", "plaza"], target=["902"] * 3, platform=["twitter", "twitter", "telegram"]),
        aliases=frame(account=["901", "903"], handle=["plaza"] * 2, platform=["twitter"] * 2),
    )
    both = Network.combine([ties, Network.from_tables(admin_rights=frame(person=["Ina"], account=["plaza"]))])
    assert both.named_admin_rights()["account"].to_list() == ["plaza"]


def test_ties_without_platform_are_joined_with_no_platform() -> None:
    ties = Network.from_tables(frame(source=["plaza"], target=["b"], platform=["twitter"]))
    plain = Network.from_tables(frame(source=["plaza"], target=["b"]))
    assert Network.combine([ties, plain]).keys == ["b", "plaza", "twitter:b", "twitter:plaza"]


def test_a_key_of_netact_is_the_account_with_its_platform() -> None:
    network = Network.from_tables(
        frame(source=["901"], target=["902"], platform=["twitter"]),
        accounts=frame(key=["twitter:901", "twitter:902"], platform=["twitter", None], reach=[5, 6]),
    )
    assert network.keys == ["twitter:901", "twitter:902"]
    assert network.accounts["reach"].to_list() == [5, 6]
    assert network.accounts["native_id"].to_list() == ["901", "902"]


# ---------------------------------------------------------------- any names at all

PEOPLE = st.integers(0, 5)
NAMES = ["plaza", "assembly", "night", "dawn"]


@st.composite
def seen_posts(draw: st.DrawFn) -> list[tuple]:
    """Ties between six ids on two platforms, each end called by its id or by the handle it bears that day."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        platform = draw(st.sampled_from(["twitter", "telegram"]))
        ends = []
        for who in (draw(PEOPLE), draw(PEOPLE)):
            handle = draw(st.sampled_from([None, *NAMES]))
            ends.append((str(900 + who), handle, draw(st.booleans())))
        rows.append((number, platform, *ends))
    return rows


def built(rows: list[tuple]) -> Network:
    ties, names = [], []
    for number, platform, *ends in rows:
        called = []
        for native_id, handle, by_handle in ends:
            if by_handle and handle:
                called.append("@" + handle)
            else:
                called.append(native_id)
                if handle:
                    names.append((native_id, handle, platform))
        ties.append((*called, platform, str(number)))
    return Network.from_tables(
        pl.DataFrame(ties, schema=["source", "target", "platform", "post_id"], orient="row"),
        aliases=pl.DataFrame(
            names, schema={"account": pl.String, "handle": pl.String, "platform": pl.String}, orient="row"
        ),
    )


@settings(max_examples=40, deadline=None)
@given(seen_posts(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_parts_in_any_order_equal_the_whole(rows: list[tuple], random, parts: int) -> None:
    whole = built(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert built(shuffled).fingerprint == whole.fingerprint
    split = [built(part) for n in range(parts) if (part := shuffled[n::parts])]
    assert Network.combine(split).fingerprint == whole.fingerprint


@settings(max_examples=40, deadline=None)
@given(seen_posts())
def test_nobody_is_joined_without_evidence(rows: list[tuple]) -> None:
    evidence: dict[tuple[str, str], set[str]] = {}
    called: set[tuple[str, str]] = set()
    for _, platform, *ends in rows:
        for native_id, handle, by_handle in ends:
            if by_handle and handle:
                called.add((platform, handle))
            else:
                called.add((platform, native_id))
                if handle:
                    evidence.setdefault((platform, handle), set()).add(native_id)
    # A handle is an account of its own unless it was seen with exactly one id.
    expected = set()
    for platform, name in called:
        ids = evidence.get((platform, name), set())
        expected.add(f"{platform}:{next(iter(ids)) if len(ids) == 1 else name}")
    network = built(rows)
    assert set(network.keys) == expected


# ---------------------------------------------------------------- tables of rights and of accounts


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


RIGHTS = """person,account,platform,role,valid_from,valid_to,evidence,confidence
Ina,plaza,twitter,Administrateur,2011-05,,interview,90%
Ben,plaza,twitter,Éditeur,2010,2011,profile,0.5
Ben,plaza,twitter,Éditeur,2010,2011,letter,0.7
Eva,plaza,telegram,مسؤول,2012-02-01,2012-02-29,,high
Kim,plaza,twitter,owner,2013,2012,,
"""


def test_the_template_is_read_in_full(tmp_path: Path) -> None:
    network = read_network(admins=written(tmp_path, "rights.csv", RIGHTS))
    rows = network.named_admin_rights().drop("is_bot").rows()
    assert sorted(rows) == [
        ("Ben", "twitter:plaza", "editor", date(2010, 1, 1), date(2011, 12, 31), "letter", 0.7),
        ("Eva", "telegram:plaza", "admin", date(2012, 2, 1), date(2012, 2, 29), None, None),
        ("Ina", "twitter:plaza", "admin", date(2011, 5, 1), None, "interview", 0.9),
    ]
    receipt = network.receipt.sources[0]
    assert {str(item.reason): item.rows for item in receipt.dropped} == {
        "repeats a right": 1,
        "ends before it begins": 1,
    }
    assert any("2 rights have a day on which they ended" in said for said in receipt.assumptions)
    assert any("roles are read in English" in said for said in receipt.assumptions)
    assert any("no number from 0 to 1" in said for said in receipt.warnings)
    assert super_users(network, draws=19, seed=1).people["person"].n_unique() == 3


@pytest.mark.parametrize(
    ("day", "persons"), [("2011-06-01", ["Ben", "Ina"]), ("2012-02-29", ["Eva", "Ina"]), ("2010-01-01", ["Ben"])]
)
def test_rights_of_one_day(tmp_path: Path, day: str, persons: list[str]) -> None:
    network = read_network(admins=written(tmp_path, "rights.csv", RIGHTS), rights_on=day)
    assert network.admin_rights["person"].sort().to_list() == persons


def test_a_day_that_is_none_or_a_table_without_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="is not a day"):
        read_network(admins=written(tmp_path, "rights.csv", RIGHTS), rights_on="May 2011")
    with pytest.raises(ImportFileError, match="no column says when"):
        read_network(admins=written(tmp_path, "plain.csv", "person,account\nIna,plaza\n"), rights_on="2011-05-15")


def test_rows_in_any_order_are_the_same_rights(tmp_path: Path) -> None:
    head, *rows = RIGHTS.splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"
    one = read_network(admins=written(tmp_path, "one.csv", RIGHTS))
    assert one.fingerprint == read_network(admins=written(tmp_path, "two.csv", turned)).fingerprint


def test_pages_of_one_person(tmp_path: Path) -> None:
    pages = {
        "data": [
            {"id": "7001", "name": "Plaza", "tasks": ["MANAGE", "CREATE_CONTENT"]},
            {"id": "7002", "name": "Night watch", "tasks": ["ANALYZE"]},
        ],
        "paging": {"next": "more"},
    }
    path = written(tmp_path, "pages.json", json.dumps(pages))
    with pytest.raises(ImportFileError, match="--person NAME"):
        read_network(admins=path)
    network = read_network(admins=path, person="Ina")
    assert network.named_admin_rights().select("person", "account", "role").rows() == [
        ("Ina", "facebook:7001", "MANAGE, CREATE_CONTENT"),
        ("Ina", "facebook:7002", "ANALYZE"),
    ]
    assert network.names == ["Plaza", "Night watch"]
    assert "the list goes on in further answers, which are not in this file" in network.receipt.sources[0].warnings


def test_moderators_of_communities(tmp_path: Path) -> None:
    network = read_network(admins=written(tmp_path, "mods.csv", "subreddit,moderator\nplaza,ina\nplaza,ben\n"))
    assert sorted(network.named_admin_rights().select("person", "account").rows()) == [
        ("ben", "plaza"),
        ("ina", "plaza"),
    ]


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ("user_id,screen_name,reach\n901,plaza,50\n", {"platform": "twitter"}),
        ("user_id,screen_name,reach\n901,plaza,50\n", {}),
        ("handle,native_id,reach\nplaza,901,50\n", {"platform": "twitter"}),
        ("handle,reach\n@Plaza,50\n", {}),
        ("account,platform,reach\nplaza,twitter,50\n", {}),
        ("key,reach\ntwitter:901,50\n", {}),
    ],
)
def test_a_table_of_accounts_finds_ids_by_handle_and_handles_by_id(tmp_path: Path, table: str, options: dict) -> None:
    posts = [
        {"id": str(n), "author_id": a, "author": {"username": h, "id": a}, "text": "hi @x", "created_at": f"2021-01-0{n}T00:00:00Z",
         "in_reply_to_user_id": b}
        for n, a, h, b in ((1, "901", "plaza", "902"), (2, "902", "night", "901"))
    ]  # fmt: skip
    path = written(tmp_path, "posts.jsonl", "\n".join(map(json.dumps, posts)))
    options = {k: v for k, v in options.items() if k != "platform"} | (
        {"options": {"platform": options["platform"]}} if "platform" in options else {}
    )
    network = read_network(path, accounts=written(tmp_path, "accounts.csv", table), **options)
    assert network.keys == ["twitter:901", "twitter:902"]
    assert network.accounts["reach"].to_list() == [50, None]
    assert not network.receipt.warnings


def test_handles_with_ties_find_the_row_of_their_id(tmp_path: Path) -> None:
    edges = written(tmp_path, "edges.csv", "source,target,platform\n@plaza,@night,twitter\n")
    table = written(tmp_path, "accounts.csv", "user_id,screen_name,platform,reach\n901,Plaza,twitter,50\n")
    network = read_network(edges, accounts=table)
    assert network.n_accounts == 2
    assert network.accounts.drop_nulls("reach")["reach"].to_list() == [50]


@pytest.mark.parametrize("name", ["admins", "accounts", "identities"])
def test_templates_are_written_and_name_columns_that_are_read(tmp_path: Path, name: str) -> None:
    out = tmp_path / "empty.csv"
    assert CliRunner().invoke(main, ["template", name, "-o", str(out)]).exit_code == 0
    columns = out.read_text().strip().split(",")
    again = CliRunner().invoke(main, ["template", name, "-o", str(out)])
    assert again.exit_code == 2
    values = {"valid_from": "2011", "valid_to": "2012", "confidence": "0.5", "reach": "7", "native_id": "901"}
    out.write_text(",".join(columns) + "\n" + ",".join(values.get(c, "plaza") for c in columns) + "\n")
    if name == "identities":
        edges = written(tmp_path, "edges.csv", "source,target\nplaza,night\n")
        network = read_network(edges, identities=out)
    else:
        network = read_network(**{name: out})
    receipt = network.receipt.sources[-1]
    assert set(receipt.mapping.values()) == set(columns)
    assert not receipt.unused_columns
