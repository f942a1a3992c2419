"""Write a validation to its folder, and as a page of the documentation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from netact.errors import ReportError
from netact.validation.page import drawings, markdown, render
from netact.validation.run import RUNS

PAGE, CONTENT = "validation.html", "validation.json"
_TABLES = ("rates.csv", "p_values.csv", "outcomes.csv")
_OURS = {RUNS, PAGE, CONTENT, *_TABLES}


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier validation.

    Raises
    ------
    ReportError
        If it does.
    """
    if folder.exists() and not folder.is_dir():
        raise ReportError(str(folder), "is not a folder", remedy="choose another folder with -o")
    if folder.is_dir() and {item.name.removesuffix(".part") for item in folder.iterdir()} - _OURS:
        raise ReportError(
            str(folder), "holds files that are not a validation", remedy="choose a new or empty folder with -o"
        )


def write(content: Mapping[str, Any], folder: Path) -> Path:
    """Write page, content and tables, each whole or not at all; return the page.

    Raises
    ------
    ReportError
        If the folder holds other files or cannot be written.
    """
    check_folder(folder)
    texts = {CONTENT: _json(content), PAGE: render(content)}
    texts |= {name: table.write_csv() for name, table in tables(content).items()}
    _put(folder, texts)
    return folder / PAGE


def document(content: Mapping[str, Any], path: Path) -> None:
    """Write the content as a Markdown page, its figures and numbers in a folder of its name beside it.

    Figures that only the page before showed are deleted.

    Raises
    ------
    ReportError
        If they cannot be written.
    """
    beside = path.with_suffix("")
    figures = {drawing.name: drawing.svg for drawing in drawings(content)}
    earlier = _figures_of(path, beside.name)
    _put(beside, {CONTENT: _json(content), **figures})
    _put(path.parent, {path.name: markdown(content, figures=beside.name)})
    _remove([beside / name for name in earlier - set(figures)])


def _figures_of(page: Path, figures: str) -> set[str]:
    """Return the names of the figures beside a page that it shows; none if there is no page yet."""
    try:
        text = page.read_text(encoding="utf-8") if page.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(
            str(page), "exists and is no page of a validation", remedy="choose another file with --document"
        ) from error
    return set(re.findall(rf"\]\({re.escape(figures)}/(\w+\.svg)\)", text))


def tables(content: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """Return rates, p-values and outcomes as tables."""
    shared = ("count", "runs", "rate", "low", "high")
    rates = [
        {
            "benchmark": item["name"],
            "question": item["question"],
            "title": item["title"],
            "rate_name": rate["name"],
            "what": rate["what"],
            **{key: rate[key] for key in shared},
            "bound": rate["target"] and rate["target"]["bound"],
            "target": rate["target"] and rate["target"]["rate"],
            "verdict": rate["verdict"],
        }
        for item in content["benchmarks"]
        for rate in item["rates"]
    ]
    p_values = [
        {
            **{key: item[key] for key in ("name", "question", "what", "null", "benchmark", *shared)},
            "bound": item["target"]["bound"],
            "verdict": item["verdict"],
        }
        for item in content["p_values"]
    ]
    outcomes = [
        {"benchmark": item["name"], "question": item["question"], "outcome": outcome, "runs": count}
        for item in content["benchmarks"]
        for outcome, count in item["outcomes"].items()
    ]
    made = (rates, p_values, outcomes)
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in zip(_TABLES, made, strict=True)}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _remove(files: Iterable[Path]) -> None:
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            str(error.filename), f"cannot be deleted: {error.strerror or error}", remedy="delete it by hand"
        ) from error


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            draft = folder / f"{name}.part"
            draft.write_text(text, encoding="utf-8")
            draft.replace(folder / name)
    except OSError as error:
        raise ReportError(
            str(folder), f"cannot be written: {error.strerror or error}", remedy="choose another folder"
        ) from error
