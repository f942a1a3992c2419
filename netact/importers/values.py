"""Text cells to values: times, weights, kinds of ties, truth values; and ids that a program has damaged.

Account ids never pass through here as numbers: they stay text.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.coding import numbered_texts, occurring
from netact.importers.mapping import KIND_WORDS, fold
from netact.language import Message, listing

if TYPE_CHECKING:
    from netact.schemas import Kind

_DIGITS = {
    **{chr(0x0660 + i): str(i) for i in range(10)},  # Arabic-Indic
    **{chr(0x06F0 + i): str(i) for i in range(10)},  # Persian
    **{chr(0x0966 + i): str(i) for i in range(10)},  # Devanagari
    "\u066b": ".",  # Arabic decimal separator
    "\u066c": "",  # Arabic thousands separator
    "\u2212": "-",
}
_UTC = pl.Datetime("us", "UTC")
_EXCEL_EPOCH_DAYS = 25569  # 1 January 1970 as a spreadsheet's day number
_MICROSECONDS_A_DAY = 86_400_000_000

# Unit of Unix times by their size: 1973-2128 in seconds, milliseconds, microseconds, nanoseconds.
_UNIX_UNITS = ((1e8, 5e9, 1_000_000.0), (1e11, 5e12, 1_000.0), (1e14, 5e15, 1.0), (1e17, 5e18, 1e-3))
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119

_ISO = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_DAY_MONTH = (
    r"^(\d{1,2})([/.\-])(\d{1,2})[/.\-](\d{4}|\d{2})"
    r"(?:[,\sT]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp]\.?[Mm]\.?)?)?\s*([+-]\d{2}:?\d{2})?$"
)
_WITH_ZONE = ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z", "%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z")
_WITHOUT_ZONE = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%a %b %d %H:%M:%S %Y",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%b %d %Y %H:%M:%S",
    "%b %d %Y %I:%M:%S %p",
    "%b %d %Y %I:%M %p",
    "%b %d %Y",
)
_CLOCK = r"(?:\d:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?)"

# Minutes ahead of UTC. Letters that several countries use for different hours (IST) are left out.
ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120,
    "SAST": 120, "EEST": 180, "MSK": 180, "TRT": 180, "JST": 540, "KST": 540, "ACST": 570, "AEST": 600, "ACDT": 630,
    "AEDT": 660, "NZST": 720, "NZDT": 780, "NST": -210, "NDT": -150, "AST": -240, "ADT": -180, "EST": -300,
    "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "AKDT": -480, "HST": -600,
}  # fmt: skip


@dataclass(frozen=True)
class Times:
    """A column of times in UTC; null where a cell is empty or cannot be read."""

    values: pl.Series
    unreadable: int
    zone: str | None  # how times without a zone were read
    assumptions: tuple[str, ...] = ()


def _ascii_digits(text: pl.Series) -> pl.Series:
    text = text.str.strip_chars()
    if bool(text.str.contains(r"[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u066b\u066c\u2212]").any()):
        return text.str.replace_many(list(_DIGITS), list(_DIGITS.values()))
    return text


def parse_times(column: pl.Series) -> Times:
    """Read times; see :func:`_read_times`. Those outside the years 1 to 9999 count as unreadable: no calendar has them."""
    times = _read_times(column)
    year = times.values.dt.year()
    outside = ((year < 1) | (year > 9999)).fill_null(value=False)
    if not (lost := int(outside.sum())):
        return times
    kept = pl.select(pl.when(~outside).then(times.values)).to_series().rename("time")
    return replace(times, values=kept, unreadable=times.unreadable + lost)


def _read_times(column: pl.Series) -> Times:
    """Read times: Unix (s, ms, us, ns), spreadsheet day numbers, ISO with or without zone, Twitter style, D/M/Y.

    Zone abbreviations such as EDT are read by a table. Times without a zone are taken as UTC. Whether 3/4 is a day of April or of March is decided by any first or
    second number above 12 in the whole column; if there is none, the day is taken to come first, and this is said.
    """
    if isinstance(column.dtype, pl.Datetime | pl.Date):
        moments = column.cast(pl.Datetime("us")) if column.dtype == pl.Date else column
        naive = not (isinstance(moments.dtype, pl.Datetime) and moments.dtype.time_zone)
        as_utc = moments.dt.replace_time_zone("UTC") if naive else moments.dt.convert_time_zone("UTC")
        return Times(as_utc.cast(_UTC), 0, "UTC assumed" if naive else None)
    written = column.cast(pl.String)
    if (plain := _plain_iso(written)) is not None:
        return plain
    text = _ascii_digits(written)
    text = pl.select(pl.when(text != "").then(text)).to_series()
    filled = len(text) - text.null_count()
    if (plain := _plain_iso(text) or _plain_twitter(text)) is not None:
        return plain
    zone: str | None = None
    said: list[str] = []
    result = pl.Series("time", [None] * len(text), dtype=_UTC)

    def open_cells() -> pl.Series:
        return pl.select(pl.when(result.is_null()).then(text)).to_series()

    numbers = pl.select(
        pl.when(text.str.contains(r"^\d{5,19}([.,]\d*)?$"))
        .then(text.str.replace(",", ".", literal=True))
        .cast(pl.Float64, strict=False)
    ).to_series()
    if numbers.null_count() < len(numbers):
        result = _from_numbers(numbers, said)
        if bool(numbers.is_between(*_EXCEL_DAYS).any()):
            zone = "UTC assumed"
    text, ahead = _abbreviated_zones(text, said)
    if (rest := open_cells()).null_count() < len(rest):
        tidy = rest.str.replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", "${1}-${2}-${3}")
        tidy = tidy.str.replace(r"^(\d{4}-\d{1,2}-\d{1,2})[Tt]", "${1} ").str.replace(r"\s*[Zz]$", "+0000")
        tidy = tidy.str.replace(r"(:\d{2}),(\d{1,9})", "${1}.${2}")
        tidy = tidy.str.replace(r"(:\d{2}(?:\.\d+)?)\s*([+-]\d{2})$", "${1}${2}00")
        tidy = tidy.str.replace(r"\s+([+-]\d{2}:?\d{2})$", "${1}")
        tidy = tidy.str.replace(r"\+0000( \d{4})$", " +0000${1}")
        tidy = tidy.str.replace(
            r"^(\d{1,2})[-/]([A-Za-z]{3,9})[-/](\d{4})\b:?", "${1} ${2} ${3} "
        ).str.strip_chars_end()
        tidy = tidy.str.replace(r"^([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4}),?", "${1} ${2} ${3}")
        tidy = tidy.str.replace(
            r"^(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.? (\d{4}),?\s*", "${1} ${2} ${3} "
        ).str.strip_chars_end()
        for formats, aware in ((_WITH_ZONE, True), (_WITHOUT_ZONE, False)):
            for form in formats:
                if tidy.null_count() == len(tidy):
                    break
                got = tidy.str.to_datetime(form, time_unit="us", strict=False, exact=True)
                got = got.dt.convert_time_zone("UTC") if aware else got.dt.replace_time_zone("UTC")
                if got.null_count() == len(got):
                    continue
                if not aware:
                    got, zone = _shifted(got, ahead, zone)
                tidy = pl.select(pl.when(got.is_null()).then(tidy)).to_series()
                result = pl.select(pl.coalesce(result, got)).to_series()
    if (rest := open_cells()).null_count() < len(rest) and bool(rest.str.contains(_DAY_MONTH).any()):
        offset = rest.str.extract(_DAY_MONTH, 9).str.replace(":", "", literal=True)
        sign = pl.select(pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)).to_series()
        written = sign * (
            offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
            + offset.str.slice(3, 2).cast(pl.Int64, strict=False)
        )
        ahead = pl.select(pl.coalesce(ahead, written)).to_series()
        got = _day_and_month(rest, said)
        if got.null_count() < len(got):
            got, zone = _shifted(got, ahead, zone)
            result = pl.select(pl.coalesce(result, got)).to_series()
    result = result.rename("time")
    return Times(result, filled - (len(result) - result.null_count()), zone, tuple(said))


def _abbreviated_zones(text: pl.Series, said: list[str]) -> tuple[pl.Series, pl.Series]:
    """Take zone abbreviations off the times; return the times and minutes ahead of UTC, null where none was written."""
    found = text.str.extract(_CLOCK + r"\s*\b([A-Z]{3,4})(?:\s+\d{4})?$", 1)
    known = found.is_in(list(ZONES))
    names = sorted(set(found.filter(known.fill_null(value=False)).to_list()))
    if not names:
        return text, pl.Series([None] * len(text), dtype=pl.Int64)
    said += [
        Message("the time zone {name} is read as UTC{offset}", name=name, offset=f"{ZONES[name] / 60:+g} h")
        for name in names
        if name not in ("UTC", "GMT")
    ]
    bare = text.str.replace(r"\s*\b[A-Z]{3,4}(\s+\d{4})?$", "${1}")
    ahead = found.replace_strict(ZONES, default=None, return_dtype=pl.Int64)
    return pl.select(pl.when(known.fill_null(value=False)).then(bare).otherwise(text)).to_series(), ahead


def _shifted(got: pl.Series, ahead: pl.Series, zone: str | None) -> tuple[pl.Series, str | None]:
    """Turn local times into UTC by the minutes they are ahead of it, and say whether a zone was assumed for any."""
    if bool((got.is_not_null() & ahead.is_null()).any()):
        zone = "UTC assumed"
    frame = pl.DataFrame({"t": got, "m": ahead.fill_null(0)})
    return frame.select(pl.col("t") - pl.duration(minutes=pl.col("m")))["t"], zone


def _plain_iso(text: pl.Series) -> Times | None:
    """Read a column that is ISO to the second throughout, in UTC or without a zone: most large exports, so be quick."""
    first = text.drop_nulls().head(1).to_list()
    if not first or len(first[0]) < 19 or first[0][10] not in "T ":
        return None
    aware = len(first[0]) > 19
    tail = r"(\.0+)?(Z|\+00:?00)" if aware else ""
    date, clock = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"  # \d would take digits of all scripts
    if not bool(text.str.contains(rf"^{date}{first[0][10]}{clock}{tail}$").all()):
        return None
    values = text.str.head(19).str.to_datetime(f"%Y-%m-%d{first[0][10]}%H:%M:%S", time_unit="us", strict=False)
    values = values.dt.replace_time_zone("UTC").rename("time")
    return Times(values, values.null_count() - text.null_count(), None if aware else "UTC assumed")


def _plain_twitter(text: pl.Series) -> Times | None:
    """Read a column that is as Twitter wrote it throughout: Sat May 15 12:00:00 +0000 2021."""
    first = text.drop_nulls().head(1).to_list()
    if not first or not re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} \+\d{4} \d{4}", first[0]):
        return None
    values = text.str.to_datetime("%a %b %d %H:%M:%S %z %Y", time_unit="us", strict=False).rename("time")
    return None if values.null_count() > text.null_count() else Times(values.dt.convert_time_zone("UTC"), 0, None)


def _from_numbers(numbers: pl.Series, said: list[str]) -> pl.Series:
    micros = pl.lit(None, dtype=pl.Float64)
    number = pl.col("n")
    for low, high, scale in _UNIX_UNITS:
        micros = pl.when(number.is_between(low, high)).then(number * scale).otherwise(micros)
    days = number.is_between(*_EXCEL_DAYS)
    # A day number has some ten decimals: what is within a millisecond of a full second is one.
    exact = (number - _EXCEL_EPOCH_DAYS) * _MICROSECONDS_A_DAY
    second = (exact / 1e6).round() * 1e6
    micros = pl.when(days).then(pl.when((exact - second).abs() < 1000).then(second).otherwise(exact)).otherwise(micros)
    if bool(numbers.is_between(*_EXCEL_DAYS).any()):
        said.append(Message("times are spreadsheet day numbers, counted from 1900"))
    frame = pl.DataFrame({"n": numbers}).select(time=micros.round().cast(pl.Int64).cast(pl.Datetime("us")))
    return frame["time"].dt.replace_time_zone("UTC")


def _day_and_month(text: pl.Series, said: list[str]) -> pl.Series:
    part = {
        name: text.str.extract(_DAY_MONTH, i) for i, name in enumerate(("a", "sep", "b", "y", "h", "m", "s", "half"), 1)
    }
    frame = pl.DataFrame(part).with_columns(pl.col("a", "b", "y", "h", "m", "s").cast(pl.Int32, strict=False))
    first, second = frame["a"].max(), frame["b"].max()
    day_first = True
    if isinstance(second, int) and second > 12 and not (isinstance(first, int) and first > 12):
        day_first = False
    elif not (isinstance(first, int) and first > 12) and not bool((frame["sep"] == ".").any()):
        said.append(
            Message(
                "dates such as 3/4/2020 do not show whether the day or the month comes first: the day is taken to come "
                "first (write dates as 2020-04-03 to be sure)"
            )
        )
    day, month = (pl.col("a"), pl.col("b")) if day_first else (pl.col("b"), pl.col("a"))
    year = pl.when(pl.col("y") < 100).then(pl.col("y") + 2000).otherwise(pl.col("y"))
    half = pl.col("half").str.to_lowercase().str.head(1)
    hour = pl.col("h").fill_null(0)
    hour = (
        pl.when((half == "p") & (hour < 12)).then(hour + 12).when((half == "a") & (hour == 12)).then(0).otherwise(hour)
    )
    iso = pl.format(
        "{}-{}-{} {}:{}:{}",
        year,
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
        hour.cast(pl.String).str.zfill(2),
        pl.col("m").fill_null(0).cast(pl.String).str.zfill(2),
        pl.col("s").fill_null(0).cast(pl.String).str.zfill(2),
    )
    parsed = frame.select(t=iso)["t"].str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    return parsed.dt.replace_time_zone("UTC")


@dataclass(frozen=True)
class Weights:
    """A column of weights; null where a cell is empty or no number."""

    values: pl.Series
    unreadable: int
    assumptions: tuple[str, ...] = ()


def parse_weights(column: pl.Series) -> Weights:
    """Read weights, with decimal point or comma and any script's digits."""
    if column.dtype.is_numeric():
        return Weights(column.cast(pl.Float64), column.null_count())
    text = _ascii_digits(column.cast(pl.String)).str.replace_all(r"[\u00a0\u202f ']", "")
    said: tuple[str, ...] = ()
    if bool(text.str.contains(",", literal=True).any()):
        commas = text.filter(text.str.contains(",", literal=True))
        if bool(commas.str.contains(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$").all()):
            text = text.str.replace_all(",", "", literal=True)
            said = (Message("a comma in a weight is read as a thousands separator, as in 1,500"),)
        else:
            text = text.str.replace_all(".", "", literal=True) if not _mixed_points(text) else text
            text = text.str.replace_all(",", ".", literal=True)
            said = (Message("a comma in a weight is read as the decimal sign, as in 1,5"),)
    values = text.cast(pl.Float64, strict=False)
    return Weights(values, values.null_count(), said)


def _mixed_points(text: pl.Series) -> bool:
    """Whether points occur in cells without a comma, so that they are decimal signs too."""
    return bool((text.str.contains(".", literal=True) & ~text.str.contains(",", literal=True)).any())


def parse_shares(column: pl.Series) -> Weights:
    """Read numbers from 0 to 1, also as percentages; all else is null and counted as unreadable."""
    text = column.cast(pl.String).str.strip_chars()
    percent = text.str.ends_with("%")
    number = (
        text.str.strip_suffix("%").str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    values = pl.select(pl.when(percent).then(number / 100).otherwise(number)).to_series()
    values = pl.select(pl.when(values.is_between(0, 1)).then(values)).to_series()
    stated = int((text.is_not_null() & (text != "")).sum())
    return Weights(values, stated - (len(values) - values.null_count()), ())


def parse_days(column: pl.Series, *, last: bool) -> tuple[pl.Series, int]:
    """Read days; a year or a month alone is its first day, or with ``last`` its last. Return them and how many are unreadable."""
    text = _ascii_digits(column.cast(pl.String).str.strip_chars())
    text = pl.select(pl.when(text != "").then(text)).to_series()
    part = text.str.extract(r"^(\d{4}(?:-\d{1,2})?)$")
    month = part.str.slice(5).cast(pl.Int32, strict=False).fill_null(12 if last else 1)
    year = part.str.slice(0, 4).cast(pl.Int32, strict=False)
    valid = month.is_between(1, 12)
    parts = pl.DataFrame({"year": year, "month": pl.select(pl.when(valid).then(month)).to_series()})
    days = parts.select(pl.date("year", "month", 1)).to_series()
    days = days.dt.month_end() if last else days
    whole = pl.select(pl.when(part.is_null()).then(text)).to_series()
    if whole.null_count() < len(whole):
        days = pl.select(pl.coalesce(days, parse_times(whole).values.dt.date())).to_series()
    return days, int((text.is_not_null() & days.is_null()).sum())


def parse_kinds(column: pl.Series) -> pl.Series:
    """Read kinds by their usual words (RT, mentions, replies); null where a word is none of them."""
    words = {str(word): KIND_WORDS.get(fold(str(word))) for word in column.unique().drop_nulls().to_list()}
    known: dict[str, Kind] = {word: kind for word, kind in words.items() if kind is not None}
    return column.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def parse_truth(column: pl.Series) -> pl.Series:
    """Read yes/no, true/false, 1/0; null where a cell is none of them."""
    yes, no = (
        {"1", "true", "yes", "y", "t", "ja", "oui", "si", "sí", "bot", "x", "1.0"},
        {"0", "false", "no", "n", "f", "nein", "non", "human", "0.0"},
    )
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    return pl.select(
        pl.when(text.is_in(list(yes))).then(statement=True).when(text.is_in(list(no))).then(statement=False)
    ).to_series()


_LONGEST_LITERAL = 200_000  # of a list as Python writes it; longer ones are taken apart as text
_BETWEEN = re.compile(r"""[\s,;|\[\]()"']+""")
# What programs write where nothing is; in other spellings these are names of accounts.
_EMPTY = frozenset({"", "nan", "NaN", "None", "null", "NULL", "NA", "N/A", "<NA>"})


def listed(cell: str | None) -> list[Any]:
    """Take apart a cell that holds several ids, handles or hashtags: texts, or records where the cell holds records.

    Read are lists as JSON and Python write them, ``[a, b]``, ``c("a", "b")`` of R, and texts between blanks, commas, semicolons
    or pipes. A cell that is empty, or says so, gives an empty list.

    >>> listed("a|b"), listed("['a', 'b']"), listed("[a, b]"), listed('["@a", "@b"]'), listed("a; b"), listed("[]")
    (['a', 'b'], ['a', 'b'], ['a', 'b'], ['@a', '@b'], ['a', 'b'], [])
    >>> listed("[{'screen_name': 'a', 'id': '1'}]")
    [{'screen_name': 'a', 'id': '1'}]
    """
    text = (cell or "").strip()
    if text in _EMPTY:
        return []
    if text[0] in "[{" and (found := _literal(text)) is not None:
        return [item if isinstance(item, dict) else str(item) for item in found if item not in ("", None)]
    if text.startswith("c(") and text.endswith(")"):
        text = text[2:-1]
    return [item for item in _BETWEEN.split(text) if item]


def _literal(text: str) -> list[Any] | None:
    """Return the members of a list as JSON or Python write it; one record is a list of one; None if it is neither."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        if len(text) > _LONGEST_LITERAL or not re.match(r"""[\[{]\s*['"{\]\d]""", text):
            return None
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    if isinstance(value, dict):
        return [value] if value else []
    return value if isinstance(value, list) and not any(isinstance(item, list) for item in value) else None


_SCIENTIFIC = r"^\d([.,]\d+)?[eE]\+?\d+$"
_POINT_ZERO = r"^\d+\.0+$"
_X_ID = r"^x\d{5,20}$"

# Names that exports put where an author was taken away.
PLACEHOLDERS = frozenset(
    {"redacted", "unknown", "[deleted]", "[removed]", "deleted", "anonymous", "anonymized", "anonymised"}
)


# ="123", and what a spreadsheet would take for a formula after an apostrophe.
_GUARDED = r"""^\s*="[^"]*"\s*$|^\s*'[=+\-@]."""


def plain_names(names: pl.Series, *ends: pl.Series) -> tuple[pl.Series, list[pl.Series], tuple[str, ...]]:
    """Do what :func:`plain_ids` does for columns of numbers of names; return names, columns and what is to be said."""

    def has_mark(end: pl.Series) -> bool:
        first = names.gather(end.head(1000)).drop_nulls()
        is_like = len(first) > 0 and bool(first.str.contains(_X_ID).all())
        return is_like and bool(occurring(names, end).str.contains(_X_ID).all())

    guarded = bool(occurring(names, *ends).str.contains(_GUARDED).any())
    if not guarded and not any(has_mark(end) for end in ends):
        return names, list(ends), ()
    tidy, said = plain_ids(*(names.gather(end) for end in ends))
    return *numbered_texts(tidy), said


def plain_ids(*columns: pl.Series) -> tuple[list[pl.Series], tuple[str, ...]]:
    """Take off what programs put around ids so that spreadsheets keep them as text.

    ``="123"`` is how a spreadsheet is made to keep digits; an apostrophe before ``= + - @`` guards against formulas;
    rtweet writes ``x123``, which is an id only if every filled cell of the column has the ``x``.
    """
    tidy, changed = [], 0
    for column in columns:
        text = column.cast(pl.String)
        formula = text.str.contains(_GUARDED)
        if bool(formula.any()):
            bare = text.str.replace(r"""^\s*="([^"]*)"\s*$""", "${1}").str.replace(r"""^\s*'([=+\-@].)""", "${1}")
            changed += int(formula.sum())
            text = bare
        first = text.head(1000).drop_nulls()
        if len(first) and bool(first.str.contains(_X_ID).all()) and bool(text.str.contains(_X_ID).all()):
            changed += len(text) - text.null_count()
            text = text.str.replace("^x", "")
        tidy.append(text)
    if not changed:
        return tidy, ()
    said = Message.counting(
        '{n:count} id was written so that spreadsheets keep it as text (x123, ="123"): only the id is read',
        '{n:count} ids were written so that spreadsheets keep them as text (x123, ="123"): only the ids are read',
        changed,
    )
    return tidy, (said,)


@dataclass(frozen=True)
class DamagedIds:
    """Distinct ids that a spreadsheet, JavaScript or a floating-point column has most likely changed."""

    ids: int
    all_ids: int
    scientific: int
    point_zero: int
    rounded: int

    @property
    def most(self) -> bool:
        """Whether most ids are written as numbers with exponent or ``.0``."""
        return 2 * (self.scientific + self.point_zero) > self.all_ids

    def sentence(self) -> str:
        """Say it in one line."""
        parts: list[str] = []
        if self.scientific:
            parts.append(Message("{n:count} in scientific notation", n=self.scientific))
        if self.point_zero:
            parts.append(Message("{n:count} ending in .0", n=self.point_zero))
        if self.rounded:
            parts.append(Message("{n:count} long ids ending in 00, far more than chance would give", n=self.rounded))
        return Message(
            "{ids:count} of {all:count} ids look changed by a spreadsheet or a program ({how}): they may merge or fail "
            "to match; export the ids again as text",
            ids=self.ids,
            all=self.all_ids,
            how=listing(parts),
        )


def damaged_ids(*columns: pl.Series) -> DamagedIds | None:
    """Look for ids that went through a floating-point number.

    Ids in scientific notation or ending in ``.0`` did. Whole numbers of 16 digits or more lose their last digits to
    zeros: a spreadsheet leaves ``0000`` (15 digits kept), JavaScript ``00``. Of intact ids about 1 % end in ``00``,
    so the column is flagged when at least 20 % of at least five long ids do.
    """
    ids = pl.concat([column.cast(pl.String).rename("id") for column in columns]).unique().drop_nulls()
    ids = ids.str.strip_chars()
    scientific, point_zero = int(ids.str.contains(_SCIENTIFIC).sum()), int(ids.str.contains(_POINT_ZERO).sum())
    long = ids.filter(ids.str.contains(r"^[0-9]{16,}$"))
    zeros = int(long.str.ends_with("00").sum())
    rounded = zeros if len(long) >= 5 and zeros >= 0.2 * len(long) else 0
    total = scientific + point_zero + rounded
    return DamagedIds(total, len(ids), scientific, point_zero, rounded) if total else None


def infer_type(column: pl.Series) -> pl.Series:
    """Give a text column of an accounts table numbers if every filled cell is one; never an id."""
    if column.dtype != pl.String:
        return column
    text = column.str.strip_chars()
    text = pl.select(pl.when(text != "").then(text)).to_series().rename(column.name)
    filled = text.drop_nulls()
    if not len(filled) or re.search(r"(^|[_.\s-])id$", column.name.casefold()):
        return text
    if bool(filled.str.contains(r"^-?(0|[1-9]\d{0,14})$").all()):
        return text.cast(pl.Int64)
    if bool(filled.str.contains(r"^-?(0|[1-9]\d{0,14})(\.\d+)?([eE][-+]?\d{1,3})?$").all()):
        return text.cast(pl.Float64)
    return text
