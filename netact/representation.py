"""How a value shows itself at a prompt and in a notebook: one line of text, or one small page of tables, for every class.

What is shown is a :class:`Sheet`. Results need none of their own: :func:`fields_line` and :func:`fields_page` read the
fields and the docstring of their class. Pages hold no scripts and no style sheet, take the colours of the page around them,
so that they can be read in light and dark, and escape every text. Notebooks are passed on with what they show, so the page
of a result names no account: texts are shown only where a class says what they may be.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from netact.language import count, decimal, direction, p_value, percent, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Texts of a result that name nobody.
_PLAIN_TEXTS = ("status", "outcome", "verdict", "kind", "unit", "tier", "step", "objects", "base", "effort", "question")
# Columns of texts that name nobody: kinds of rows, and the groups that netact itself named.
_PLAIN_COLUMNS = frozenset({"check", "evidence", "feature", "name", "relation", "rule", "scenario", "unit", "verdict"})
_COUNTED = ("accounts", "groups", "hashtags", "people", "pairs")
# Larger tables are named with their size only; of the smaller ones the first are shown, the others open on a click.
_ROWS, _COLUMNS, _SHOWN = 8, 9, 2

_BORDER = "1px solid rgba(128,128,128,0.35)"
_CELL = f"text-align:start;vertical-align:top;padding:0.2em 0.9em 0.2em 0;border-bottom:{_BORDER};white-space:normal"
_NUMBER = _CELL.replace("text-align:start", "text-align:end").replace("white-space:normal", "white-space:nowrap")


@dataclass(frozen=True)
class Listing:
    """A small table of texts: a caption, the names of the columns, and rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """What a value shows of itself.

    Attributes
    ----------
    title
        The name of its class, or what it is.
    sentence
        What it says, in one or two sentences.
    facts
        Names and short values; they are also what the one line of text holds.
    grids
        Tables that are shown.
    folded
        Tables that are shown when they are opened.
    notes
        Sentences at the end.
    """

    title: str
    sentence: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[Listing, ...] = ()
    folded: tuple[Listing, ...] = ()
    notes: tuple[str, ...] = ()


def line(sheet: Sheet) -> str:
    """Return a sheet as one line: its title and its facts.

    >>> line(Sheet("Network", facts=(("accounts", "1,500"), ("ties", "9"))))
    'Network(accounts: 1,500; ties: 9)'
    """
    return f"{sheet.title}({'; '.join(f'{name}: {value}' for name, value in sheet.facts)})"


def page(sheet: Sheet) -> str:
    """Return a sheet as HTML: escaped, without scripts, in the colours around it."""
    parts = [f'<div dir="{direction()}" style="max-width:60em;line-height:1.45;color:inherit">']
    parts.append(f'<div style="font-weight:600">{escape(sheet.title)}</div>')
    if sheet.sentence:
        parts.append(f'<p style="margin:0.3em 0;font-size:1.1em">{escape(sheet.sentence)}</p>')
    if sheet.facts:
        facts = " &middot; ".join(f"{escape(name)}: <b>{escape(value)}</b>" for name, value in sheet.facts)
        parts.append(f'<p style="margin:0.3em 0">{facts}</p>')
    parts += [_table(grid) for grid in sheet.grids if grid.rows]
    parts += [
        f'<details style="margin:0.4em 0"><summary style="cursor:pointer">{escape(grid.caption)}</summary>'
        f"{_table(grid, captioned=False)}</details>"
        for grid in sheet.folded
        if grid.rows
    ]
    if sheet.notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in sheet.notes)
        parts.append(f'<ul style="margin:0.4em 0;padding-inline-start:1.2em">{items}</ul>')
    return "".join((*parts, "</div>"))


def fields_line(value: Any) -> str:
    """Return a dataclass as one line: verdicts, counts and estimates, never a table and never an account."""
    return line(fields_sheet(value))


def fields_page(value: Any) -> str:
    """Return a dataclass as HTML: what it says, its estimates beside what chance gives, its small tables, what else it holds."""
    return page(fields_sheet(value))


def fields_sheet(value: Any) -> Sheet:
    """Return the sheet of a dataclass of numbers, estimates, parts and tables, made of its fields and its docstring."""
    told_of = attributes_of(type(value))
    facts: list[tuple[str, str]] = []
    estimates: list[tuple[str, Any]] = []
    grids: list[Listing] = []
    small: list[Listing] = []
    held: list[tuple[str, str, str]] = []
    for entry in fields(value):
        name, content = entry.name, getattr(value, entry.name)
        if content is None or name in ("reason", "warnings") or (name, content) == ("status", "ok"):
            continue
        if name in _PLAIN_TEXTS:
            facts += [(name, words(content))] if content else []
        elif isinstance(content, bool | int | float):
            facts.append((words(name), number(content)))
        elif _is_estimate(content):
            estimates.append((name, content))
        elif isinstance(content, dict) and content and all(map(_is_estimate, content.values())):
            estimates += content.items()
        elif isinstance(content, pl.DataFrame):
            held.append((name, size(content), told_of.get(name, "")))
            grid = _small(name, content)
            small += [grid] if grid else []
        elif is_dataclass(content) and (status := getattr(content, "status", None)):
            held.append((name, words(getattr(content, "verdict", status)), told_of.get(name, "")))
        elif is_dataclass(content):
            grids.append(_parts(name, [content]))
        elif isinstance(content, tuple) and content and all(map(is_dataclass, content)):
            facts.append((words(name), count(len(content))))
            grids.append(_parts(name, content))
    chance = _against_chance(estimates)
    return Sheet(
        type(value).__name__,
        told(getattr(value, "reason", "") or ""),
        tuple(facts),
        (chance, *grids, *small[:_SHOWN]),
        (*small[_SHOWN:], Listing("Tables and parts", ("attribute", "size", "what it holds"), tuple(held))),
        tuple(told(text) for text in getattr(value, "warnings", ())),
    )


def attributes_of(cls: type) -> dict[str, str]:
    """Return what the docstring of a class says of each attribute, in its section ``Attributes``.

    >>> attributes_of(Listing)
    {}
    >>> attributes_of(Sheet)["facts"]
    'Names and short values; they are also what the one line of text holds.'
    """
    _, _, section = (inspect.getdoc(cls) or "").partition("Attributes\n----------\n")
    found: dict[str, str] = {}
    for names, text in re.findall(r"^(\S.*)\n((?:[ ]{4}.*(?:\n|$)|\n)+)", section, flags=re.MULTILINE):
        said = " ".join(text.split()).replace("``", "")
        found.update({name.strip(): re.sub(r":[a-z]+:`~?([^`]+)`", r"\1", said) for name in names.split(",")})
    return found


def number(value: Any, *, unit: str = "") -> str:
    """Return a number as it is read: shares in percent, large numbers whole, others with two decimals.

    >>> number(0.25, unit="share of all attention"), number(1500), number(0.12345), number(True), number(None)
    ('25 %', '1,500', '0.12', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if unit.startswith("share"):
        return percent(value)
    if unit in _COUNTED and value == round(value):
        return count(value)
    return count(round(value)) if abs(value) >= 1000 else decimal(value)


def size(frame: pl.DataFrame) -> str:
    """Return the size of a table."""
    return f"{count(frame.height)} x {frame.width}"


def words(name: str) -> str:
    """Return the name of a field or a value as words.

    >>> words("share_of_attention")
    'share of attention'
    """
    return name.removeprefix("n_").replace("_", " ")


def _is_estimate(value: Any) -> bool:
    return hasattr(value, "null_interval") and hasattr(value, "p_value")


def _against_chance(estimates: Iterable[tuple[str, Any]]) -> Listing:
    """Return estimates with their ranges beside what chance gives."""

    def span(interval: tuple[float, float] | None, unit: str) -> str:
        return "" if interval is None else f"{number(interval[0], unit=unit)} to {number(interval[1], unit=unit)}"

    rows = []
    for name, estimate in estimates:
        unit = str(estimate.unit)
        value = number(estimate.value, unit=unit) if estimate.value is not None else told(estimate.reason or "") or "-"
        by_chance = span(estimate.null_interval, unit) or number(estimate.null_mean, unit=unit)
        chance = "" if estimate.p_value is None else p_value(estimate.p_value)
        rows.append((words(name), value, span(estimate.interval, unit), by_chance, chance, told(estimate.unit)))
    return Listing("Numbers beside chance", ("", "value", "95 % range", "by chance", "p-value", "counts"), tuple(rows))


def _parts(name: str, parts: Sequence[Any]) -> Listing:
    """Return parts of one class as a table of what they hold but names; of sets of accounts the size is shown."""
    columns = [
        entry.name
        for entry in fields(parts[0])
        if any(_shown(entry.name, getattr(part, entry.name)) for part in parts) or entry.name == "evidence"
    ]
    rows = tuple(
        tuple(
            count(len(found))
            if isinstance(found, tuple)
            else words(told(found))
            if isinstance(found, str)
            else "cannot say"
            if found is None and column == "met"
            else _cell(column, found)
            for column in columns
            for found in [getattr(part, column)]
        )
        for part in parts
    )
    return Listing(words(name), tuple(words(column) for column in columns), rows)


def _cell(column: str, value: Any) -> str:
    """Return a number as its column wants it: shares in percent, small p-values as such."""
    if value is not None and column.startswith(("p_", "q_")):
        return p_value(value).removeprefix("p = ").removeprefix("p ")
    return number(value, unit="share" if "share" in column else "")


def _shown(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return name in (*_PLAIN_TEXTS, "name")
    return isinstance(value, bool | int | float | tuple)


def _small(name: str, frame: pl.DataFrame) -> Listing | None:
    """Return a small table without lists of names; None if it is large, or its rows are named by accounts."""
    if not 0 < frame.height <= _ROWS:
        return None
    if any(kind == pl.String and column not in _PLAIN_COLUMNS for column, kind in frame.schema.items()):
        return None
    columns = [
        column for column, kind in frame.schema.items() if kind.is_numeric() or kind == pl.Boolean or kind == pl.String
    ][:_COLUMNS]
    if not columns:
        return None
    rows = tuple(
        tuple(
            words(found) if isinstance(found, str) else _cell(column, found)
            for column, found in zip(columns, row, strict=True)
        )
        for row in frame.select(columns).iter_rows()
    )
    return Listing(words(name), tuple(words(column) for column in columns), rows)


def _table(grid: Listing, *, captioned: bool = True) -> str:
    """Return a table whose numbers stand to the right."""
    numeric = [all(re.fullmatch(r"[-−]?[\d.,]+( ?%)?|", row[i]) for row in grid.rows) for i in range(len(grid.header))]
    styles = [_NUMBER if right else _CELL for right in numeric]
    head = "".join(
        f'<th scope="col" style="{style};font-weight:600">{escape(name)}</th>'
        for name, style in zip(grid.header, styles, strict=True)
    )
    body = "".join(
        f'<tr style="background:transparent">{cells}</tr>'
        for row in grid.rows
        for cells in [
            "".join(f'<td style="{style}">{escape(cell)}</td>' for cell, style in zip(row, styles, strict=True))
        ]
    )
    caption = (
        f'<caption style="text-align:start;font-style:italic">{escape(grid.caption)}</caption>' if captioned else ""
    )
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;margin:0.4em 0;color:inherit">'
        f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
