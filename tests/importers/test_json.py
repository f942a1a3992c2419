"""JSON lines and lists of records: as a stream, by content, every bad line counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.errors import ImportFileError
from netact.importers import (
    SourceOptions,
    inspect_file,
    json_records,
    open_path,
    read_network,
    read_source,
    resolved_options,
)
from netact.network import Network

RECORDS = [
    {"source": "ana", "target": "ben", "type": "retweet", "time": "2024-01-01T10:00:00Z", "hashtags": ["Ja", "nein"]},
    {"source": "cem", "target": "ben", "type": "reply", "time": 1704103200, "text": "x"},
    {"source": "ana", "target": "cem", "type": "retweet", "time": None, "extra": {"deep": {"er": 1}}},
]


def write(folder: Path, content: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def dropped(network: Network) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(item.reason, item.rows, item.first_lines) for item in network.receipt.sources[0].dropped]


LAYOUTS = {
    "lines": lines(*RECORDS),
    "list": json.dumps(RECORDS),
    "list over lines": json.dumps(RECORDS, indent=2),
    "a record a line in a list": "[\n" + ",\n".join(json.dumps(record) for record in RECORDS) + "\n]\n",
    "record after record over lines": "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    "pages": json.dumps(RECORDS[:1]) + "\n" + json.dumps(RECORDS[1:]),
    "byte order mark": "\ufeff" + lines(*RECORDS),
    "returns and blank lines": lines(*RECORDS).replace("\n", "\r\n\r\n"),
    "record separators": "".join("\x1e" + line + "\n" for line in lines(*RECORDS).splitlines()),
    "no last line end": lines(*RECORDS).rstrip("\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_network(tmp_path: Path, layout: str) -> None:
    network = read_network(write(tmp_path, LAYOUTS[layout], "without-extension"))
    assert network.kinds == {"retweet": 2, "reply": 1}
    assert network.keys == ["ana", "ben", "cem"]
    assert network.named_hashtags().select("account", "hashtag").rows() == [("ana", "ja"), ("ana", "nein")]
    expected = read_network(write(tmp_path, LAYOUTS["lines"], "lines"))
    assert network.fingerprint == expected.fingerprint
    receipt = network.receipt.sources[0]
    assert receipt.format == "json"
    assert receipt.rows_read == receipt.rows_kept == 3
    assert receipt.mapping == {
        "source": "source",
        "target": "target",
        "kind_column": "type",
        "time": "time",
        "hashtags": "hashtags",
    }
    options = resolved_options(receipt)
    assert read_source(tmp_path / "without-extension", options).fingerprint == network.fingerprint


def test_encodings_and_compressions(tmp_path: Path) -> None:
    records = [{"source": "حرية", "target": "müller"}, {"source": "b", "target": "müller"}]
    text = lines(*records)
    expected = read_network(write(tmp_path, text)).fingerprint
    for content in (
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        gzip.compress(text.encode()),
        zstandard.compress(json.dumps(records).encode()),
        json.dumps(records).encode("utf-16"),
        json.dumps(records).encode(),  # escaped
    ):
        assert read_network(write(tmp_path, content)).fingerprint == expected
    legacy = write(tmp_path, lines({"source": "é", "target": "b"}).encode("cp1252"))
    assert read_network(legacy, encoding="cp1252").keys == ["b", "é"]


def test_nested_fields_are_opened_once(tmp_path: Path) -> None:
    records = [
        {"author": {"id": 12345678901234567890123, "name": "Ana"}, "retweeted": {"id": "7"}, "entities": {"hashtags": [{"text": "X"}]}},
        {"author": None, "retweeted": {"id": "8"}},
        {"author": "not a record", "retweeted": {"id": "9"}},
        {"author": {"id": ["1"]}, "retweeted": {"id": "9"}},
    ]  # fmt: skip
    network = read_network(write(tmp_path, lines(*records)), source="author.id", target="retweeted.id")
    assert network.named_interactions().select("source", "target").rows() == [("12345678901234567890123", "7")]
    assert dropped(network) == [("no source", 3, (2, 3, 4))]
    assert network.hashtags["hashtag"].to_list() == ["x"]


def test_ids_stay_exact(tmp_path: Path) -> None:
    ids = [2**53 + 1, 2**63 - 1, 2**64 + 3, 10**40 + 7, 0]
    text = "".join(f'{{"source": {i}, "target": "00{i}"}}\n' for i in ids)
    network = read_network(write(tmp_path, text))
    pairs = set(network.named_interactions().select("source", "target").rows())
    assert pairs == {(str(i), f"00{i}") for i in ids}
    many = "".join(f'{{"source": 1.{i}e+17, "target": 2.{i}e+17}}\n' for i in range(1, 9))
    with pytest.raises(ImportFileError, match="turned into numbers by a spreadsheet or a program"):
        read_network(write(tmp_path, many))


def test_bad_lines_are_counted_where_they_are(tmp_path: Path) -> None:
    text = (
        b'\n{"source": "\xc3\xa9", "target": "b"}\n{"source": "a", "targ\n["a", "b"]\n7\nnull\n'
        b'{"source": "\xff", "target": "b"}\n{}\n' + b"[" * 100_000 + b'\n{"source": "c", "target": "b"}\n{"sour'
    )
    network = read_network(write(tmp_path, text))
    assert dropped(network) == [
        ("broken JSON", 3, (3, 9, 11)),
        ("not a JSON record", 3, (4, 5, 6)),
        ("not valid UTF-8", 1, (7,)),
        ("no source", 1, (8,)),
    ]
    receipt = network.receipt.sources[0]
    assert receipt.rows_read == 10
    assert receipt.rows_kept == 2
    assert (
        "3 rows dropped: broken JSON (first in lines 3, 9, 11)" in inspect_file(tmp_path / "file").to_dict()["problems"]
    )


def test_a_first_bad_line_does_not_hide_the_others(tmp_path: Path) -> None:
    assert dropped(read_network(write(tmp_path, '{"source": "a", "tar\n' + lines(*RECORDS)))) == [
        ("broken JSON", 1, (1,))
    ]
    much = lines(RECORDS[0]) + "{bad\n" * 1500 + lines(RECORDS[1])
    network = read_network(write(tmp_path, much))
    assert dropped(network) == [("broken JSON", 1500, (2, 3, 4, 5, 6))]
    late = lines({"a": 1}) + '"x"\n' * 10 + lines(*({"source": f"u{i}", "target": "b"} for i in range(5)))
    assert read_network(write(tmp_path, late)).interactions.height == 5


def test_members_of_a_list_that_are_no_records_are_counted_by_number(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, json.dumps([RECORDS[0], 5, RECORDS[1], ["a"], "x"])))
    assert dropped(network) == [("not a JSON record", 3, (2, 4, 5))]
    assert network.receipt.sources[0].evidence[-1].endswith("rows are numbered by record, not by line")


def test_values_of_every_type_and_names_of_every_kind(tmp_path: Path) -> None:
    text = '{"source": true, "target": "b", "row": 1, "": 2, "weight": NaN}\n{"source": "\\ud83d", "target": "b", "weight": 1.5}\n'
    text += '{"source": "x", "target": "b", "weight": Infinity}\n{"source": "x", "target": "y", "weight": 2}\n'
    network = read_network(write(tmp_path, text))
    assert network.named_interactions().select("source", "weight").rows() == [("?", 1.5), ("x", 2.0)]
    assert dropped(network) == [("weight is not a positive number", 2, (1, 3))]
    assert "row (in the file)" in network.receipt.sources[0].unused_columns
    halves = '{"source": "a", "target": "b", "x\\ud83d": 1, "hashtags": ["\\ude00", "c"]}\n'
    network = read_network(write(tmp_path, halves))
    assert network.receipt.sources[0].unused_columns == ("x?",)
    assert network.hashtags["hashtag"].to_list() == ["?", "c"]


def test_accounts_and_admins_may_be_json_too(tmp_path: Path) -> None:
    ties = write(tmp_path, lines(*RECORDS), "ties")
    accounts = write(tmp_path, lines({"id": "ana", "followers": 10}, {"id": "ben", "followers": 5}), "accounts")
    admins = write(tmp_path, json.dumps([{"person": "P", "account": "ben", "role": "admin"}]), "admins")
    network = read_network(ties, accounts=accounts, admins=admins)
    assert network.accounts["reach"].to_list() == [10.0, 5.0, None]
    assert network.named_admin_rights().select("person", "account").rows() == [("P", "ben")]


def test_chunks_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        {"source": f"a{i}", "target": f"b{i % 7}", "text": 'x, ]}\\"[{' * (i % 9), "n": 10**i} for i in range(40)
    ]
    path = write(tmp_path, json.dumps(records, indent=1) + "\n" + json.dumps(records[:1]))
    whole = read_network(path)
    for size in (1, 2, 7, 64):
        monkeypatch.setattr(json_records, "_CHUNK", size)
        assert read_network(path).fingerprint == whole.fingerprint
    assert whole.interactions.height == 41
    monkeypatch.setattr(json_records, "_BATCH", 3)
    assert read_network(path).fingerprint == whole.fingerprint


# fmt: off
VALUES = st.sampled_from([
    '"a"', '"\\ud83d\\ude00"', '"\\ud83d"', "null", "true", "0", "-0", "7", "-12", "12345678901234567890", "9" * 25, "1.50",
    "1e5", "NaN", "[]", "{}", '["x","y"]', '["x",1]', "[1.0]", '{"er":"z"}', '{"er":3}', '{"er":2.50}', '"\u2028"', '"é"',
])
# fmt: on
LINES = st.one_of(
    st.dictionaries(st.sampled_from(["n", "deep", "hashtags", "text"]), VALUES, max_size=4).map(
        lambda cells: "{" + ", ".join(f'"{name}": {value}' for name, value in {"source": '"s"', **cells}.items()) + "}"
    ),
    st.sampled_from(
        [
            "",
            " ",
            "{",
            "1",
            "null",
            '{"source":"a"}{"source":"b"}',
            "\ufeff{}",
            '{"source":\r"a"}',
            '{"a":[{}',
            '{"b":1}]}',
        ]
    ),
)


@given(
    written=st.lists(LINES, max_size=30), end=st.sampled_from(["\n", "\r\n"]), damaged=st.booleans(), last=st.booleans()
)
@settings(max_examples=150, deadline=None)
def test_lines_read_many_at_once_are_those_read_one_by_one(tmp_path_factory, written, end, damaged, last):
    whole = '{"source": "a", "target": "b", "n": "1", "deep": {"er": 1}, "text": "äöü", "hashtags": ["x"]}'
    content = (end.join([whole, *written]) + (end if last else "")).encode() + (b'{"text": "\xff"}' if damaged else b"")
    path = write(tmp_path_factory.mktemp("lines"), content)
    found = []
    for block in (json_records._BLOCK, 50, 0):
        with pytest.MonkeyPatch.context() as patch, open_path(path) as file:
            patch.setattr(json_records, "_BLOCK", block or 50)
            if not block:
                patch.setattr(json_records, "_by_block", lambda *_: None)
            table = json_records.read_json(file, SourceOptions())
            loaded = table.load(list(table.columns))
            found.append((loaded.frame.rows(), loaded.rows_read, loaded.dropped))
    assert found[0] == found[1] == found[2]


def test_a_record_that_never_ends_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "LONGEST_RECORD", 1000)
    monkeypatch.setattr(json_records, "_CHUNK", 500)
    long = json.dumps({"source": "x" * 5000, "target": "b"})
    network = read_network(write(tmp_path, lines(*RECORDS) + long + "\n" + lines(RECORDS[0])))
    assert dropped(network) == [("line too long", 1, (4,))]
    with pytest.raises(ImportFileError, match="one record is longer than 64 million characters, after 3 records"):
        read_network(write(tmp_path, "[" + ",".join(json.dumps(record) for record in RECORDS) + "," + long + "]"))


def test_streaming_holds_few_records_at_a_time(tmp_path: Path) -> None:
    import tracemalloc

    padding = "x" * 2000
    path = tmp_path / "big"
    with path.open("w") as out:
        for i in range(20_000):
            out.write(json.dumps({"source": f"u{i}", "target": f"v{i % 50}", "text": padding}) + "\n")
    assert path.stat().st_size > 40_000_000
    tracemalloc.start()
    network = read_network(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert network.interactions.height == 20_000
    assert peak < 25_000_000


REFUSED: dict[str, tuple[object, str]] = {
    "unknown": (
        [{"id": 1, "text": "x"}],
        ("bad: no columns for source and target; found ['id', 'text']; pass --source COLUMN --target COLUMN, or export "
        "the posts with the accounts that they retweet, answer or mention"),
    ),
    "ids": (
        [1234567890123456789, 1234567890123456790],
        "bad: this file holds post ids only; authors and targets are not in it and cannot be rebuilt offline; ask the provider for hydrated data",
    ),
    "pairs": (
        [["a", "b"], ["c", "d"]],
        'bad: holds no JSON records; found 2 with not a JSON record; write records such as {"source": "a", "target": "b"}, one a line',
    ),
    "one field": (
        [{"source": "a"}],
        'bad: the records have too few fields; a tie needs a source and a target; found [\'source\']; write records such as {"source": "a", "target": "b"}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_json_without_ties_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    value, message = REFUSED[name]
    with pytest.raises(ImportFileError) as caught:
        read_network(write(tmp_path, json.dumps(value), "bad"))
    assert str(caught.value) == message


def test_told_columns_read_what_would_be_refused(tmp_path: Path) -> None:
    posts = [{"id_str": "1", "user": {"screen_name": "a"}, "in_reply_to_screen_name": "b"}]
    network = read_network(
        write(tmp_path, lines(*posts)), source="user.screen_name", target="in_reply_to_screen_name", kind="reply"
    )
    assert network.kinds == {"reply": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"source": "a", "target": "b"}, {"sou', "the JSON is broken or cut short after 1 records"),
        ('[{"source": "a", "target": "b"}', "the JSON is cut short after 1 records"),
        ("[" * 100_000, "the JSON is nested too deeply after 0 records"),
        ('{"a": 1, oops}', "holds no JSON records; found|the JSON is broken or cut short after 0 records"),
        ("[]", "holds no JSON records; found nothing"),
        ('{"source": "a", "target": \n{"x" 1}\n', "the JSON is broken or cut short after 0 records"),
    ],
)
def test_broken_json_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_network(write(tmp_path, text))


def test_a_list_in_the_place_of_an_account_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, lines({"source": "a", "target": "c", "mentions": ["b", "c"]}))
    with pytest.raises(ImportFileError, match="field 'mentions' holds lists, not one account; write one record for"):
        read_network(path, target="mentions")


def test_lists_of_hashtags_in_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"source": ["a", "b"], "target": ["c", "c"], "hashtags": [["X", None, "y"], None], "n": [[1], []]}
    )
    frame.write_parquet(tmp_path / "t.parquet")
    network = read_network(tmp_path / "t.parquet")
    assert network.named_hashtags().select("account", "hashtag").rows() == [("a", "x"), ("a", "y")]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp")), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"source": TEXTS, "target": TEXTS},
            optional={"note": st.recursive(st.none() | st.booleans() | st.floats() | TEXTS, st.lists, max_leaves=5)},
        ),
        min_size=1,
        max_size=8,
    )
)
def test_json_and_a_table_in_memory_say_the_same(tmp_path_factory: pytest.TempPathFactory, records: list[dict]) -> None:
    folder = tmp_path_factory.mktemp("json")
    frame = pl.DataFrame([{"source": r["source"], "target": r["target"]} for r in records])
    expected = Network.from_tables(frame)
    for text in (lines(*records), json.dumps(records, indent=1)):
        path = write(folder, text)
        if not expected.interactions.height:
            with pytest.raises(ImportFileError):
                read_source(path, SourceOptions(source="source", target="target"))
            continue
        try:
            network = read_source(path, SourceOptions(source="source", target="target"))
        except ImportFileError as error:
            assert "removed on export" in str(error)  # noqa: PT017
            continue
        assert network.fingerprint == expected.fingerprint
