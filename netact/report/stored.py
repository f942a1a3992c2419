"""Read a report back from its folder, and keep in it what a reader adds: the names of groups."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from netact.errors import ReportError
from netact.figures.text import plain
from netact.language import revived
from netact.layout import Layout
from netact.report.claims import Claim
from netact.report.content import Content, Summary
from netact.report.multiverse import Multiverse
from netact.report.notebook import figure_of, panels_of, sheet_of
from netact.report.provenance import MANIFEST
from netact.report.store import restore, store
from netact.report.tables import without_names
from netact.representation import line, page
from netact.results import RESULTS, Factions, Robustness, Symbols
from netact.shutdown import ShutdownScenarios
from netact.study import load
from netact.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import plotly.graph_objects as go

    from netact.figures import Panel
    from netact.network import Network
    from netact.results import Result

DATA = "data"
GROUP_NAMES = "group_names.json"
_LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class StoredReport:
    """A report read from its folder.

    Attributes
    ----------
    content
        Everything that is said, drawn and looked up, with the groups named as the reader named them.
    folder
        Where it is.
    identity
        Twelve hexadecimal digits that stand for content of the network, parameters and version together: printed in
        every export, so that a quoted number can be traced.
    group_names
        Number of a group -> the name a reader gave it.
    """

    content: Content
    folder: Path
    identity: str
    group_names: Mapping[int, str]

    def __repr__(self) -> str:
        return line(sheet_of(self.content))

    def _repr_html_(self) -> str:
        return page(sheet_of(self.content))

    def figure(self, question: str, panel: str | None = None, *, dark: bool = False) -> go.Figure:
        """Return a figure that shows itself in a notebook, on paper of its own.

        Parameters
        ----------
        question
            One the study asked, or ``map``.
        panel
            Name of the figure, see :meth:`panels`; the main one if None.
        dark
            Whether the paper is dark.

        Raises
        ------
        StudyError
            If the study did not ask it, or it has no such figure.
        """
        return figure_of(self.content, question, panel=panel, dark=dark)

    def panels(self, question: str) -> tuple[Panel, ...]:
        """Return the figures of a question with their titles, notes and tables.

        Raises
        ------
        StudyError
            If the study did not ask it.
        """
        return panels_of(self.content, question)

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """The table of all accounts, most heard first; see :func:`netact.report.tables.account_table`."""
        return pl.read_parquet(self.folder / "accounts.parquet")

    @cached_property
    def rows(self) -> dict[str, int]:
        """Key -> row of :attr:`accounts`, for the accounts that may be named."""
        keys = self.accounts["key"]
        named = pl.DataFrame({"key": keys}).with_row_index("row").filter(pl.col("key").is_in(list(self.content.names)))
        return dict(named.select("key", "row").iter_rows())

    def neighbours(self, row: int) -> pl.DataFrame:
        """Return the accounts tied to one account by the attention kind.

        Returns
        -------
        polars.DataFrame
            ``row`` (of :attr:`accounts`), ``account`` (key), ``gave`` (weight it gave to this account), ``received``
            (weight it received from it), ``faction`` (null if not known); strongest first.
        """
        ties = pl.scan_parquet(self.folder / DATA / "ties.parquet")
        found = ties.filter((pl.col("source") == row) | (pl.col("target") == row)).collect()
        gave = found.filter(pl.col("target") == row).select(row="source", gave="weight")
        received = found.filter(pl.col("source") == row).select(row="target", received="weight")
        joined = gave.join(received, on="row", how="full", coalesce=True).with_columns(
            pl.col("gave", "received").fill_null(0.0)
        )
        joined = joined.filter(pl.col("row") != row).sort(
            -(pl.col("gave") + pl.col("received")), "row", maintain_order=True
        )
        known = self.accounts[joined["row"]]
        faction = (
            known["faction"] if "faction" in known.columns else pl.Series("faction", [None] * known.height, pl.Int64)
        )
        return joined.with_columns(known["key"].alias("account"), faction.alias("faction"))


def write_content(content: Content, folder: Path, network: Network, table: pl.DataFrame) -> None:
    """Write what a report holds to ``data/`` inside its folder.

    Parameters
    ----------
    content
        What the report holds.
    folder
        The folder of the report, where ``data/`` is made.
    network
        Whose ties are kept for looking up the neighbours of an account.
    table
        All accounts in the order of ``accounts.parquet``.
    """
    data = folder / DATA
    data.mkdir()
    store(content.summary, data, "summary")
    store(dict(content.robustness), data, "robustness")
    store(without_names(content.results, content.names), data, "results")
    store(content.layout, data, "layout")
    store(content.timeline, data, "timeline")
    if content.multiverse is not None:
        store(content.multiverse, data, "multiverse")
    store(content.shutdown, data, "shutdown")
    store(content.receipt, data, "receipt")
    store({claim.name: claim for claim in content.claims}, data, "claims")
    store({"left_out": content.left_out, "named": content.named}, data, "privacy")
    names = json.dumps(dict(content.names), ensure_ascii=False)
    (data / "names.json").write_text(names + "\n", encoding="utf-8")
    ties = network.ties() if network.has_direction() else network.undirected_ties()
    position = (
        pl.DataFrame({"key": network.accounts["key"]})
        .join(table.select("key").with_row_index("row"), on="key", how="left", maintain_order="left")["row"]
        .to_numpy()
    )
    source, target = position[ties.source].astype(np.uint32), position[ties.target].astype(np.uint32)
    # One number a tie puts them in order faster than two columns.
    order = np.argsort(source.astype(np.uint64) << np.uint64(32) | target)
    frame = pl.DataFrame({"source": source[order], "target": target[order], "weight": ties.weight[order]})
    frame.write_parquet(data / "ties.parquet")


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """Return the manifest of a report.

    Raises
    ------
    ReportError
        If the folder holds no report, or its manifest cannot be read.
    """
    folder = Path(folder)
    if not (folder / MANIFEST).is_file():
        raise ReportError(str(folder), "holds no report of netact", remedy="name a folder that `netact analyze` wrote")
    return _json(folder / MANIFEST)


def read(folder: str | Path) -> StoredReport:
    """Read a report from its folder.

    Raises
    ------
    ReportError
        If the folder holds no report, or one of a version that kept less.
    """
    folder = Path(folder)
    data = folder / DATA
    manifest = read_manifest(folder)
    if not data.is_dir():
        raise ReportError(
            str(folder),
            "the report has no data/ folder; it was made by an earlier version or copied in part",
            remedy="run its study again: netact study run study.toml -o FOLDER",
        )
    study = load(folder / "study.toml", kept=False)
    kinds = {name: kind for name, kind in RESULTS.items() if any(step.name == name for step in study.measures)}
    results = _results(data, kinds)
    given = (
        {int(number): str(name) for number, name in _json(data / GROUP_NAMES).items()}
        if (data / GROUP_NAMES).is_file()
        else {}
    )
    found = results.get("factions")
    if given and isinstance(found, Factions):
        results["factions"] = _renamed(found, given)
        signs = results.get("symbols")
        if isinstance(signs, Symbols):
            results["symbols"] = replace(signs, factions=_with_names(signs.factions, given))
    content = Content(
        study=study,
        summary=restore(Summary, data, "summary"),
        results=results,
        layout=restore(Layout, data, "layout"),
        timeline=restore(Timeline, data, "timeline"),
        shutdown=restore(ShutdownScenarios, data, "shutdown"),
        names=_json(data / "names.json"),
        receipt=revived(_json(data / "receipt.json")),
        claims=tuple(restore(Claim, data, "claims", part=name) for name in _json(data / "claims.json")),
        robustness=_robustness(data, results),
        multiverse=restore(Multiverse, data, "multiverse") if (data / "multiverse.json").is_file() else None,
        **(_json(data / "privacy.json") if (data / "privacy.json").is_file() else {}),
    )
    return StoredReport(content, folder, identity(manifest), given)


def identity(manifest: Mapping[str, Any]) -> str:
    """Return the twelve digits that stand for content, parameters and version of a run."""
    study = {key: value for key, value in manifest["study"].items() if key in ("seed", "measures", "robustness")}
    if manifest["study"].get("grid"):
        study["grid"] = manifest["study"]["grid"]
    told = [manifest["netact_version"], manifest["fingerprint"], study]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def name_group(folder: str | Path, faction: int, name: str) -> None:
    """Keep the name a reader gives to a group with the report; an empty name takes it back.

    Raises
    ------
    ReportError
        If the report has no such group or the folder cannot be written.
    """
    report = read(folder)
    found = report.content.factions
    if found is None or faction not in found.sizes["faction"].to_list() or faction < 0:
        raise ReportError(str(folder), f"there is no group number {faction}")
    names = dict(report.group_names)
    names.pop(faction, None)
    if name.strip():
        names[faction] = plain(name, limit=_LONGEST_NAME)
    values = {str(number): names[number] for number in sorted(names)}
    data = Path(folder) / DATA
    try:
        with tempfile.NamedTemporaryFile("w", dir=data, suffix=".part", delete=False, encoding="utf-8") as draft:
            json.dump(values, draft, ensure_ascii=False)
        os.replace(draft.name, data / GROUP_NAMES)  # noqa: PTH105
    except OSError as error:
        raise ReportError(str(folder), f"cannot be written: {error.strerror or error}") from error


def _results(data: Path, kinds: Mapping[str, type[Result]]) -> dict[str, Result]:
    stored = _json(data / "results.json")
    return {name: restore(kind, data, "results", part=name) for name, kind in kinds.items() if name in stored}


def _robustness(data: Path, asked: Iterable[str]) -> dict[str, Robustness]:
    """Return how far headlines could be off; reports of earlier versions do not say."""
    if not (data / "robustness.json").is_file():
        return {}
    stored = _json(data / "robustness.json")
    return {name: restore(Robustness, data, "robustness", part=name) for name in asked if name in stored}


def _renamed(found: Factions, given: Mapping[int, str]) -> Factions:
    return replace(found, sizes=_with_names(found.sizes, given))


def _with_names(table: pl.DataFrame, given: Mapping[int, str]) -> pl.DataFrame:
    return table.with_columns(
        name=pl.col("faction").replace_strict(given, default=pl.col("name"), return_dtype=pl.String)
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(
            str(path), "cannot be read", found=type(error).__name__, remedy="make the report again from its study file"
        ) from error
    if not isinstance(values, dict):
        raise ReportError(str(path), "does not hold what a report holds", found=type(values).__name__)
    return values
