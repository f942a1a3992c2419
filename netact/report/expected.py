"""What a study is expected to find: verdicts and numbers of a report, without names, to compare a rerun with.

``python -m netact.report.expected REPORT EXPECTED.json`` says whether a finished report found what is expected, and what
differs; with ``--write`` the file is written from the report.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netact.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netact.report.content import Content

# Digits that are compared: enough to tell any change, few enough not to tell processors apart.
_DIGITS = 9


def expected_of(content: Content) -> dict[str, Any]:
    """Return what was read and found, as plain values: sizes, verdicts, numbers and how sure; no name.

    Returns
    -------
    dict
        ``network`` (``accounts``, ``interactions``, ``ties``, ``people``) and ``findings``: question -> ``verdict`` (also the
        outcome of a search), ``status``, ``value``, ``unit``, ``interval``, ``p_value`` and ``confidence``. Numbers are rounded
        to nine significant digits.
    """
    summary = content.summary
    return {
        "network": {name: getattr(summary, name) for name in ("accounts", "interactions", "ties", "people")},
        "findings": {
            found.question: {
                "verdict": found.details.get("verdict", found.details.get("outcome")),
                "status": content.results[found.question].status,
                "value": _rounded(found.value),
                "unit": str(found.unit),
                "interval": None if found.interval is None else [_rounded(end) for end in found.interval],
                "p_value": _rounded(found.p_value),
                "confidence": found.confidence,
            }
            for found in content.findings
        },
    }


def differences(content: Content, expected: dict[str, Any]) -> list[str]:
    """Return what a report found otherwise than expected, one line each; nothing if all is as expected."""
    return _compared(expected, expected_of(content), "")


def _compared(expected: Any, found: Any, where: str) -> list[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        names = [*expected, *(name for name in found if name not in expected)]
        return [
            text
            for name in names
            for text in _compared(expected.get(name), found.get(name), f"{where}.{name}" if where else str(name))
        ]
    return [] if expected == found else [f"{where}: {found!r} instead of {expected!r}"]


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare a report with what is expected; see the module."""
    from netact.language import speaking
    from netact.report.stored import read

    parser = argparse.ArgumentParser(
        prog="python -m netact.report.expected", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("report", type=Path, help="the folder of a finished report")
    parser.add_argument("expected", type=Path, help="a file such as data/studies/movement.expected.json")
    parser.add_argument("--write", action="store_true", help="write the file from the report")
    given = parser.parse_args(arguments)
    with speaking("en"):
        content = read(given.report).content
        if given.write:
            text = json.dumps(expected_of(content), indent=2, ensure_ascii=False)
            given.expected.write_text(text + "\n", encoding="utf-8")
            return 0
        try:
            expected = json.loads(given.expected.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReportError(str(given.expected), "cannot be read as JSON", found=type(error).__name__) from error
        found = differences(content, expected)
    print("\n".join(found) or "As expected.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
