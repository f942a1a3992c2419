"""Large plain texts are read by compiled code that numbers the names of accounts; what is read is the same."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netact.errors import ImportFileError
from netact.importers import delimited, delimited_kernels, read_source
from netact.importers.mapping import SourceOptions

NAME = st.one_of(
    st.text(st.sampled_from(list("abc123 éم🕊@#._-x")), max_size=30),
    st.sampled_from(
        ["a", "b", "x12345", "x123456", "12345678", "123456789", "source", "target", "", " a", "@a", "1e+17"]
    ),
)
TIMES = {
    "iso": ["2024-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "1999-12-31T12:30:00Z"],
    "blank": ["2024-01-01 00:00:00", "2023-06-30 07:08:09", ""],
    "offset": ["2024-01-01T00:00:00.000+00:00", "2000-03-01T00:00:00.000+00:00", "0001-01-01T00:00:00.000+00:00"],
    "wrong": ["2024-01-01T00:00:00Z", "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:60Z"],
    "mixed": ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "yesterday", "0000-01-01T00:00:00Z", "1704067200"],
    "unix": ["1704067200", "1704067201"],
}


def both(path: Path, monkeypatch: pytest.MonkeyPatch, options: SourceOptions, *, block: int = 1 << 19):
    """Return what is read with and without the compiled code, and whether the compiled code could read it."""
    read, found = delimited_kernels.read_plain, []
    monkeypatch.setattr(delimited_kernels, "read_plain", lambda *a, **k: found.append(read(*a, **k)) or found[-1])
    monkeypatch.setattr(delimited_kernels, "_BLOCK", block)
    told = []
    for least in (0, 1 << 60):
        for name in ("COMPILED_FROM", "_WHERE_IMPORTED_FROM"):
            monkeypatch.setattr(delimited, name, least)
        try:
            network = read_source(path, options)
            told.append(
                [network.receipt, *(t.to_dict(as_series=False) for t in (network.accounts, network.interactions))]
            )
        except ImportFileError as error:
            told.append([str(error)])
    monkeypatch.undo()
    return told, [one is not None for one in found]


@given(
    rows=st.lists(st.tuples(NAME, NAME, st.integers(0, 4), st.sampled_from(["", "1", "2"])), min_size=1, max_size=60),
    times=st.sampled_from(list(TIMES)),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    mark=st.sampled_from([b"", "\ufeff".encode()]),
    block=st.sampled_from([256, 1000, 1 << 19]),
    quoted=st.sets(st.integers(0, 300)),
)
@settings(max_examples=40, deadline=None)
def test_what_is_read_is_the_same(tmp_path_factory, rows, times, end, last, mark, block, quoted):
    path = tmp_path_factory.mktemp("plain") / "t.csv"
    clock = TIMES[times]
    lines = [("source", "target", "time", "weight"), ("a", "b", clock[0], "1")]
    lines += [(s, t, clock[which % len(clock)], weight) for s, t, which, weight in rows]
    # Some cells are in quotes, and then may hold a comma.
    cells = iter(range(4 * len(lines)))
    texts = [
        [
            f'"{cell},"' if k in quoted and k > 7 and k % 4 < 2 else f'"{cell}"' if k in quoted and k > 7 else cell
            for cell, k in zip(line, cells, strict=False)
        ]
        for line in lines
    ]
    path.write_bytes(mark + (end.join(",".join(line) for line in texts) + end * last).encode())
    with pytest.MonkeyPatch.context() as monkeypatch:
        (compiled, other), read = both(path, monkeypatch, SourceOptions(delimiter=",", header=True), block=block)
    assert compiled == other
    assert read == [True]


def test_many_names_grow_the_table(tmp_path: Path, monkeypatch):
    path = tmp_path / "t.csv"
    pairs = [(f"u{7919 * i % 1_000_003:x}", f"v{i // 3}") for i in range(400_000)]
    path.write_text("source,target\n" + "".join(f"{s},{t}\n" for s, t in pairs), encoding="utf-8")
    with path.open("rb") as stream:
        stream.readline()
        read = delimited_kernels.read_plain(
            stream,
            rows=len(pairs),
            delimiter=b",",
            quote=b'"',
            width=2,
            line_end=b"\n",
            ends=(0, 1),
            time=None,
            like=b"",
        )
    assert read is not None
    names = read.names.tobytes().decode().split("\n")
    assert len(names) == read.count + 1 == len({name for pair in pairs for name in pair}) + 1
    assert [(names[s], names[t]) for s, t in zip(*(end.tolist() for end in read.ends), strict=True)] == pairs
    assert list(dict.fromkeys(name for pair in pairs for name in pair)) == names[:-1]


@pytest.mark.parametrize(
    "body",
    [
        "a,b,2024-01-01,x\nc,d\n",
        "a,b,2024-01-01\n\nc,d,2024-01-02\n",
        'a,"b\n",2024-01-01\n',
        'a,"b""c",2024-01-01\n',
        'a,"b" ,2024-01-01\n',
        'a,"b,2024-01-01\n',
        'a,b,"2024-01-01\n',
        'a,b,"2024-01-01"x\nc,d,"2024-01-02"\n',
        'a,"b,\nc",d,"2024-01-02"\n',
        'a,b"c,2024-01-01\n',
        "a,b,2024-01-01\rc,d,2024-01-02\n",
        "a,b,2024-01-01\r\nc,d,2024-01-02\n",
        "a,b,2024-01-01\nc,d,2024-01-02\r\n",
        "a,b,2024-01-01\nc,d",
        "a,b,2024-01-01\nc,\0d,2024-01-01\n",
        "a,b,2024-01-01\nsource,target,time\nc,d,2024-01-02\n",
        "a,b,2024-01-01\n" + "c" * 600 + ",d,2024-01-01\n",
    ],
)
def test_a_text_that_is_not_plain_is_left_to_the_others(tmp_path: Path, monkeypatch, body):
    path = tmp_path / "t.csv"
    path.write_bytes(b"source,target,time\n" + body.encode())
    (compiled, other), _ = both(path, monkeypatch, SourceOptions(delimiter=",", header=True), block=512)
    assert compiled == other


def test_other_columns_are_read_beside_them(tmp_path: Path, monkeypatch):
    path = tmp_path / "t.tsv"
    head = "created_at\tuser_id\tkind\tpost_id\thashtags\ttarget_id\tweight\n"
    lines = [
        f"2024-01-0{1 + i % 9}T00:00:0{i % 10}Z\t{10**17 + i % 7}\tretweet\t{i}\t#a,b{i % 3}\t{i % 5}\t{1 + i % 2}\n"
        for i in range(500)
    ]
    path.write_text(head + "".join(lines), encoding="utf-8")
    (compiled, other), read = both(path, monkeypatch, SourceOptions(), block=300)
    assert compiled == other
    assert read == [True]
