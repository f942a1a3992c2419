"""Tables written by the csv module in many dialects come back as the same ties."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import unicodedata
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netact.importers import SourceOptions, inspect_file, read_network, read_source, resolved_options
from netact.network import Network

_INVISIBLE = {0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF}

awkward = st.sampled_from(
    [
        "NA", "nan", "null", "None", "TRUE", "0012", "1e5", "=SUM(A1)", "+1", "-5", "@handle", '"quoted"', 'say "hi"', "a,b", "a;b",
        "a|b", "a\tb", "line\nbreak", "two\n\nbreaks", "#tag", "%mod", "<script>alert(1)</script>", "{x", "[x", "محمد", "ناشط_١",
        "😀🔥", "Größe", "12345678901234567", "sep=,", "it's", "a b", "source", "retweet", "2020-01-01", "back\\slash",
    ]
)  # fmt: skip
letters = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\u2028\u2029\x85"),
    min_size=1,
    max_size=12,
)
handles = (
    st.one_of(awkward, letters)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(
        lambda text: text.strip("@ ").strip() != "" and text.strip() == text and not set(map(ord, text)) & _INVISIBLE
    )
)
ties = st.lists(st.tuples(handles, handles), min_size=1, max_size=12)


def key(handle: str) -> str:
    return handle[1:].lower() if handle.startswith("@") else handle


def expected(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    named = [(key(a), key(b)) for a, b in rows]
    return sorted((a, b) for a, b in named if a != b)


def read_back(network: Network) -> list[tuple[str, str]]:
    return sorted(network.named_interactions().select("source", "target").iter_rows())


def written(rows: list[tuple[str, str]], *, header: bool, **dialect: object) -> str:
    out = io.StringIO()
    writer = csv.writer(out, **dialect)  # type: ignore[arg-type]
    if header:
        writer.writerow(["source", "target"])
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round_trip")


DIALECTS = [
    {"delimiter": ",", "lineterminator": "\n"},
    {"delimiter": ",", "lineterminator": "\r\n"},
    {"delimiter": ";", "lineterminator": "\r\n"},
    {"delimiter": "\t", "lineterminator": "\n"},
    {"delimiter": "|", "lineterminator": "\n", "quoting": csv.QUOTE_ALL},
    {"delimiter": ",", "lineterminator": "\n", "quoting": csv.QUOTE_ALL},
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    rows=ties,
    dialect=st.sampled_from(DIALECTS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
    packing=st.sampled_from(["", "gz", "zst"]),
)
@example(rows=[("two\n\nbreaks", "b"), ("NA", "null")], dialect=DIALECTS[0], encoding="utf-8", packing="")
@example(rows=[("=SUM(A1)", "😀"), ("nan", '"quoted"')], dialect=DIALECTS[2], encoding="utf-16", packing="gz")
@example(rows=[('"quoted"', 'say "hi"'), *[("NA", "NA")] * 3], dialect=DIALECTS[0], encoding="utf-8", packing="")
@example(rows=[("two words", "and two"), *[("one", "two")] * 3], dialect=DIALECTS[0], encoding="utf-8", packing="")
def test_ties_survive_any_dialect_and_encoding(folder: Path, rows, dialect, encoding, packing) -> None:
    if not expected(rows):
        rows = [*rows, ("one", "two")]
    content = written(rows, header=True, **dialect).encode(encoding)
    path = folder / "table.csv"
    if packing == "gz":
        content = gzip.compress(content)
    elif packing == "zst":
        content = zstandard.ZstdCompressor().compress(content)
    path.write_bytes(content)
    network = read_network(path)
    assert read_back(network) == expected(rows)
    receipt = network.receipt.sources[0]
    assert receipt.rows_read == len(rows)
    assert receipt.rows_read == receipt.rows_kept + sum(item.rows for item in receipt.dropped)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(rows=ties)
def test_told_options_read_a_file_without_header(folder: Path, rows) -> None:
    if not expected(rows):
        rows = [*rows, ("one", "two")]
    path = folder / "bare.csv"
    path.write_text(written(rows, header=False, delimiter=",", lineterminator="\n"), encoding="utf-8", newline="")
    network = read_network(path, header=False, delimiter=",", format="delimited")
    assert read_back(network) == expected(rows)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(rows=ties, order=st.randoms(use_true_random=False))
def test_fingerprint_does_not_depend_on_row_order(folder: Path, rows, order) -> None:
    rows = [*rows, ("one", "two")]
    prints = []
    for _ in range(2):
        path = folder / "order.csv"
        path.write_text(written(rows, header=True, lineterminator="\n"), encoding="utf-8", newline="")
        prints.append(read_network(path).fingerprint)
        order.shuffle(rows)
    assert prints[0] == prints[1]


def test_files_may_be_named_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("source,target,post_id\nx,y,1\ny,z,2\n")
    (tmp_path / "b.csv").write_text("source;target;post_id\ny;z;2\nz;w;3\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    one, other = read_network(paths), read_network(paths[::-1])
    assert one.fingerprint == other.fingerprint
    assert one.receipt.duplicates_across_files == 1
    assert one.interactions.height == 3


def test_the_same_import_can_be_run_again_from_its_receipt(tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text("ana\tben\t3\t1348016679\nben\tcem\t1\t1348016700\n")
    options = SourceOptions(kind="mention", reverse=True)
    first = read_source(path, options)
    told = resolved_options(first.receipt.sources[0], options)
    again = read_source(path, SourceOptions.from_dict(told.to_dict()))
    assert again.fingerprint == first.fingerprint
    assert told.to_dict() == {
        "format": "delimited", "header": False, "delimiter": "tab", "encoding": "utf-8", "kind": "mention", "reverse": True,
        "source": "column 1", "target": "column 2", "weight": "column 3", "time": "column 4",
    }  # fmt: skip


def test_the_clean_table_reads_back_as_the_same_network(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text("author;retweeter;time\nAna;Ben;22/3/2016 18:31\nAna;;1/1/2016\nCem;Ben;1/1/2016\n")
    inspection = inspect_file(path)
    clean = tmp_path / "clean.csv"
    inspection.table.write_csv(clean)
    assert read_network(clean).fingerprint == read_network(path).fingerprint
    assert inspection.table.columns == ["source", "target", "kind", "weight", "time", "post_id"]


# ---------------------------------------------------------------- whole interactions, in every generic format

_KINDS = {"retweet": "RT", "mention": "mentions", "reply": "Replies to", "quote": "quoted", "follow": "Followed"}
_plain = st.sampled_from(
    ["ana", "ben.k", "cem_7", "ناشط_١", "Größe", "12345678901234567", "0012", "m-17", "市民", "x", "d'Arc", "a&b"]
)
_interactions = st.lists(
    st.tuples(
        _plain,
        _plain,
        st.sampled_from(list(_KINDS)),
        st.sampled_from([1.0, 2.0, 0.5, 12.25, 1500.0]),
        st.integers(1_300_000_000, 1_700_000_000),
    ),
    min_size=1,
    max_size=15,
)
_WAYS = [
    *(("text", sign, quote) for sign in (",", ";", "\t", "|", "~", "::", " ") for quote in ("", '"', "'")),
    ("xlsx", "", ""),
    ("parquet", "", ""),
    ("jsonl", "", ""),
    ("json", "", ""),
]


def _write(path: Path, names: list[str], rows: list[list[object]], way: tuple[str, str, str]) -> None:
    form, sign, quote = way
    if form == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for row in [names, *rows]:
            book.active.append(row)
        book.save(path)
    elif form == "parquet":
        pl.DataFrame(rows, schema=names, orient="row").write_parquet(path)
    elif form in ("json", "jsonl"):
        records = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows]
        path.write_text("\n".join(records) if form == "jsonl" else f"[{','.join(records)}]", encoding="utf-8")
    else:
        cells = [[str(cell) for cell in row] for row in [names, *rows]]
        lines = [
            sign.join(f"{quote}{cell.replace(quote, quote * 2) if quote else cell}{quote}" for cell in row)
            for row in cells
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    rows=_interactions,
    way=st.sampled_from(_WAYS),
    with_kind=st.booleans(),
    with_weight=st.booleans(),
    time=st.sampled_from(["", "iso", "unix"]),
    with_post=st.booleans(),
)
def test_interactions_survive_every_generic_format(
    folder: Path, rows, way, with_kind, with_weight, time, with_post
) -> None:
    rows = [row for row in rows if row[0] != row[1]] or [("ana", "ben.k", "reply", 2.0, 1_400_000_000)]
    if way[1:] == (" ", "'") or (way[1] == " " and way[2] == ""):
        # Times with blanks need quotes, and blanks know one kind of them.
        time = "unix" if time else ""
        way = ("text", " ", "")
    spoken = way[:2] == ("text", " ")
    names, table = ["source", "target"], []
    for number, (source, target, kind, weight, moment) in enumerate(rows):
        when = dt.datetime.fromtimestamp(moment, dt.UTC)
        row: list[object] = [source, target]
        row += [_KINDS[kind].replace(" ", "" if spoken else " ")] if with_kind else []
        row += [weight] if with_weight else []
        row += [] if not time else [when.strftime("%Y-%m-%d %H:%M:%S") if time == "iso" else str(moment)]
        row += [f"{10**17 + 31 * number}"] if with_post else []
        table.append(row)
    names += ["kind"] * with_kind + ["weight"] * with_weight + ["time"] * bool(time) + ["post_id"] * with_post
    path = folder / "interactions"
    _write(path, names, table, way)
    want = Counter(
        (
            source,
            target,
            kind if with_kind else "mention",
            weight if with_weight else 1.0,
            dt.datetime.fromtimestamp(moment, dt.UTC) if time else None,
            f"{10**17 + 31 * number}" if with_post else None,
        )
        for number, (source, target, kind, weight, moment) in enumerate(rows)
    )
    network = read_source(path, SourceOptions() if with_kind else SourceOptions(kind="mention"))
    columns = ["source", "target", "kind", "weight", "time", "post_id"]
    got = Counter(network.named_interactions().select(columns).iter_rows())
    receipt = network.receipt.sources[0]
    assert receipt.rows_read == len(rows)
    repeats = {d.reason: d.rows for d in receipt.dropped}
    assert set(repeats) <= {"repeats a follow"}
    if not repeats:
        assert got == want
    else:
        follows = Counter({row: n for row, n in want.items() if row[2] == "follow"})
        assert not got - want
        assert sum(follows.values()) - len({row[:2] for row in follows}) == repeats["repeats a follow"]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    rows=st.lists(st.tuples(_plain, _plain), min_size=2, max_size=12, unique=True),
    sign=st.sampled_from([",", ";", "\t"]),
)
def test_matrices_and_lists_survive(folder: Path, rows, sign) -> None:
    pairs = sorted({(a, b) for a, b in rows if a != b} | {("ana", "ben.k"), ("x", "ana")})
    names = sorted({name for pair in pairs for name in pair})
    path = folder / "shape"
    cells = [["", *names], *([a, *("1" if (a, b) in pairs else "0" for b in names)] for a in names)]
    path.write_text("\n".join(sign.join(row) for row in cells) + "\n", encoding="utf-8", newline="")
    network = read_source(path)
    assert network.receipt.sources[0].format == "matrix"
    assert read_back(network) == sorted((key(a), key(b)) for a, b in pairs)
    lists = [[a, *(b for x, b in pairs if x == a)] for a in names if any(x == a for x, _ in pairs)]
    path.write_text("\n".join(sign.join(row) for row in lists) + "\n", encoding="utf-8", newline="")
    assert read_back(read_source(path, SourceOptions(format="adjacency"))) == sorted((key(a), key(b)) for a, b in pairs)
