"""Catalogues: every sentence can be translated, and every translation fits its sentence."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from gettext import c2py
from pathlib import Path

import polars as pl
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from netact.language import LANGUAGES, RIGHT_TO_LEFT, speaking, told
from netact.language import Message as Sentence
from netact.measures import MEASURES, measure_function
from netact.network import Network
from netact.synthetic import karate

ROOT = Path(__file__).parents[2]
CODE = ("netact", "dashboards/netact_dashboards")
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
# As in `make messages`.
KEYWORDS = {"_": None, "_n": (1, 2), "_p": ((1, "c"), 2), "Message": None, "counting": (1, 2)}
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
# Where texts are put together that were taken from the catalogues before.
RENDERERS = ("netact/language.py", "netact/report/store.py")

Key = tuple[str | tuple[str, ...], str | None]


def key(message: Message) -> Key:
    identity = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    return identity, message.context


@cache
def said() -> frozenset[Key]:
    """Return what the code says."""
    catalogue = Catalog()
    for folder in CODE:
        for _, _, found, _, context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS):
            catalogue.add(found, context=context)
    return frozenset(key(message) for message in catalogue if message.id)


@cache
def catalogue(code: str) -> Catalog:
    with (ROOT / "netact" / "locales" / f"{code}.po").open("rb") as stream:
        return read_po(stream, locale=code, abort_invalid=True)


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def forms(message: Message) -> list[tuple[tuple[str, ...], str]]:
    """Return the filled forms of a translation, each beside the English texts it may stand for."""
    english = tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)
    own = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return [(english, form) for form in own if form]


def places(template: str) -> frozenset[tuple[str, str]]:
    return frozenset((name, spec or "") for _, name, spec, _ in string.Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_is_in_step_with_the_code(code: str) -> None:
    held = {key(message) for message in messages(code)}
    missing, left = said() - held, held - said()
    assert not missing, f"{len(missing)} not in {code}.po, such as {sorted(map(str, missing))[:3]}: run `make messages`"
    assert not left, f"{len(left)} no longer said, such as {sorted(map(str, left))[:3]}: run `make messages`"


def test_no_sentence_is_said_both_with_and_without_a_plural() -> None:
    """A catalogue holds one entry for both, and the one without a number would be said of a single thing."""
    singulars = {
        (found[0], context)
        for folder in CODE
        for _, _, found, _, context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        if isinstance(found, tuple | list)
    }
    alone = {
        (found, context)
        for folder in CODE
        for _, _, found, _, context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        if isinstance(found, str)
    }
    assert not singulars & alone


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_is_translated(code: str) -> None:
    def whole(message: Message) -> bool:
        own = message.string if isinstance(message.string, list | tuple) else (message.string,)
        return bool(own) and all(own) and not message.fuzzy

    gaps = [message.id for message in messages(code) if not whole(message)]
    assert not gaps, f"{len(gaps)} not translated in {code}.po, such as {gaps[:3]}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_fill_the_same_places(code: str) -> None:
    wrong = []
    for message in messages(code):
        for english, form in forms(message):
            asked = [places(text) for text in english]
            # The form for one, two or none may say the number in a word.
            without_number = [frozenset(place for place in wanted if place[0] != "n") for wanted in asked]
            allowed = asked + (without_number if len(english) > 1 else [])
            if places(form) not in allowed:
                wrong.append((english[0], form))
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_form_can_be_said(code: str) -> None:
    """A form may leave the number out only if it is said of a single number (two, in Arabic)."""
    form_of = c2py(catalogue(code).plural_expr)
    used = [form_of(number) for number in range(1000)]
    wrong = []
    for message in messages(code):
        if not message.pluralizable:
            continue
        assert len(message.string) == catalogue(code).num_plurals, message.id
        for at, form in enumerate(message.string):
            counted = any(name == "n" for name, _ in places(message.id[-1]))
            if form and counted and used.count(at) > 1 and all(name != "n" for name, _ in places(form)):
                wrong.append((message.id[-1], form))
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_are_plain_text(code: str) -> None:
    wrong = []
    for message in messages(code):
        for english, form in forms(message):
            ends = {(text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]) for text in english}
            # Marks of direction belong around names and are put there by code; embeddings would stay open.
            # Hover texts break lines where the English does.
            breaks = {text.count("<br>") for text in english}
            if (
                re.search(r"</?[a-zA-Z]|&\w+;|[\u202a-\u202e\u2066-\u2069]", form.replace("<br>", ""))
                or form.count("<br>") not in breaks
                or (form[: len(form) - len(form.lstrip())], form[len(form.rstrip()) :]) not in ends
                or ("\n" in form) != any("\n" in text for text in english)
            ):
                wrong.append(form)
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_header_names_the_language_and_no_one(code: str) -> None:
    head = (ROOT / "netact" / "locales" / f"{code}.po").read_text(encoding="utf-8").split("\n\n")[0]
    assert "Project-Id-Version: netact" in head
    assert f"Language: {code}\\n" in head
    assert "@" not in head
    assert catalogue(code).num_plurals == (6 if code in RIGHT_TO_LEFT else 2)
    assert not list(catalogue(code).obsolete)


# ---------------------------------------------------------------------- what the code says


def calls(path: Path) -> list[tuple[int, list[ast.expr], list[ast.keyword]]]:
    """Return line, templates and values of every sentence of a file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        taken = {"_": 1, "Message": 1, "_n": 2, "counting": 2, "_p": 2}.get(name)
        if taken:
            templates = node.args[1:2] if name == "_p" else node.args[:taken]
            number = [ast.keyword("n", ast.Constant(0))] if name in ("_n", "counting") else []
            found.append((node.lineno, templates, [*node.keywords, *number]))
    return found


def files() -> list[Path]:
    return [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize(
    "path",
    [path for path in files() if path.relative_to(ROOT).as_posix() not in RENDERERS],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_sentences_are_written_out_and_their_places_filled(path: Path) -> None:
    for line, templates, values in calls(path):
        for template in templates:
            assert isinstance(template, ast.Constant), f"{path.name}:{line}: not a text but an expression"
            assert isinstance(template.value, str), f"{path.name}:{line}: not a text"
            assert template.value.strip(), f"{path.name}:{line}: an empty text"
        given = {item.arg for item in values}
        asked = {name for template in templates for name, _ in places(template.value)}
        assert asked <= given or None in given, f"{path.name}:{line}: nothing for {sorted(asked - given)}"
        unused = given - asked - {None, "n"}
        assert not unused, f"{path.name}:{line}: {sorted(unused)} has no place"


def test_every_sentence_is_found_by_the_extraction() -> None:
    """Sentences that the extraction cannot see would stay English for ever."""
    known = {text for identity, _ in said() for text in (identity if isinstance(identity, tuple) else (identity,))}
    unseen = [
        f"{path.name}:{line}: {ast.unparse(template)}"
        for path in files()
        if path.relative_to(ROOT).as_posix() not in RENDERERS
        for line, templates, _ in calls(path)
        for template in templates
        if isinstance(template, ast.Constant) and template.value not in known
    ]
    assert not unseen, f"write these outside of f-strings: {unseen}"


# ---------------------------------------------------------------------- what measures say

READ_BY_PEOPLE = ("reason", "evidence", "warnings", "missing", "unit", "null_model", "interval_method", "name")


def texts(value: object, where: str = "") -> list[tuple[str, str]]:
    """Return the texts of a result that people read, each with its place."""
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in texts(item, f"{where}[{key}]")]
    if isinstance(value, tuple | list):
        return [pair for item in value for pair in texts(item, where)]
    if is_dataclass(value):
        return [pair for item in fields(value) for pair in texts(getattr(value, item.name), f"{where}.{item.name}")]
    read = isinstance(value, str) and where.split("[")[0].rsplit(".", 1)[-1] in READ_BY_PEOPLE
    # The unit of a result, unlike that of an estimate, is an id.
    # A result that is as it should be may have nothing to explain.
    empty = where.endswith("reason") and isinstance(value, str) and not value
    return [(where, value)] if read and where != ".unit" and not empty else []


def pair_of_camps(*, timed: bool) -> Network:
    rows = [(f"a{i}", f"a{(i * 7 + j) % 8}") for i in range(40) for j in range(3)]
    rows += [(f"b{i}", f"b{(i * 5 + j) % 8}") for i in range(40) for j in range(4)] + [("a1", "b1"), ("b2", "a2")]
    ties = pl.DataFrame(rows, schema=["source", "target"], orient="row").filter(pl.col("source") != pl.col("target"))
    rights = [("Ann", "a1", "Owner"), ("Ann", "b1", "Editor"), ("Bo", "b1", None), ("Cy", "a2", "jester")]
    if timed:
        hours = pl.datetime_range(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), "1h", eager=True)
        ties = ties.with_columns(time=hours.head(ties.height), weight=1.5)
    people = pl.DataFrame(rights, schema=["person", "account", "role"], orient="row")
    return Network.from_tables(ties, kind="retweet", admin_rights=people if timed else None)


NETWORKS = {
    "camps": lambda: pair_of_camps(timed=True),
    "camps without times and rights": lambda: pair_of_camps(timed=False),
    "karate": karate,
    "one tie": lambda: Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}), kind="reply"),
    "no tie": lambda: Network.from_tables(pl.DataFrame({"source": ["a"], "target": ["b"]}).head(0), kind="reply"),
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("network", NETWORKS)
def test_measures_say_everything_in_messages(name: str, network: str) -> None:
    few = {"leading_core": {"draws": 5, "replicates": 3, "power_runs": 1}, "super_users": {"draws": 5}}
    few |= {"dynamics": {"draws": 5, "group_draws": 0}, "symbols": {"draws": 5, "label_draws": 19}}
    few |= {"coordination": {"draws": 5}, "legitimation": {"draws": 5, "replicates": 10}}
    few |= {"hierarchy": {"draws": 5, "replicates": 20}, "factions": {"draws": 5, "runs": 5}}
    result = measure_function(name)(NETWORKS[network](), seed=1, **few[name])
    found = texts(result)
    assert found
    for where, text in found:
        assert isinstance(text, Sentence), f"{where}: {text!r} cannot be translated"
        assert text.strip(), where
        with speaking("ar"):
            assert told(text)
