"""How much was read is said in the right word."""

from __future__ import annotations

import pytest

from netact.language import Message, speaking
from netact.report.content import counted_records, what_was_read

POSTS = [{"what": Message("posts"), "number": 1500}, {"what": Message("posts without a tie"), "number": 12}]


def receipt(read: int, kept: int, *records: list) -> dict:
    return {
        "rows": {"read": read, "kept": kept, "dropped": read - kept},
        "sources": [{"records": given} for given in records],
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (receipt(2000, 1990, POSTS), "2,000 ties were read, 1,990 were kept and 10 left out."),
        (receipt(2000, 2000, POSTS, POSTS), "2,000 ties were read and all were kept."),
        # A table beside the posts has rows.
        (receipt(2000, 1990, POSTS, []), "2,000 rows were read, 1,990 were kept and 10 left out."),
        (receipt(7, 7, []), "7 rows were read and all were kept."),
    ],
)
def test_ties_of_posts_and_rows_of_tables(given: dict, said: str) -> None:
    assert what_was_read(given) == said


def test_records_are_listed_in_every_language() -> None:
    assert counted_records(POSTS) == "posts: 1,500; posts without a tie: 12"
    for language in ("es", "fr", "ar"):
        with speaking(language):
            said = counted_records(POSTS)
        assert "posts" not in said
        assert "12" in said
