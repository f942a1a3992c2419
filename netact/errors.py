"""The errors netact raises on purpose: one line that says where, what is wrong, what was found and what to do."""

from __future__ import annotations


class NetactError(Exception):
    """A problem the user can mend. Its text is one line: ``where: what; found ...; remedy``.

    Parameters
    ----------
    where
        The file, column, measure or parameter the problem is in.
    what
        What is wrong with it.
    found
        What was met instead, if that helps.
    remedy
        What to do about it.
    """

    def __init__(self, where: str, what: str, *, found: object = None, remedy: str | None = None) -> None:
        self.where, self.what, self.found, self.remedy = where, what, found, remedy
        parts = [f"{where}: {what}"]
        if found is not None:
            parts.append(f"found {found}")
        if remedy is not None:
            parts.append(remedy)
        # What was found may hold bytes that are no text: the line has to be printable nevertheless.
        line = "; ".join(" ".join(part.split()) for part in parts)
        super().__init__(line.encode("utf-8", "replace").decode())


class ImportFileError(NetactError):
    """A file that cannot be read as what it is meant to be."""


class NoInteractionsError(ImportFileError):
    """A file that can be read and holds no interactions: beside others that do it may be passed over, and is named."""


class SchemaError(NetactError):
    """A table without the columns or types it must have."""


class MeasureError(NetactError):
    """A measure called with parameters it cannot use."""


class StudyError(NetactError):
    """A study file that does not describe a run."""


class ReportError(NetactError):
    """An output folder that cannot be written or read."""
