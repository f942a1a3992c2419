"""An invented export of retweets, written well and in a few hundred damaged ways.

The ways follow the taxonomy of the Pollock benchmark (Vitagliano et al., VLDB 2023): what a file, a table, a row or a cell can
suffer. Every case is made from the same clean rows, so the answer is known. ``readable`` says whether a person with the
file alone could get all rows right.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netact.errors import ImportFileError
from netact.importers import SourceOptions, read_source
from netact.network import Network

NAMES = ["retweeter", "retweeted", "weight", "created_at", "tweet_id", "text"]
_ACCOUNTS = [
    "plaza_voices", "assembly_now", "night_watch", "harbor_news", "dora.k", "El_Búho", "市民の声", "ناشط_١", "m-17", "radio_free_9",
]  # fmt: skip
_TEXTS = [
    "to the square at noon", "they said it was over, it was not", "seen from the bridge", 'he called it "a walk"', "again; and again",
    "", "no comment today", "three, four, five of us",
]  # fmt: skip
_START = datetime(2020, 4, 3, 9, 0, tzinfo=UTC)

Row = tuple[str, str, str, str, str, str]


def clean_rows(n: int = 40, *, texts: bool = True) -> list[Row]:
    """Return the rows of the export."""
    rows = []
    for i in range(n):
        source, target = _ACCOUNTS[(7 * i + 3) % 10], _ACCOUNTS[(3 * i * i + i) % 10]
        if source == target:
            target = _ACCOUNTS[(3 * i * i + i + 1) % 10]
        time = (_START + timedelta(hours=31 * i, minutes=7 * i)).strftime("%Y-%m-%d %H:%M:%S")
        weight = f"{1 + i % 4}.5" if i % 3 else f"{1 + i % 4}"
        rows.append(
            (
                source,
                target,
                weight,
                time,
                str(1246000000000000123 + 7919 * i),
                _TEXTS[i % 8] if texts else "so it goes",
            )
        )
    return rows


def expected(rows: list[Row]) -> Counter[tuple[object, ...]]:
    """Return the ties that the rows hold."""
    return Counter(
        (s, t, "retweet", float(w), datetime.strptime(c, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC), p)
        for s, t, w, c, p, _ in rows
    )


def ties(network: Network) -> Counter[tuple[object, ...]]:
    """Return the ties of a network in the same form."""
    frame = network.named_interactions().select("source", "target", "kind", "weight", "time", "post_id")
    return Counter(frame.iter_rows())


@dataclass(frozen=True)
class Case:
    """One damaged file.

    ``told_by`` is what the receipt must say where values may differ from the clean ones without a row being lost.
    """

    group: str
    name: str
    content: bytes
    rows: list[Row] = field(repr=False)
    readable: bool = True
    told_by: str = ""
    options: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a case: equal, told, refused or silently wrong, and the detail."""

    verdict: str
    detail: str = ""


def outcome(case: Case, folder: Path) -> Outcome:
    """Import a case and compare it with the clean rows."""
    path = folder / "export.csv"
    path.write_bytes(case.content)
    try:
        network = read_source(path, SourceOptions(**case.options))  # type: ignore[arg-type]
    except ImportFileError as error:
        return Outcome("refused" if "\n" not in str(error) else "silently wrong", str(error))
    receipt = network.receipt.sources[0]
    got, want = ties(network), expected(case.rows)
    dropped = sum(item.rows for item in receipt.dropped)
    if receipt.rows_read != receipt.rows_kept + dropped:
        return Outcome("silently wrong", "rows do not add up")
    said = [*receipt.warnings, *receipt.assumptions, *(item.reason for item in receipt.dropped)]
    if got == want:
        return Outcome("equal", "; ".join(receipt.warnings))
    missing = sum((want - got).values())
    wrong = got - want
    if case.told_by and any(case.told_by in line for line in said):
        return Outcome("told", case.told_by)
    if not wrong and missing <= dropped and all(item.first_lines for item in receipt.dropped):
        return Outcome("told", f"{missing} rows missing, {dropped} dropped")
    return Outcome("silently wrong", f"missing {missing}, wrong {list(wrong)[:2]}, said {said[:3]}")


def quoted(cell: str, quote: str, escape: str | None) -> str:
    inner = cell.replace("\\", "\\\\").replace(quote, escape + quote) if escape else cell.replace(quote, quote * 2)
    return f"{quote}{inner}{quote}"


def written(
    rows: list[Row],
    *,
    names: list[str] | None = NAMES,
    delimiter: str = ",",
    quote: str = '"',
    escape: str | None = None,
    everything: bool = False,
    end: str = "\n",
) -> str:
    """Return a table as text, cells in quotes where they need it."""
    out = io.StringIO()
    for row in [names, *rows] if names else rows:
        cells = [
            quoted(cell, quote, escape)
            if everything
            or delimiter in cell
            or quote in cell
            or "\n" in cell
            or "\r" in cell
            or (delimiter == " " and not cell)
            else cell
            for cell in row
        ]
        out.write(delimiter.join(cells) + end)
    return out.getvalue()


def lines_of(rows: list[Row], **layout: object) -> list[str]:
    return written(rows, **layout).splitlines()  # type: ignore[arg-type]


def joined(lines: list[str], end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


def cases() -> Iterator[Case]:
    """Yield all cases."""
    for family in (
        _delimiters, _quotes, _line_ends, _blank_lines, _encodings, _preambles, _footers, _headers, _columns, _more_and_fewer_cells,
        _stray_quotes, _cells_with_delimiters, _long_cells, _several_tables, _mixed_dialects, _numbers_and_dates, _ids, _small,
    ):  # fmt: skip
        yield from family()


def _delimiters() -> Iterator[Case]:
    rows = clean_rows()
    for everything in (False, True):
        for sign in (",", ";", "\t", "|", "~", "^", "\x01", "\x1f", "¦", "::", "||", "\t|\t", "|~|", ", ", ",\t"):
            text = written(rows, delimiter=sign, everything=everything)
            yield Case("delimiter", f"{sign!r}{' all quoted' * everything}", text.encode(), rows)
    text = written(rows, delimiter=" ", everything=True)
    yield Case("delimiter", "blank, all quoted", text.encode(), rows)
    for sign in (";", "\t", "|"):
        text = written(rows, delimiter=sign)
        yield Case("delimiter", f"named in the first line {sign!r}", f"sep={sign}\n{text}".encode(), rows)
        yield Case("delimiter", f"named and BOM {sign!r}", f"\ufeffsep={sign}\r\n{text}".encode(), rows)
    text = written(rows, delimiter=":", everything=True)
    yield Case("delimiter", "colon, all quoted", text.encode(), rows)
    for width in (2, 3, 4):
        spaced = [f"{' ' * width},".join(row) for row in [NAMES, *clean_rows(texts=False)]]
        yield Case("delimiter", f"{width} blanks before a comma", joined(spaced), clean_rows(texts=False))


def _quotes() -> Iterator[Case]:
    rows = clean_rows()
    for quote in ("'", "`"):
        for everything in (False, True):
            for sign in (",", ";", "\t"):
                text = written(rows, delimiter=sign, quote=quote, everything=everything)
                yield Case("quote", f"{quote} by {sign!r}{' all' * everything}", text.encode(), rows)
    for everything in (False, True):
        for sign in (",", ";", "|"):
            text = written(rows, delimiter=sign, escape="\\", everything=everything)
            yield Case("escape", f"backslash by {sign!r}{' all' * everything}", text.encode(), rows)
    bare = [",".join(cell.replace(",", "\\,") for cell in row) for row in [NAMES, *rows]]
    yield Case("escape", "backslash before delimiters, no quotes", joined(bare), rows)
    text = written(rows, quote="'", escape="\\", everything=True)
    yield Case("escape", "backslash and single quotes", text.encode(), rows)
    whole = [NAMES, *clean_rows(texts=False)]
    yield Case(
        "quote", "around whole rows", joined(['"' + ",".join(row) + '"' for row in whole]), clean_rows(texts=False)
    )
    some = lines_of(clean_rows(texts=False))
    some[7] = f'"{some[7]}"'
    yield Case("quote", "around one whole row", joined(some), clean_rows(texts=False))
    blank = [", ".join(f'"{cell}"' for cell in row) for row in whole]
    yield Case("quote", "blanks before quotes", joined(blank), clean_rows(texts=False))
    blank = [" , ".join(f'"{cell}"' for cell in row) for row in whole]
    yield Case("quote", "blanks around quotes", joined(blank), clean_rows(texts=False))


def _line_ends() -> Iterator[Case]:
    rows = clean_rows()
    for name, end in (("CRLF", "\r\n"), ("CR", "\r"), ("LF", "\n")):
        text = written(rows, end=end)
        yield Case("line end", name, text.encode(), rows)
        yield Case("line end", f"{name}, none at the end", text.removesuffix(end).encode(), rows)
        yield Case("line end", f"{name}, two at the end", (text + end).encode(), rows)
        yield Case("line end", f"{name}, many at the end", (text + end * 9).encode(), rows)
    lines = lines_of(rows)
    for name, ends in (
        ("LF and CRLF", ["\n", "\r\n"]),
        ("all three", ["\n", "\r\n", "\r"]),
        ("CR and LF", ["\r", "\n"]),
    ):
        text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
        yield Case("line end", f"mixed {name}", text.encode(), rows)
    for place in (3, 20, 39):
        text = "".join(line + ("\r\n" if i == place else "\n") for i, line in enumerate(lines))
        yield Case("line end", f"one CRLF at {place}", text.encode(), rows)


def _blank_lines() -> Iterator[Case]:
    rows = clean_rows()
    for name, blank in (("empty", ""), ("blanks", "   "), ("tab", "\t"), ("delimiters", ",,,,,")):
        for place in (0, 1, 2, 20, 41):
            lines = lines_of(rows)
            lines.insert(place, blank)
            yield Case("blank line", f"{name} at {place}", joined(lines), rows)
        lines = [part for line in lines_of(rows) for part in (line, blank)]
        yield Case("blank line", f"{name} after every line", joined(lines), rows)
    lines = ["", "", *lines_of(rows), "", ""]
    yield Case("blank line", "around the table", joined(lines), rows)


def _encodings() -> Iterator[Case]:
    rows = clean_rows()
    for sign in (",", ";", "\t"):
        text = written(rows, delimiter=sign, end="\r\n")
        for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            yield Case("encoding", f"{encoding} by {sign!r}", text.encode(encoding), rows)
        yield Case("encoding", f"utf-32 by {sign!r}", text.encode("utf-32"), rows, readable=False)
    western = [tuple("El_Búho" if not c.isascii() else c for c in row) for row in rows]
    western = [row for row in western if row[0] != row[1]]
    text = written(western)  # type: ignore[arg-type]
    yield Case("encoding", "cp1252", text.encode("cp1252"), western, readable=False)  # type: ignore[arg-type]
    yield Case("encoding", "cp1252, told", text.encode("cp1252"), western, options={"encoding": "cp1252"})  # type: ignore[arg-type]
    lines = [line.encode() for line in lines_of(rows)]
    for place in (2, 17, 40):
        broken = list(lines)
        broken[place] = broken[place].replace(b"_", b"\xfc", 1) if b"_" in broken[place] else b"\xfc" + broken[place]
        yield Case("encoding", f"one byte in line {place + 1}", b"\n".join(broken) + b"\n", rows, readable=False)
        broken = list(lines)
        last = b'"' if broken[place].endswith(b'"') else b""
        broken[place] = broken[place].removesuffix(b'"') + b" \xe9t\xe9" + last
        yield Case("encoding", f"bytes in the text of line {place + 1}", b"\n".join(broken) + b"\n", rows)
    for place in (3, 22):
        zero = list(lines)
        zero[place] = zero[place].replace(b",", b"\0,", 1)
        yield Case("encoding", f"zero byte in line {place + 1}", b"\n".join(zero) + b"\n", rows)
    many = list(lines)
    many = [line + b"\0" for line in many]
    yield Case("encoding", "zero byte in every line", b"\n".join(many) + b"\n", rows, readable=False)
    yield Case("encoding", "zeros at the end", b"\n".join(lines) + b"\n" + b"\0" * 600, rows)


_PREAMBLES = {
    "title": ["Retweets of the spring assembly"],
    "title, comma": ["Retweets, spring assembly"],
    "three lines": ["Export of 3 April 2020", "made by the archive tool 2.1", "all times in UTC"],
    "keys and values": ["Query,#assembly", "From,2020-04-03", "To,2020-05-30", "Rows,40"],
    "padded title": ["Retweets of the spring assembly,,,,,"],
    "padded lines": ["Export,,,,,", "Tool:,archive,,,,", ",,,,,"],
    "comments": ["# archive tool 2.1", "# query: #assembly, spring"],
    "quoted title": ['"Retweets, spring, ""assembly"""'],
    "ten lines": [f"note {i}: nothing of importance here" for i in range(10)],
}


def _preambles() -> Iterator[Case]:
    rows = clean_rows()
    for name, lines in _PREAMBLES.items():
        yield Case("preamble", name, joined([*lines, *lines_of(rows)]), rows)
        yield Case("preamble", f"{name}, blank line", joined([*lines, "", *lines_of(rows)]), rows)
        if not name.startswith(("padded", "keys", "title,")):
            other = [*lines, "", *lines_of(rows, delimiter=";")]
            yield Case("preamble", f"{name}, semicolons", joined(other), rows)


_FOOTERS = {
    "total": ["Total,,40,,,"],
    "total, short": ["Total,40"],
    "count": ["40 rows"],
    "end": ["-- end of export --"],
    "prose": ["Source: the archive tool, version 2.1"],
    "two lines": ["Rows: 40", "Made by the archive tool"],
    "comment": ["# 40 rows"],
    "sum in the first cell": ["Sum: 40,,,,,"],
}


def _footers() -> Iterator[Case]:
    rows = clean_rows()
    for name, lines in _FOOTERS.items():
        yield Case("footer", name, joined([*lines_of(rows), *lines]), rows)
        yield Case("footer", f"{name}, blank line", joined([*lines_of(rows), "", *lines]), rows)


def _headers() -> Iterator[Case]:
    rows = clean_rows()
    body = lines_of(rows, names=None)
    header = ",".join(NAMES)
    for name, above in (
        ("bands", "Who,,How much,When,What,"),
        ("bands, full", "Accounts,Accounts,Numbers,Times,Posts,Posts"),
        ("numbers", "1,2,3,4,5,6"),
        ("letters", "A,B,C,D,E,F"),
    ):
        yield Case("header", f"second row above: {name}", joined([above, header, *body]), rows)
        yield Case("header", f"second row above, blank: {name}", joined([above, "", header, *body]), rows)
    for name, below in (
        ("types", "string,string,float,datetime,string,string"),
        ("units", ",,number,YYYY-MM-DD,,"),
        ("words", "screen name,screen name,how many,in UTC,as text,as posted"),
        ("dashes", "---------,---------,------,----------,--------,----"),
    ):
        yield Case("header", f"second row below: {name}", joined([header, below, *body]), rows)
    three = ["Who,,,,,", header, "text,text,float,date,text,text", *body]
    yield Case("header", "three rows", joined(three), rows)
    yield Case("header", "none", joined(body), rows)
    yield Case("header", "none, semicolons", joined(lines_of(rows, names=None, delimiter=";")), rows)
    for place in (2, 15, 41):
        lines = [header, *body]
        lines.insert(place, header)
        yield Case("header", f"repeated at {place}", joined(lines), rows)
    many = [line for i, row in enumerate(body) for line in ([header, row] if i % 10 == 0 else [row])]
    yield Case("header", "repeated every ten rows", joined(many), rows)
    for name, names in (
        ("capitals", [n.upper() for n in NAMES]),
        ("blanks", [f" {n} " for n in NAMES]),
        ("words apart", ["Retweeter", "Retweeted", "Weight", "Created at", "Tweet ID", "Text"]),
        ("in quotes", [f'"{n}"' for n in NAMES]),
        ("two alike, unused", [*NAMES[:5], "text"]),
        ("German", ["Quelle", "Ziel", "Gewicht", "Zeit", "Tweet ID", "Text"]),
        ("other words", ["rt user", "rt of", "n", "date", "tweet-id", "text"]),
    ):
        yield Case("header", f"names: {name}", joined([",".join(names), *body]), rows)
    longer = [header + ",text,text", *(f"{row},x,y" for row in body)]
    yield Case("header", "three columns of one name", joined(longer), rows)
    empty = [header + ",", *(f"{row},x" for row in body)]
    yield Case("header", "a column without a name", joined(empty), rows)


def _columns() -> Iterator[Case]:
    rows = clean_rows()
    body, header = lines_of(rows, names=None), ",".join(NAMES)
    for name, first, start in (("R", '""', 1), ("pandas", "", 0), ("pandas, saved again", "Unnamed: 0", 0)):
        lines = [f"{first},{header}", *(f"{start + i},{row}" for i, row in enumerate(body))]
        yield Case("columns", f"numbers of rows by {name}", joined(lines), rows)
    lines = [header, *(f'"{1 + i}",{row}' for i, row in enumerate(body))]
    yield Case("columns", "numbers of rows without a name", joined(lines), rows)
    for order in ((5, 4, 3, 2, 1, 0), (4, 0, 3, 5, 1, 2)):
        moved = [[row[k] for k in order] for row in [tuple(NAMES), *rows]]
        text = written(moved[1:], names=moved[0])  # type: ignore[arg-type]
        yield Case("columns", f"order {order}", text.encode(), rows)
    yield Case("columns", "delimiter after every row", joined([f"{line}," for line in [header, *body]]), rows)
    yield Case("columns", "delimiters after every row", joined([f"{line},,,," for line in [header, *body]]), rows)
    yield Case("columns", "delimiter after the header", joined([f"{header},", *body]), rows)
    yield Case("columns", "delimiters after the header", joined([f"{header},,,", *body]), rows)
    yield Case("columns", "delimiter after rows only", joined([header, *(f"{line}," for line in body)]), rows)
    some = [line + "," * (i % 3) for i, line in enumerate(body)]
    yield Case("columns", "delimiters after some rows", joined([header, *some]), rows)


def _more_and_fewer_cells() -> Iterator[Case]:
    for texts in (True, False):
        rows = clean_rows(texts=texts)
        for place in (1, 12, 40):
            for column in range(6):
                lines = lines_of(rows)
                cells = lines[place].split(",") if not texts else None
                if cells is None:
                    head = lines[place].split(",", 5)
                    cells = head
                more = [*cells[:column], "", *cells[column:]]
                lines[place] = ",".join(more)
                yield Case(
                    "extra cell",
                    f"row {place} column {column}{' texts' * texts}",
                    joined(lines),
                    rows,
                    readable=column != 5 or not texts,
                )
                lines = lines_of(rows)
                fewer = [*cells[:column], *cells[column + 1 :]]
                lines[place] = ",".join(fewer)
                yield Case(
                    "missing cell",
                    f"row {place} column {column}{' texts' * texts}",
                    joined(lines),
                    rows,
                    readable=False,
                )
    rows = clean_rows()
    short = [line.removesuffix(",") for line in lines_of(rows)]
    yield Case("missing cell", "empty texts at the end left out", joined(short), rows)
    for places in ((5,), (5, 6, 7), (1, 20, 40)):
        lines = lines_of(rows)
        for place in places:
            lines[place] = lines[place].split(",")[0]
        yield Case("missing cell", f"only the first cell in rows {places}", joined(lines), rows, readable=False)


def _stray_quotes() -> Iterator[Case]:
    for everything in (False, True):
        rows = clean_rows(texts=False)
        for place in (1, 19, 40):
            for column in range(6):
                table = [[f'"{cell}"' if everything else cell for cell in row] for row in [tuple(NAMES), *rows]]
                for name, changed in (
                    ("before", '"' + table[place][column]),
                    ("after", table[place][column] + '"'),
                    (
                        "instead of the last",
                        table[place][column].removesuffix('"') if everything else table[place][column] + '"',
                    ),
                    (
                        "instead of the first",
                        table[place][column].removeprefix('"') if everything else '"' + table[place][column],
                    ),
                ):
                    if not everything and name.startswith("instead"):
                        continue
                    lines = [",".join(row) for row in table]
                    lines[place] = ",".join([*table[place][:column], changed, *table[place][column + 1 :]])
                    which = "all quoted" if everything else "none quoted"
                    yield Case("stray quote", f"{name} row {place} column {column}, {which}", joined(lines), rows)
    rows = clean_rows(texts=False)
    for place in (4, 30):
        lines = lines_of(rows)
        lines[place] = lines[place].replace("so it goes", '"so" it goes')
        yield Case("stray quote", f"around a word, row {place}", joined(lines), rows)
        lines = lines_of(rows)
        lines[place] = lines[place].replace("so it goes", '"so "it" goes"')
        yield Case("stray quote", f"not doubled, row {place}", joined(lines), rows)
        lines = lines_of(rows)
        lines[place] = lines[place].replace("so it goes", '"so ""it"" goes')
        yield Case("stray quote", f"text never closed, row {place}", joined(lines), rows)
    lines = lines_of(rows, everything=True)
    lines = [line.replace("so it goes", 'so "it" goes') for line in lines]
    yield Case("stray quote", "not doubled in any row", joined(lines), rows)
    lines = [line.replace("so it goes", 'a 5" gun') for line in lines_of(rows)]
    yield Case("stray quote", "inches", joined(lines), rows)


def _cells_with_delimiters() -> Iterator[Case]:
    rows = clean_rows()
    bare = [",".join(row) for row in [tuple(NAMES), *rows]]
    yield Case("delimiter in a cell", "texts at the end without quotes", joined(bare), rows)
    order = (0, 1, 5, 2, 3, 4)
    middle = [",".join(row[k] for k in order) for row in [tuple(NAMES), *rows]]
    yield Case("delimiter in a cell", "texts in the middle without quotes", joined(middle), rows)
    for place in (2, 25):
        lines = lines_of(rows)
        cells = list(rows[place])
        cells[5] = "one, two, and three"
        lines[place + 1] = ",".join(cells)
        yield Case("delimiter in a cell", f"text of row {place}", joined(lines), rows)
    broken = [(*row[:5], row[5].replace(" ", "\n", 1)) for row in rows]
    text = written(broken)  # type: ignore[arg-type]
    yield Case("line break in a cell", "in quotes", text.encode(), rows)
    yield Case("line break in a cell", "in quotes, CRLF", text.replace("\n", "\r\n").encode(), rows)
    paragraphs = [(*row[:5], row[5].replace(" ", "\n\n\n", 2)) for row in rows]
    yield Case("line break in a cell", "blank lines in quotes", written(paragraphs).encode(), rows)  # type: ignore[arg-type]
    moved = [tuple(row[k] for k in order) for row in broken]
    text = written(moved, names=[NAMES[k] for k in order])  # type: ignore[arg-type]
    yield Case("line break in a cell", "in quotes, in the middle", text.encode(), rows)
    plain = clean_rows(texts=False)
    for place in (3, 28):
        lines = [",".join(row[k] for k in order) for row in [tuple(NAMES), *plain]]
        lines[place] = lines[place].replace("so it goes", "so it\ngoes")
        yield Case("line break in a cell", f"without quotes, row {place}", joined(lines), plain)
        lines = [",".join(row) for row in [tuple(NAMES), *plain]]
        lines[place] = lines[place].replace("so it goes", "so it\ngoes")
        yield Case("line break in a cell", f"without quotes at the end, row {place}", joined(lines), plain)


def _long_cells() -> Iterator[Case]:
    for size in (10_000, 200_000, 3_000_000):
        rows = clean_rows()
        rows[9] = (*rows[9][:5], "so it goes " * (size // 11))
        yield Case("long cell", f"{size:,} characters", written(rows).encode(), rows)
        rows[9] = (*rows[9][:5], "so, it goes\n" * (size // 12))
        yield Case("long cell", f"{size:,} characters, line breaks", written(rows).encode(), rows)
    wide = [f"extra {i}" for i in range(300)]
    rows = clean_rows()
    lines = [f"{row},{','.join(wide if i == 0 else ['0'] * 300)}" for i, row in enumerate(lines_of(rows))]
    yield Case("long cell", "300 columns more", joined(lines), rows)


_OTHER_TABLES = {
    "accounts": ["id,label,followers", "plaza_voices,Plaza,900", "assembly_now,Assembly,80", "night_watch,Watch,12"],
    "two columns": ["account,group", "plaza_voices,north", "assembly_now,south", "night_watch,south"],
    "as wide": [
        "id,label,followers,created,group,members",
        "plaza_voices,Plaza,900,2011-02-03,north,4",
        "night_watch,Watch,12,2012-02-03,south,7",
        "harbor_news,Harbor,1,2013-02-03,south,7",
    ],
    "mentions": [
        "mentioner,mentioned,weight,created_at,tweet_id,text",
        "plaza_voices,assembly_now,1,2020-04-03 10:00:00,1,hello",
        "night_watch,assembly_now,1,2020-04-03 11:00:00,2,hello",
    ],
}


def _several_tables() -> Iterator[Case]:
    rows = clean_rows()
    own = lines_of(rows)
    for name, other in _OTHER_TABLES.items():
        for gap in (0, 1, 3):
            blank = [""] * gap
            yield Case("several tables", f"{name} after, {gap} blank lines", joined([*own, *blank, *other]), rows)
            if name != "mentions":
                yield Case("several tables", f"{name} before, {gap} blank lines", joined([*other, *blank, *own]), rows)
        titled = [*own, "", "Table 2", *other]
        yield Case("several tables", f"{name} after a title", joined(titled), rows)
        if name != "mentions":
            titled = ["Table 1", *other, "", "Table 2", *own]
            yield Case("several tables", f"{name} before, titles", joined(titled), rows)
    half = 20
    for gap in (0, 1):
        blank = [""] * gap
        twice = [*own[: half + 1], *blank, own[0], *own[half + 1 :]]
        yield Case("several tables", f"the same columns twice, {gap} blank lines", joined(twice), rows)
        order = (1, 0, 5, 3, 4, 2)
        moved = [tuple(row[k] for k in order) for row in rows[half:]]
        second = lines_of(moved, names=[NAMES[k] for k in order])  # type: ignore[arg-type]
        yield Case(
            "several tables",
            f"columns in another order, {gap} blank lines",
            joined([*own[: half + 1], *blank, *second]),
            rows,
        )
        yield Case(
            "several tables",
            f"rows in two parts, {gap} blank lines",
            joined([*own[: half + 1], *blank, *own[half + 1 :]]),
            rows,
        )


def _mixed_dialects() -> Iterator[Case]:
    rows = clean_rows()
    for one, other in ((",", ";"), (";", ","), ("\t", ","), (",", "\t"), (";", "|")):
        for share in (1, 5, 15):
            first, second = lines_of(rows, delimiter=one), lines_of(rows, delimiter=other)
            text = joined([*first[: 41 - share], *second[41 - share :]])
            yield Case("two dialects", f"last {share} rows by {other!r} after {one!r}", text, rows)
        single = lines_of(rows, delimiter=one)
        single[11] = lines_of(rows, delimiter=other)[11]
        yield Case("two dialects", f"one row by {other!r} among {one!r}", joined(single), rows)
    first, second = lines_of(rows), lines_of(rows, everything=True)
    yield Case("two dialects", "second half all quoted", joined([*first[:20], *second[20:]]), rows)
    second = lines_of(rows, delimiter=";", everything=True)
    yield Case("two dialects", "header of the second half by ';'", joined([*first[:21], second[0], *second[21:]]), rows)


def _with(rows: list[Row], column: int, change: object) -> list[Row]:
    return [(*row[:column], change(row[column]), *row[column + 1 :]) for row in rows]  # type: ignore[operator,misc]


def _numbers_and_dates() -> Iterator[Case]:
    rows = clean_rows()

    def moment(text: str) -> datetime:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)

    for sign in (";", "\t", "|"):
        yield Case(
            "numbers",
            f"decimal comma by {sign!r}",
            written(_with(rows, 2, lambda w: w.replace(".", ",")), delimiter=sign).encode(),
            rows,
        )
    yield Case(
        "numbers", "decimal comma in quotes", written(_with(rows, 2, lambda w: w.replace(".", ","))).encode(), rows
    )
    bare = [",".join(row) for row in [tuple(NAMES), *_with(clean_rows(texts=False), 2, lambda w: w.replace(".", ","))]]
    yield Case("numbers", "decimal comma without quotes", joined(bare), clean_rows(texts=False), readable=False)
    arabic = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    yield Case("numbers", "Arabic digits", written(_with(rows, 2, lambda w: w.translate(arabic))).encode(), rows)
    yield Case("numbers", "blanks around", written(_with(rows, 2, lambda w: f" {w} ")).encode(), rows)
    yield Case("numbers", "plus sign", written(_with(rows, 2, lambda w: f"+{w}")).encode(), rows)
    yield Case("numbers", "two decimals", written(_with(rows, 2, lambda w: f"{float(w):.2f}")).encode(), rows)
    yield Case("numbers", "exponent", written(_with(rows, 2, lambda w: f"{float(w):.3e}")).encode(), rows)
    forms = {
        "ISO with Z": "%Y-%m-%dT%H:%M:%SZ",
        "ISO with offset": "%Y-%m-%dT%H:%M:%S+00:00",
        "ISO with parts of seconds": "%Y-%m-%dT%H:%M:%S.000Z",
        "slashes, year first": "%Y/%m/%d %H:%M:%S",
        "day first": "%d/%m/%Y %H:%M:%S",
        "day first, points": "%d.%m.%Y %H:%M:%S",
        "month first": "%m/%d/%Y %H:%M:%S",
        "month first, twelve hours": "%m/%d/%Y %I:%M:%S %p",
        "Twitter": "%a %b %d %H:%M:%S +0000 %Y",
        "UTC": "%Y-%m-%d %H:%M:%S UTC",
        "name of the month": "%d %b %Y %H:%M:%S",
        "month, comma": "%b %d, %Y %H:%M:%S",
        "compact": "%Y%m%dT%H%M%S",
    }
    for name, form in forms.items():
        text = written(_with(rows, 3, lambda t, form=form: moment(t).strftime(form)))
        yield Case("dates", name, text.encode(), rows)
    for name, make in (
        ("Unix", lambda t: str(int(moment(t).timestamp()))),
        ("Unix, milliseconds", lambda t: str(int(moment(t).timestamp()) * 1000)),
        ("EDT", lambda t: (moment(t) - timedelta(hours=4)).strftime("%Y-%m-%d %H:%M:%S EDT")),
        ("offset of two hours", lambda t: (moment(t) + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S+02:00")),
        ("day numbers", lambda t: f"{(moment(t) - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86400:.8f}"),
        ("Arabic digits", lambda t: t.translate(arabic)),
    ):
        yield Case("dates", name, written(_with(rows, 3, make)).encode(), rows)
    early = [row for row in rows if moment(row[3]).day <= 12]
    for name, form in (("day first, undecided", "%d/%m/%Y %H:%M:%S"), ("month first, undecided", "%m/%d/%Y %H:%M:%S")):
        text = written(_with(early, 3, lambda t, form=form: moment(t).strftime(form)))
        yield Case(
            "dates", name, text.encode(), early, readable=name.startswith("day"), told_by="day is taken to come first"
        )


def _ids() -> Iterator[Case]:
    rows = clean_rows()
    ends = (0, 1)

    def both(change: object) -> list[Row]:
        changed = rows
        for column in ends:
            changed = _with(changed, column, change)
        return changed

    # After @ a name is a handle, in which capitals do not count.
    lower = [(r[0].lower(), r[1].lower(), *r[2:]) for r in rows]
    yield Case("ids", "@ before handles", written(both(lambda h: f"@{h}")).encode(), lower)  # type: ignore[arg-type]
    yield Case("ids", "blanks around", written(both(lambda h: f"  {h} ")).encode(), rows)
    yield Case("ids", "marks of direction", written(both(lambda h: f"\u200e{h}\u200f")).encode(), rows)
    yield Case("ids", "zero-width", written(both(lambda h: f"\u200b{h}\ufeff")).encode(), rows)
    yield Case("ids", "formula", written(both(lambda h: f'="{h}"'), everything=True).encode(), rows)
    yield Case("ids", "apostrophe before @", written(both(lambda h: f"'@{h}")).encode(), lower)  # type: ignore[arg-type]
    number = {name: str(10**17 + 7919 * i + 11) for i, name in enumerate(_ACCOUNTS)}
    plain = [(number[r[0]], number[r[1]], *r[2:]) for r in rows]
    with_x = [(f"x{r[0]}", f"x{r[1]}", *r[2:4], r[4], r[5]) for r in plain]
    yield Case("ids", "x before numbers", written(with_x).encode(), plain)  # type: ignore[arg-type]
    rounded = [(f"{float(r[0]):.5E}", f"{float(r[1]):.5E}", *r[2:]) for r in plain]
    yield Case("ids", "in scientific notation", written(rounded).encode(), plain, readable=False)  # type: ignore[arg-type]


def _small() -> Iterator[Case]:
    rows = clean_rows()
    for n in (1, 2, 3):
        yield Case("small", f"{n} rows", written(rows[:n]).encode(), rows[:n])
        yield Case("small", f"{n} rows, no line end", written(rows[:n]).removesuffix("\n").encode(), rows[:n])
        yield Case("small", f"{n} rows, semicolons", written(rows[:n], delimiter=";").encode(), rows[:n])
        yield Case("small", f"{n} rows, all quoted", written(rows[:n], everything=True).encode(), rows[:n])
    yield Case("small", "header only", written([]).encode(), [], readable=False)
    yield Case("small", "nothing", b"", [], readable=False)
    yield Case("small", "blank lines only", b"\n\n\r\n", [], readable=False)
    yield Case("small", "delimiters only", b",,,,,\n,,,,,\n", [], readable=False)
