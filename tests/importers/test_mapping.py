"""Which column is what: proposed, said, and overridden."""

from __future__ import annotations

from pathlib import Path

import pytest

from netact.errors import ImportFileError
from netact.importers import inspect_file, read_network


def write(tmp_path: Path, text: str, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def named(network) -> list[tuple[str, ...]]:
    return sorted(network.named_interactions().select("source", "target", "kind").iter_rows())


@pytest.mark.parametrize(
    ("header", "kind", "reverse"),
    [
        ("source,target", "retweet", False),
        ("Source,Target", "retweet", False),
        ("from,to", "retweet", False),
        ("FromNodeId,ToNodeId", "retweet", False),
        ("Vertex 1,Vertex 2", "retweet", False),
        ("target,source", "retweet", True),
        ("follower,followee", "follow", False),
        ("user,friend", "follow", False),
        ("user,follower", "follow", True),
        ("user_id,retweeted", "retweet", False),
        ("author,retweeter", "retweet", True),
        ("retweeter,author", "retweet", False),
        ("user_id,mentioned", "mention", False),
        ("mentioned_user,mentioner", "mention", True),
        ("user_id,reply_to", "reply", False),
        ("screen_name,quoted_user", "quote", False),
        ("Quelle,Ziel", "retweet", False),
        ("Origen,Destino", "retweet", False),
        ("المصدر,الهدف", "retweet", False),
        ("source,cible", "retweet", False),
        ("# source, target", "retweet", False),
    ],
)
def test_header_words_say_the_ends_and_the_kind(tmp_path: Path, header: str, kind: str, *, reverse: bool) -> None:
    network = read_network(write(tmp_path, f"{header}\nana,ben\ncem,ben\n"))
    want = [("ben", "ana", kind), ("ben", "cem", kind)] if reverse else [("ana", "ben", kind), ("cem", "ben", kind)]
    assert named(network) == want
    told = [line for line in network.receipt.sources[0].assumptions if "--kind changes this" in line]
    assert len(told) == 1


def test_index_column_is_dropped_and_said(tmp_path: Path) -> None:
    for first in ("", "Unnamed: 0", '""'):
        path = write(tmp_path, f"{first},from,to,weight\n0,a,b,2\n1,b,c,1.5\n")
        receipt = read_network(path).receipt.sources[0]
        assert receipt.mapping == {"source": "from", "target": "to", "weight": "weight"}
        assert any("only numbers the rows" in line for line in receipt.assumptions)


def test_kind_column_and_the_kinds_left_out(tmp_path: Path) -> None:
    text = "source,target,type\na,b,RT\na,c,mentions\nb,a,replies\nc,a,Retweet\nc,b,like\n"
    network = read_network(write(tmp_path, text))
    assert named(network) == [("a", "b", "retweet"), ("a", "c", "mention"), ("b", "a", "reply"), ("c", "a", "retweet")]
    assert [(d.reason, d.rows, d.first_lines) for d in network.receipt.sources[0].dropped] == [
        ("unknown kind (like)", 1, (6,))
    ]
    only = read_network(write(tmp_path, text), kind="retweet")
    assert named(only) == [("a", "b", "retweet"), ("c", "a", "retweet")]
    assert {(d.reason, d.rows, d.first_lines) for d in only.receipt.sources[0].dropped} == {
        ("unknown kind (like)", 1, (6,)),
        ("other kind (mention)", 1, (3,)),
        ("other kind (reply)", 1, (4,)),
    }
    assert only.receipt.sources[0].rows_read == 5


def test_gephi_type_column_says_direction(tmp_path: Path) -> None:
    network = read_network(
        write(tmp_path, "Source,Target,Type,Id,Label,Weight\na,b,Undirected,0,,2\nb,c,Undirected,1,,1\n")
    )
    assert not network.directed
    assert network.interactions.height == 4
    directed = read_network(write(tmp_path, "Source,Target,Type,Weight\na,b,Directed,2\nb,c,Directed,1\n"))
    assert directed.directed
    assert directed.receipt.sources[0].kinds == {"retweet": 2}


@pytest.mark.parametrize(
    ("third", "role"),
    [
        (["1348016679", "1348016700", "1348016701"], "time"),
        (["1348016679000", "1348016700000", "1348016701000"], "time"),
        (["1", "2", "1348016701"], "weight"),
        (["4.0", "2.5", "1"], "weight"),
        (["2012-09-19 01:04", "2012-09-19 01:05", "2012-09-20"], "time"),
        (["RT", "reply", "RT"], "kind_column"),
        (["hello", "world", "again"], None),
    ],
)
def test_third_column_without_header(tmp_path: Path, third: list[str], role: str | None) -> None:
    rows = [("a", "b"), ("b", "c"), ("c", "d")]
    text = "".join(f"{a},{b},{c}\n" for (a, b), c in zip(rows, third, strict=True))
    receipt = read_network(write(tmp_path, text)).receipt.sources[0]
    assert receipt.rows_kept == 3
    assert {name for name in receipt.mapping if name not in ("source", "target")} == ({role} if role else set())
    assert any("column 3" in line for line in receipt.assumptions)
    assert any("no header" in line and "--reverse" in line for line in receipt.assumptions)


def test_fourth_column_without_header_is_the_time(tmp_path: Path) -> None:
    receipt = read_network(write(tmp_path, "a b 2 1348016679\nb c 3 1348016680\n")).receipt.sources[0]
    assert receipt.mapping["weight"] == "column 3"
    assert receipt.mapping["time"] == "column 4"
    assert receipt.first_time == "2012-09-19T01:04:39+00:00"


def test_times_weights_and_what_cannot_be_read(tmp_path: Path) -> None:
    text = "source;target;weight;time\na;b;1,5;3/4/2020\nb;c;x;5/6/2020\nc;d;2;soon\nd;a;0;1/1/2020\n"
    network = read_network(write(tmp_path, text))
    receipt = network.receipt.sources[0]
    assert network.named_interactions().select("source", "weight").rows() == [("a", 1.5), ("c", 2.0)]
    assert [(d.reason, d.rows, d.first_lines) for d in receipt.dropped] == [
        ("weight is not a positive number", 2, (3, 5))
    ]
    assert receipt.warnings[0].startswith("1 time in column 'time' cannot be read")
    assert any("day is taken to come first" in line for line in receipt.assumptions)
    assert receipt.time_zone == "UTC assumed"
    assert receipt.first_time == "2020-04-03T00:00:00+00:00"


def test_reversed_file_is_noticed(tmp_path: Path) -> None:
    rows = "".join(f"star,fan{i}\n" for i in range(60)) + "".join(f"fan{i},other{i}\n" for i in range(20))
    path = write(tmp_path, "source,target\n" + rows)
    warning = next(w for w in read_network(path).receipt.sources[0].warnings if "--reverse" in w)
    # star gives 60 of 80; with 19 of the others it is 79 of 80; every account but fan0..19 receives one.
    assert "give 99 % of it" in warning
    assert "receive only 25 %" in warning
    assert not read_network(path, reverse=True).receipt.sources[0].warnings
    assert not read_network(path, directed=False).receipt.sources[0].warnings


def test_damaged_ids_are_counted_and_said(tmp_path: Path) -> None:
    ids = [f"{10**17 + i * 7919}{'00' if i % 2 else '17'}" for i in range(20)]
    text = "source,target\n" + "".join(f"{a},x{i}\n" for i, a in enumerate(ids)) + "1.23E+17,y\n12.0,z\n"
    receipt = read_network(write(tmp_path, text)).receipt.sources[0]
    assert receipt.damaged_ids == 12
    assert any("export the ids again as text" in w for w in receipt.warnings)
    clean = "source,target\n" + "".join(f"{a[:-2]}17,x\n" for a in ids)
    assert read_network(write(tmp_path, clean)).receipt.sources[0].damaged_ids == 0


def test_placeholder_among_authors_is_kept_and_said(tmp_path: Path) -> None:
    receipt = read_network(write(tmp_path, "author,retweeted\n[deleted],b\nc,b\n")).receipt.sources[0]
    assert receipt.rows_kept == 2
    assert any("placeholder" in w for w in receipt.warnings)


def test_platform_by_name_or_by_column(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,platform\nAna,Ben,Twitter\nben,ana,twitter\n")
    assert read_network(path).keys == ["twitter:ana", "twitter:ben"]
    path = write(tmp_path, "source,target\nAna,Ben\nben,ana\n")
    assert read_network(path, platform="Twitter").keys == ["twitter:ana", "twitter:ben"]


def test_an_inspection_counts_rows_kinds_and_accounts(tmp_path: Path) -> None:
    found = inspect_file(write(tmp_path, "source,target\na,b\nb,b\nb,a\n")).to_dict()
    assert found["rows"] == {"read": 3, "kept": 2, "dropped": 1}
    assert found["kinds"] == {"retweet": 2}
    assert found["accounts"] == 2
    assert found["examples"] == ["@a retweeted @b", "@b retweeted @a"]
    assert found["problems"][0] == "1 row dropped: self-tie (first in line 3)"


def test_single_quotes_comments_preamble_and_sep_line(tmp_path: Path) -> None:
    want = [("a,1", "b", "retweet"), ("c", "d", "retweet")]
    assert named(read_network(write(tmp_path, "'source','target'\n'a,1','b'\n'c','d'\n"))) == want
    want = [("a", "b", "retweet"), ("c", "d", "retweet")]
    snap = "# Directed graph\n# Nodes: 4 Edges: 2\n# FromNodeId\tToNodeId\na\tb\nc\td\n"
    receipt = read_network(write(tmp_path, snap)).receipt.sources[0]
    assert receipt.mapping == {"source": "FromNodeId", "target": "ToNodeId"}
    assert named(read_network(write(tmp_path, "% asym positive\n% 2 4 4\na   b\nc\td\n"))) == want
    assert named(read_network(write(tmp_path, "sep=;\nsource;target\na;b\nc;d\n"))) == want
    preamble = write(tmp_path, "Export of 3 March\nall rights reserved\n\nsource,target,n\na,b,1\na,a,1\nc,d,1\n")
    receipt = read_network(preamble).receipt.sources[0]
    assert [(d.reason, d.first_lines) for d in receipt.dropped] == [("self-tie", (6,))]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_numbers_are_those_of_the_file(tmp_path: Path, end: str) -> None:
    lines = [
        "source,target", "a,b", '"two', 'lines",b', "", "short", "c,c", "too,many,cells", '"broken"x,y', "d,", "", "e,e", "f,g", "h,i", "j,k",
    ]  # fmt: skip
    receipt = read_network(write(tmp_path, end.join(lines) + end)).receipt.sources[0]
    assert {d.reason: d.first_lines for d in receipt.dropped} == {
        "too few columns": (6,),
        "too many columns": (8,),
        "broken quotes": (9,),
        "no target": (10,),
        "self-tie": (7, 12),
    }
    assert (receipt.rows_read, receipt.rows_kept) == (11, 5)


def test_quote_that_is_never_closed_is_taken_off_and_said(tmp_path: Path) -> None:
    rows = [f"u{i},v{i}" for i in range(30)]
    rows[10] = 'u10,"v10'
    network = read_network(write(tmp_path, "source,target\n" + "\n".join(rows) + "\n"))
    receipt = network.receipt.sources[0]
    assert ("u10", "v10", "retweet") in named(network)
    assert (receipt.rows_read, receipt.rows_kept) == (30, 30)
    assert receipt.warnings[-1] == (
        "1 row was not well formed and is read as it was most likely meant: broken quotes (line 12)"
    )


def test_bytes_that_are_not_utf8_cost_their_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("source,target\nmüller,ß\nä,ö\n".encode() + b"a\xff,b\n" + "é,è\n".encode())
    receipt = read_network(path).receipt.sources[0]
    assert [(d.reason, d.rows, d.first_lines) for d in receipt.dropped] == [("not valid UTF-8", 1, (4,))]


def test_legacy_encodings_only_when_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("source,target\nمحمد,علي\n".encode("cp1256"))
    with pytest.raises(ImportFileError, match="pass --encoding cp1252 or --encoding cp1251 or --encoding cp1256"):
        read_network(path)
    assert read_network(path, encoding="cp1256").keys == ["علي", "محمد"]


def test_blanks_with_quoted_names_and_networkx_dictionaries(tmp_path: Path) -> None:
    quoted = write(tmp_path, '"from" "to"\n"a b" "c"\n"d"  "e f"\n')
    assert named(read_network(quoted)) == [("a b", "c", "retweet"), ("d", "e f", "retweet")]
    network = read_network(write(tmp_path, "0 696 {'id': '0'}\n1 2 {}\n"))
    assert named(network) == [("0", "696", "retweet"), ("1", "2", "retweet")]
    assert network.receipt.sources[0].unused_columns == ("id",)


def test_lines_that_end_in_carriage_returns_alone(tmp_path: Path) -> None:
    receipt = read_network(write(tmp_path, "source,target\ra,b\rc,c\rd,e\r")).receipt.sources[0]
    assert [(d.reason, d.first_lines) for d in receipt.dropped] == [("self-tie", (3,))]


def test_mixed_line_ends(tmp_path: Path) -> None:
    receipt = read_network(write(tmp_path, "source,target\r\na,b\nc,c\r\nd,e\n")).receipt.sources[0]
    assert [(d.reason, d.first_lines) for d in receipt.dropped] == [("self-tie", (3,))]
    assert receipt.rows_read == 3


def test_a_kind_column_without_kinds_is_said(tmp_path: Path) -> None:
    receipt = read_network(write(tmp_path, "source,target,type\na,b,banana\n")).receipt.sources[0]
    assert any("'type' holds no kind of tie" in line for line in receipt.assumptions)
    assert receipt.unused_columns == ("type",)


def test_a_first_row_of_values_is_no_header(tmp_path: Path) -> None:
    for text in ("a,b,NA\nc,d,3\ne,f,4\n", "a,b,2020-01-01\nc,d,2020-01-02\n", "ana,ben\nben,cem\n"):
        receipt = read_network(write(tmp_path, text)).receipt.sources[0]
        assert receipt.dialect["header"] == "no"
        assert receipt.rows_kept == text.count("\n")


def test_a_long_cell_and_a_decimal_comma_do_not_break_the_table(tmp_path: Path) -> None:
    text = "source;target;weight;text\n" + f'a;b;1,5;"{"x, y; " * 500_000}"\n' + "c;d;2,25;z\n"
    network = read_network(write(tmp_path, text))
    assert network.interactions["weight"].to_list() == [1.5, 2.25]


def test_rows_of_many_files_add_up(tmp_path: Path) -> None:
    one = write(tmp_path, "source,target\na,b\nb,b\n,c\n", "one.csv")
    two = write(tmp_path, "x\ty\t1\nz\tz\t2\n", "two.tsv")
    receipt = read_network([one, two]).receipt
    assert (receipt.rows_read, receipt.rows_kept) == (5, 2)
    for source in receipt.sources:
        assert source.rows_read == source.rows_kept + sum(item.rows for item in source.dropped)
