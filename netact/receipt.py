"""The import receipt: what was read, what was kept, and why every other row was dropped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from netact.language import told
from netact.representation import Listing, Sheet, line, number, page


@dataclass(frozen=True)
class Dropped:
    """Rows left out for one reason."""

    reason: str
    rows: int
    first_lines: tuple[int, ...] = ()  # 1-based line numbers in the file, at most five, each once

    def __post_init__(self) -> None:
        """Name a line once, though it may hold several of these rows."""
        object.__setattr__(self, "first_lines", tuple(dict.fromkeys(self.first_lines)))


@dataclass(frozen=True)
class Counted:
    """How many records of an export were what."""

    what: str  # in the plural
    number: int


@dataclass(frozen=True)
class Filtered:
    """What one filter of a study left out of the network that was read; no row is counted by two filters.

    Attributes
    ----------
    filter
        Its name in the study file.
    reason
        Why, in words.
    rows
        Table -> rows left out: ``interactions`` (ties without direction once), ``shares``, ``posts``, ``hashtags``,
        ``unresolved``, ``admin_rights``, ``accounts``; tables of which nothing was left out are not named.
    """

    filter: str
    reason: str
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceReceipt:
    """The receipt of one file.

    ``rows_read = rows_kept + sum of dropped rows`` always holds. An undirected file keeps one row a tie, although
    the network holds it in both directions. Of an export of posts a row is an interaction or a record that could not be
    used, since one post may hold several interactions or none; ``records`` counts the posts themselves.
    """

    file: str  # the name without its folder
    role: str = "interactions"  # interactions | accounts | admins | people
    sha256: str = ""
    format: str = ""
    evidence: tuple[str, ...] = ()  # why this format was chosen
    encoding: str | None = None
    dialect: dict[str, str] = field(default_factory=dict)  # delimiter, quote, header, comment, skipped lines
    mapping: dict[str, str] = field(default_factory=dict)  # role -> column
    fields: dict[str, str] = field(default_factory=dict)  # role -> fields of the records, for an export of posts
    direction: str = ""  # in words: who gives attention to whom
    examples: tuple[str, ...] = ()  # "@a retweeted @b", at most three
    rows_read: int = 0
    rows_kept: int = 0
    dropped: tuple[Dropped, ...] = ()
    duplicates: int = 0
    self_ties: int = 0
    damaged_ids: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # kind -> rows kept
    unresolved: dict[str, int] = field(
        default_factory=dict
    )  # kind -> rows whose target no file tells; among the dropped
    records: tuple[Counted, ...] = ()  # what the records of an export of posts were
    first_time: str | None = None
    last_time: str | None = None
    time_zone: str | None = None  # how times without a zone were read
    unused_columns: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()  # decided by default, and how to decide otherwise
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Receipt:
    """The receipts of all files of a network, and what joining them changed."""

    sources: tuple[SourceReceipt, ...] = ()
    duplicates_across_files: int = 0
    resolved_across_files: int = 0  # rows whose target another file told
    warnings: tuple[str, ...] = ()
    bundle: str = ""  # the file of netact's own that the network was read from
    filtered: tuple[Filtered, ...] = ()  # what the filters of the study left out afterwards

    @property
    def rows_read(self) -> int:
        """Rows read over all files."""
        return sum(source.rows_read for source in self.sources)

    @property
    def rows_kept(self) -> int:
        """Rows kept over all files."""
        return sum(source.rows_kept for source in self.sources)

    def grids(self) -> tuple[Listing, ...]:
        """Return the tables a receipt shows of itself: files, and the rows left out; no example that names an account."""
        files = tuple(
            (
                source.file,
                source.role,
                source.format,
                number(source.rows_read),
                number(source.rows_kept),
                source.direction,
            )
            for source in self.sources
        )
        dropped = tuple(
            (source.file, told(out.reason), number(out.rows)) for source in self.sources for out in source.dropped
        )
        return (
            Listing("Files read", ("file", "role", "format", "rows read", "rows kept", "direction"), files),
            Listing("Rows left out", ("file", "why", "rows"), dropped),
        )

    def __repr__(self) -> str:
        return line(self._sheet())

    def _repr_html_(self) -> str:
        return page(self._sheet())

    def _sheet(self) -> Sheet:
        facts = (
            ("files", number(len(self.sources))),
            ("rows read", number(self.rows_read)),
            ("rows kept", number(self.rows_kept)),
        )
        assumed = (told(text) for source in self.sources for text in (*source.assumptions, *source.warnings))
        warnings = (*map(told, self.warnings), *assumed)
        return Sheet("Receipt", "", facts, self.grids(), (), tuple(dict.fromkeys(warnings)))

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt as plain JSON values."""
        return {
            "rows": {"read": self.rows_read, "kept": self.rows_kept, "dropped": self.rows_read - self.rows_kept},
            "duplicates_across_files": self.duplicates_across_files,
            "resolved_across_files": self.resolved_across_files,
            "warnings": list(self.warnings),
            "bundle": self.bundle,
            "filtered": [asdict(item) for item in self.filtered],
            "sources": [source.to_dict() for source in self.sources],
        }
