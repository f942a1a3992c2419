"""One account: its neighbours and its attention over time."""

from __future__ import annotations

import polars as pl
import pytest

from netact.figures.ego import ego_map, ego_over_time
from netact.figures.text import words_for

GROUPS = {0: "Group A", 1: "Group B"}
NAMES = {"me": "ada", "b": "bo"}


@pytest.fixture
def ties():
    return pl.DataFrame(
        {
            "account": ["b", "c", "d", "e"],
            "gave": [5.0, 3.0, 0.0, 0.0],
            "received": [0.0, 2.0, 4.0, 0.0],
            "faction": [0, 1, None, 0],
        }
    )


def _place(panel, said):
    for trace in panel.figure.data:
        for i, text in enumerate(trace.customdata if trace.customdata is not None else ()):
            if said in text:
                return trace.x[i], trace.y[i]
    raise AssertionError(said)


def test_givers_stand_left_receivers_right_and_both_above(ties, pure, literal):
    panel = pure(lambda: ego_map("me", ties, NAMES, GROUPS, attention=0.2))
    literal(panel)
    assert _place(panel, "gave it 5, received 0")[0] < 0
    assert _place(panel, "gave it 0, received 4")[0] > 0
    x, y = _place(panel, "gave it 3, received 2")
    assert x == 0
    assert y > 0
    assert panel.table["gave to it"].to_list() == ["5", "3", "0"]
    assert panel.table["received from it"].to_list() == ["0", "2", "4"]
    assert panel.table["account"].to_list() == ["bo", "an account", "an account"]
    assert panel.title == "2 accounts gave attention to \u2068@ada\u2069, which gave some to 2"


def test_the_thirty_strongest_are_drawn_and_the_rest_is_said():
    many = pl.DataFrame(
        {"account": [f"n{i:02d}" for i in range(40)], "gave": [float(i + 1) for i in range(40)], "received": [0.0] * 40}
    ).with_columns(faction=pl.lit(0))
    panel = ego_map("me", many, NAMES, GROUPS, attention=0.2)
    assert panel.table.height == 30
    assert panel.table["gave to it"].to_list()[-1] == "11"
    assert "40 in all" in panel.note


def test_without_direction_nothing_is_said_of_who_gave(ties):
    panel = ego_map("me", ties, NAMES, GROUPS, attention=0.2, directed=False)
    texts = [panel.title, panel.note, *panel.table.columns, *(a.text for a in panel.figure.layout.annotations)]
    assert not any("gave" in text or "received" in text for text in texts)
    assert panel.table["connections"].to_list() == ["5", "5", "4"]


def test_received_goes_up_and_given_goes_down(timeline, pure, literal):
    panel = pure(lambda: ego_over_time("a", timeline, words_for("retweet")))
    literal(panel)
    received, given = panel.figure.data
    assert list(received.y) == [4.0, 0.0, 0.0, 9.0]
    assert list(given.y) == [-1.0, 0.0, 0.0, 0.0]
    assert panel.table["given"].to_list() == ["1", "0", "0", "0"]
    assert panel.title == "Received 13 retweets, most in the window of 7 Mar 2024; gave 1"
    assert ego_over_time("b", timeline, words_for("retweet")).title == "Gave 2 retweets and received none"


def test_undirected_activity_is_one_row_of_bars(timeline):
    panel = ego_over_time("a", timeline, words_for("retweet", directed=False))
    assert len(panel.figure.data) == 1


def test_hostile_names_are_literal(ties, made, literal):
    for name in made.HOSTILE:
        literal(ego_map("me", ties, dict.fromkeys(("me", "b", "c"), name), {0: name, 1: name}, attention=0.2))


def test_nothing_to_show_gives_none(ties, timeline, no_time):
    assert ego_map("me", ties.tail(1), NAMES, GROUPS, attention=0.0) is None
    assert ego_over_time("nobody", timeline, words_for("retweet")) is None
    assert ego_over_time("a", no_time, words_for("retweet")) is None
