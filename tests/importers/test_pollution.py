"""Damaged text tables: nothing is silently wrong, and what a person could read is read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pollution import Case, cases, outcome

CASES = list(cases())
GROUPS = list(dict.fromkeys(case.group for case in CASES))


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_silently_wrong(tmp_path: Path, group: str) -> None:
    own = [case for case in CASES if case.group == group]
    # Of large groups every third; benchmarks/messy_tables.py tries all.
    found = [(case, outcome(case, tmp_path)) for case in (own[::3] if len(own) > 30 else own)]
    wrong = [(case.name, seen.detail) for case, seen in found if seen.verdict == "silently wrong"]
    assert wrong == []
    unread = [
        (case.name, seen) for case, seen in found if case.readable and seen.verdict != "equal" and not case.told_by
    ]
    assert len(unread) <= 0.01 * len(found), unread


def test_there_are_cases_of_every_kind() -> None:
    assert len(CASES) > 400
    assert sum(case.readable for case in CASES) > 400
    assert min(Counter(case.group for case in CASES).values()) >= 4
    assert len({(case.group, case.name) for case in CASES}) == len(CASES)


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    case = CASES[0]
    other = [("someone_else", *case.rows[0][1:]), *case.rows[1:]]
    assert outcome(Case("x", "x", case.content, other), tmp_path).verdict == "silently wrong"  # type: ignore[arg-type]
    fewer = Case("x", "x", case.content, [*case.rows, case.rows[0]])
    assert outcome(fewer, tmp_path).verdict == "silently wrong"
