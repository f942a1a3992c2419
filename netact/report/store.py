"""Keep results on disk as they are: one JSON file for numbers and sentences, one Parquet file a table."""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import cattrs
import numpy as np
import polars as pl

from netact.errors import ReportError
from netact.language import Message, revived

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def store(value: Any, folder: Path, name: str) -> None:
    """Write a frozen dataclass (or a mapping of them) to ``<name>.json`` with its tables in files beside it."""
    plain = _plain(value, folder, name)
    (folder / f"{name}.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def restore(kind: type[T], folder: Path, name: str, *, part: str | None = None) -> T:
    """Read what :func:`store` wrote, or one ``part`` of a stored mapping.

    Raises
    ------
    ReportError
        If a file is missing or does not hold what this version expects.
    """
    try:
        values = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with _reading_from(folder):
            return _converter().structure(values if part is None else values[part], kind)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError, cattrs.BaseValidationError) as error:
        raise ReportError(
            str(folder),
            f"{name}.json or a table beside it cannot be read",
            found=type(error).__name__,
            remedy="make the report again from its study file",
        ) from error


def _plain(value: Any, folder: Path, path: str) -> Any:
    if isinstance(value, pl.DataFrame):
        value.write_parquet(folder / f"{path}.parquet")
        return {"table": f"{path}.parquet"}
    if isinstance(value, bytes):
        (folder / f"{path}.bin").write_bytes(value)
        return {"file": f"{path}.bin"}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name), folder, f"{path}.{item.name}") for item in fields(value)}
    if isinstance(value, Message):
        return {"message": value.template, "values": _plain(value.values, folder, path)}
    if isinstance(value, dict):
        return {str(key): _plain(item, folder, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, folder, f"{path}.{number}") for number, item in enumerate(value)]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _text(value: Any, _: Any) -> str:
    text = revived(value)
    if not isinstance(text, str):
        raise TypeError(text)
    return text


# The folder that is read from: making a converter takes longer than reading a result, so there is one for all folders.
_folder: ContextVar[Path] = ContextVar("folder")


@contextmanager
def _reading_from(folder: Path) -> Iterator[None]:
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(pl.DataFrame, lambda value, _: pl.read_parquet(_folder.get() / value["table"]))
    converter.register_structure_hook(bytes, lambda value, _: (_folder.get() / value["file"]).read_bytes())
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    return converter
