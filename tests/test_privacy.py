"""Who may be named, and pseudonyms."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netact.errors import StudyError
from netact.privacy import Privacy, checked_secret, new_secret, pseudonyms

SECRET = "0f" * 32


@given(st.lists(st.text(), unique=True, max_size=60), st.randoms())
def test_pseudonyms_tell_names_apart_whatever_their_order(names, random):
    made = dict(zip(names, pseudonyms(names, secret=SECRET, prefix="anon"), strict=True))
    assert len(set(made.values())) == len(names)
    mixed = random.sample(names, len(names))
    assert pseudonyms(mixed, secret=SECRET, prefix="anon") == [made[name] for name in mixed]
    assert all(value.startswith("anon-") for value in made.values())


@given(st.text(), st.sampled_from(["0f" * 32, "c3" * 32]))
def test_pseudonyms_begin_with_the_keyed_hash(name, secret):
    (made,) = pseudonyms([name], secret=secret, prefix="anon")
    digest = hmac.digest(bytes.fromhex(secret), f"anon\0{name}".encode(), "sha256").hex()
    assert made == f"anon-{digest[:8]}"


def test_another_secret_or_prefix_gives_others():
    first = pseudonyms(["a"], secret=SECRET, prefix="anon")[0]
    assert pseudonyms(["a"], secret="1f" * 32, prefix="anon")[0] != first
    assert pseudonyms(["a"], secret=SECRET, prefix="person")[0].split("-")[1] != first.split("-")[1]


def test_colliding_digits_are_lengthened_for_those_only(monkeypatch):
    import netact.privacy as module

    monkeypatch.setattr(module, "_DIGITS", 1)
    made = pseudonyms([f"name {n}" for n in range(12)], secret=SECRET, prefix="anon")
    assert len(set(made)) == 12
    assert {len(value) for value in made} == {len("anon-") + 1, len("anon-") + 64}


def test_secrets():
    first, second = new_secret(), new_secret()
    assert first != second
    assert checked_secret(f" {first}\n", where="key") == first
    for wrong in ("", "abc", first[:-1], first.upper() if first.upper() != first else "G" * 64):
        with pytest.raises(StudyError, match="does not hold a secret"):
            checked_secret(wrong, where="key")


@pytest.mark.parametrize(
    "values",
    [
        {"names": "some"},
        {"named_from": 0},
        {"named_from": True},
        {"named_from": 1.5},
        {"small_cells": -1},
        {"public": 3},
        {"names": "all", "public": "x.txt"},
        {"names": "all", "named_from": 10},
        {"pseudonyms": False},
    ],
)
def test_settings_are_checked(values):
    with pytest.raises(StudyError, match="privacy"):
        Privacy.from_dict(values)


@pytest.mark.parametrize(
    "privacy",
    [Privacy(), Privacy("all"), Privacy(public="a.txt", named_from=10, small_cells=0), Privacy(small_cells=9)],
)
def test_settings_survive_the_file(privacy):
    assert Privacy.from_dict(privacy.to_dict()) == privacy
