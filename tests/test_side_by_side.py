"""Several pieces of work at once: the order of answers, how many at once, what goes wrong."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from netact import side_by_side as module
from netact.language import speaking, spoken
from netact.side_by_side import cores, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)


@pytest.mark.usefixtures("two_cores")
def test_answers_come_in_the_order_of_the_items_whichever_is_done_first() -> None:
    def work(number: int) -> int:
        time.sleep(0.002 * (number % 3))
        return 10 * number

    assert list(side_by_side(work, range(20))) == [10 * number for number in range(20)]


@pytest.mark.usefixtures("two_cores")
def test_two_are_worked_on_at_once_and_items_are_made_no_further_ahead() -> None:
    both = threading.Barrier(2, timeout=10)
    made: list[int] = []
    done = 0

    def items() -> Iterator[int]:
        for number in range(8):
            assert number - done <= 3
            made.append(number)
            yield number

    def work(number: int) -> int:
        both.wait()  # passed only by two at once
        return number

    for answer in side_by_side(work, items()):
        assert answer == done
        done += 1
    assert made == list(range(8))


def test_on_one_core_and_when_asked_for_nothing_runs_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(_: int) -> threading.Thread:
        return threading.current_thread()

    here = threading.current_thread()
    assert set(side_by_side(work, range(3), at_once=1)) == {here}
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda _: {5}, raising=False)
    assert cores() == 1
    assert set(side_by_side(work, range(3))) == {here}


def test_there_is_a_core_where_the_system_does_not_say_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(module.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(module.os, "cpu_count", lambda: None)
    assert cores() == 1


@pytest.mark.usefixtures("two_cores")
def test_an_error_reaches_the_caller_and_ends_the_work() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            raise ValueError("no")
        return number

    with pytest.raises(ValueError, match="no"):
        list(side_by_side(work, range(100)))
    assert len(begun) <= 4


@pytest.mark.usefixtures("two_cores")
def test_work_speaks_the_language_of_who_asked() -> None:
    with speaking("fr"):
        heard = list(side_by_side(lambda _: spoken(), range(3)))
    assert heard == ["fr"] * 3
