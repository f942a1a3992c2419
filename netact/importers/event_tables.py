"""Tables of events that a user writes: operations the movement was called to, triggers from outside.

How it is obtained: by hand; ``netact template operations`` and ``netact template triggers`` write the empty tables.

Read: of operations ``operation, start, end, hashtags, counter_hashtags, outcome``; of triggers ``trigger, time``. Hashtags of one
cell are separated by blanks, commas or semicolons; links may stand among them. Times without a zone are UTC; an end without an
hour includes the whole day. An outcome is ``accepted`` or ``rejected``.

Lost: columns with other names; a sign on both sides of one operation, as it says nothing. Rows without a name or a time that
can be read are counted with their lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import polars as pl

from netact.errors import ImportFileError
from netact.importers.mapping import fold, index_columns, words
from netact.importers.values import parse_times
from netact.language import Message
from netact.network import clean_id, split_hashtags
from netact.receipt import Dropped, SourceReceipt
from netact.schemas import OUTCOMES

if TYPE_CHECKING:
    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable
    from netact.importers.source_file import SourceFile

_COLUMNS = {
    "operations": {
        "operation": words(
            "operation operations action event name title campaign aktion kampagne acción accion campaña operación opération "
            "campagne العملية الحملة"
        ),
        "start": words(
            "start starts started startdate starttime begin begins began from since time date beginn anfang datum inicio "
            "comienzo desde fecha début debut depuis البداية التاريخ"
        ),
        "end": words("end ends ended enddate endtime until till to finish ende bis fin final hasta jusqu'à النهاية"),
        "counter_signs": words(
            "countersigns counterhashtags counterhashtag counterlist countertags counter opponents opposition gegenhashtags "
            "gegen contrahashtags contra contrehashtags contre المضادة"
        ),
        "signs": words(
            "signs hashtags hashtag tags symbols keywords keyword links zeichen schlagworte schlagwörter etiquetas "
            "motsdièse motsdiese الوسوم"
        ),
        "outcome": words("outcome result ergebnis ausgang resultado desenlace résultat issue النتيجة"),
    },
    "triggers": {
        "trigger": words("trigger event name what auslöser ereignis disparador evento déclencheur événement الحدث"),
        "time": words("time date when at start zeit datum hora fecha heure الوقت التاريخ"),
    },
}
_NEEDED = {"operations": ("operation", "start", "signs"), "triggers": ("trigger", "time")}
_OUTCOMES = {
    "accepted": words(
        "accepted adopted granted won success successful succeeded carried yes angenommen erfolgreich erfolg aceptada aceptado "
        "aprobada éxito lograda acceptée accepté adoptée réussie succès oui sí ja مقبول نجاح نعم"
    ),
    "rejected": words(
        "rejected refused lost failed failure opposed no abgelehnt gescheitert rechazada rechazado fracaso rejetée rejeté refusée "
        "échec non nein مرفوض فشل لا"
    ),
}


def read_events(
    table: RawTable, source: SourceFile, detected: Detected, *, role: Literal["operations", "triggers"]
) -> tuple[pl.DataFrame, SourceReceipt]:
    """Read operations or triggers as :meth:`netact.network.Network.with_operations` or ``with_triggers`` takes them.

    Returns
    -------
    frame, receipt
        The rows that can be used and what became of the others.

    Raises
    ------
    ImportFileError
        If a column is missing, no row can be used, a name stands twice, or an outcome is unknown.
    """
    file, called = source.name, _COLUMNS[role]
    numbering = index_columns(table)
    names = [name for name in table.columns if name not in numbering]
    if not table.header:
        raise ImportFileError(
            file, "needs a row of column names", found=names[:5], remedy=f"add one: {','.join(_NEEDED[role])}"
        )
    mapping: dict[str, str] = {}
    for part, synonyms in called.items():
        found = next((n for n in names if fold(n) in synonyms and n not in mapping.values()), None)
        if found is not None:
            mapping[part] = found
    for part in _NEEDED[role]:
        if part not in mapping:
            wanted = "hashtags" if part == "signs" else part
            raise ImportFileError(
                file,
                f"no column {wanted!r}",
                found=names[:20],
                remedy=f"rename one, or start from netact template {role}",
            )
    loaded = table.load(list(mapping.values()))
    warnings, said = [*table.warnings, *loaded.warnings], list(table.assumptions)
    dropped = list(loaded.dropped)
    frame = loaded.frame.select(
        pl.col("row"), *(pl.col(column).cast(pl.String).alias(part) for part, column in mapping.items())
    )
    first, *_ = called
    frame = frame.with_columns(clean_id(pl.col(first)))
    zone: str | None = None
    for part in ("start", "end", "time"):
        if part in frame.columns:
            times = parse_times(frame[part])
            failed = times.values.is_null() & (frame[part].str.strip_chars() != "").fill_null(value=False)
            if part == "end" and failed.any():
                line = frame.filter(failed)["row"][0]
                raise ImportFileError(
                    file,
                    f"an end that is no time in line {line}",
                    remedy="write it like 2021-05-15 18:00, or leave it empty",
                )
            zone = zone or times.zone
            warnings += times.assumptions
            moments = times.values.alias(part)
            if part == "end":
                moments = _whole_days(frame[part], moments, said)
            frame = frame.with_columns(moments)
    when = "start" if role == "operations" else "time"
    for condition, reason in (
        (pl.col(first).is_null(), Message("no name")),
        (pl.col(when).is_null(), Message("no time that can be read")),
    ):
        lines = frame.filter(condition)["row"].sort()
        if len(lines):
            dropped.append(Dropped(reason, len(lines), tuple(lines.head(5).to_list())))
            frame = frame.filter(~condition)
    if not frame.height:
        raise ImportFileError(
            file, "no row can be used", found="; ".join(f"{item.rows} rows: {item.reason}" for item in dropped) or "no rows",
            remedy=f"fill in {', '.join(mapping.values())}",
        )  # fmt: skip
    for part in ("signs", "counter_signs"):
        if part in frame.columns:
            signs = [_signs(cell) for cell in frame[part].to_list()]
            frame = frame.with_columns(pl.Series(part, signs, dtype=pl.List(pl.String)))
    if "outcome" in frame.columns:
        frame = frame.with_columns(pl.Series("outcome", _outcomes(frame, file), dtype=pl.String))
    if role == "operations":
        frame = _without_both(frame, warnings)
        _check(frame, file)
    return frame.drop("row"), SourceReceipt(
        file=file,
        role=role,
        sha256=source.sha256,
        format=detected.format,
        evidence=(*detected.evidence, *table.evidence),
        encoding=table.encoding,
        dialect=dict(table.dialect or {}),
        mapping=mapping,
        rows_read=loaded.rows_read,
        rows_kept=frame.height,
        dropped=tuple(dropped),
        time_zone=zone,
        unused_columns=tuple(name for name in table.columns if name not in mapping.values()),
        assumptions=tuple(said),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _whole_days(cells: pl.Series, ends: pl.Series, said: list[str]) -> pl.Series:
    """Let an end without an hour be the end of that day: the first moment that is no longer part of it."""
    day = (~cells.str.contains(r"\d:\d\d|^\d{5,}") | cells.str.contains(r"[ T]00:00(:00)?$")) & ends.is_not_null()
    if not day.fill_null(value=False).any():
        return ends
    said.append(Message("an end without an hour includes the whole day"))
    return pl.select(pl.when(day).then(ends + pl.duration(days=1)).otherwise(ends).alias("end")).to_series()


def _without_both(frame: pl.DataFrame, warnings: list[str]) -> pl.DataFrame:
    """Leave out signs that stand on both sides of an operation."""
    if "counter_signs" not in frame.columns:
        return frame
    both = frame.select(pl.col("signs").list.set_intersection("counter_signs")).to_series()
    lines = frame["row"].filter(both.list.len() > 0)
    if not len(lines):
        return frame
    warnings.append(
        Message.counting(
            "{n:count} operation has a sign on both sides, which says nothing and is left out (line {line})",
            "{n:count} operations have a sign on both sides, which says nothing and is left out (first in line {line})",
            len(lines),
            line=str(lines.min()),
        )
    )
    lists = pl.List(pl.String)
    return frame.with_columns(
        pl.Series(
            name,
            [[sign for sign in signs if sign not in out] for signs, out in zip(frame[name], both, strict=True)],
            dtype=lists,
        )
        for name in ("signs", "counter_signs")
    )


def _signs(cell: str | None) -> list[str]:
    """Return the hashtags and links of one cell."""
    if not cell:
        return []
    links = re.findall(r"\S+://[^\s;,|]+", cell)
    rest = re.sub(r"\S+://[^\s;,|]+", " ", cell)
    return sorted({*links, *split_hashtags(rest)})


def _outcomes(frame: pl.DataFrame, file: str) -> list[str | None]:
    found: list[str | None] = []
    for row, cell in frame.select("row", "outcome").iter_rows():
        text = fold(cell) if cell and cell.strip() else ""
        outcome = next((name for name, called in _OUTCOMES.items() if text in called), None)
        if text and outcome is None:
            raise ImportFileError(
                file, f"unknown outcome in line {row}", found=str(cell)[:40], remedy=f"use {' or '.join(OUTCOMES)}, or leave it empty"
            )  # fmt: skip
        found.append(outcome)
    return found


def _check(frame: pl.DataFrame, file: str) -> None:
    twice = frame.filter(pl.col("operation").is_duplicated())["operation"]
    if len(twice):
        raise ImportFileError(
            file, "an operation stands twice", found=str(twice[0])[:40], remedy="give every operation a name of its own"
        )
    bare = frame.filter(pl.col("signs").list.len() == 0)
    if bare.height:
        raise ImportFileError(
            file, f"no hashtag or link in line {bare['row'][0]}", remedy="write the hashtags of those who join"
        )
    if "end" in frame.columns:
        odd = frame.filter(pl.col("end") <= pl.col("start"))
        if odd.height:
            raise ImportFileError(
                file, f"the end is before the start in line {odd['row'][0]}", remedy="check the times"
            )
