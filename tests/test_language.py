"""Sentences in four languages: numbers, plurals, templates with hostile values, and messages that are told later."""

from __future__ import annotations

import copy
import gettext
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from netact import language
from netact.language import (
    LANGUAGES,
    Message,
    _,
    _n,
    _p,
    catalogue,
    count,
    decimal,
    direction,
    listing,
    p_value,
    percent,
    sentences,
    speaking,
    spoken,
    told,
)

RLM, LRM, NBSP, NNBSP = "\u200f", "\u200e", "\u00a0", "\u202f"


TEXTS = {
    "Only {kind} ties count.": "Solo cuentan los vínculos de {kind}.",
    "retweet": "retuit",
    "{share:percent} of {n:count}": "de {n:count}, el {share:percent}",
    "It is so.": "Es así.",
    "{first}, {rest}": "{first} y {rest}",
    "undefined": "sin definir",
    "less than {limit} %": "menos del {limit} %",
}
PLURALS = {"{n:count} account": ("{n:count} cuenta", "{n:count} cuentas")}


class Spanish(gettext.NullTranslations):
    """A small catalogue, so that these tests do not wait for translators."""

    def gettext(self, message):
        return TEXTS.get(message, message)

    def pgettext(self, context, message):
        return TEXTS.get(message, message)

    def ngettext(self, msgid1, msgid2, n):
        one, many = PLURALS.get(msgid1, (msgid1, msgid2))
        return one if n == 1 else many


@pytest.fixture
def spanish(monkeypatch):
    real = language.catalogue
    monkeypatch.setattr(language, "catalogue", lambda code: Spanish() if code == "es" else real(code))
    with speaking("es"):
        yield


# ---------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("code", "whole", "fraction", "negative"),
    [
        ("en", "1,234,567", "0.50", "−2.25"),
        ("es", "1.234.567", "0,50", "−2,25"),
        ("fr", f"1{NNBSP}234{NNBSP}567", "0,50", "−2,25"),
        ("ar", "1,234,567", "0.50", f"{LRM}−2.25"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(code, whole, fraction, negative):
    with speaking(code):
        assert count(1_234_567) == whole
        assert decimal(0.5) == fraction
        assert decimal(-2.25) == negative
        assert decimal(-0.001) == ("0,00" if code in ("es", "fr") else "0.00")  # no negative zero
        assert count(0) == "0"
        assert all(digit not in count(1_234_567) for digit in "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_format_takes_every_number(code):
    with speaking(code):
        for spec in ("count", "percent", "decimal", "decimal3", "decimal1", "decimal0", "p"):
            for value in (0, 1, 0.5, 1e-9, 0.99999, np.float64(0.25), np.int64(3), None):
                assert _("{x:" + spec + "}", x=value).strip()


def test_decimals_show_the_digits_asked_for():
    assert [_("{x:decimal3}|{x:decimal}|{x:decimal1}|{x:decimal0}", x=0.12345)] == ["0.123|0.12|0.1|0"]
    assert _("{x:decimal}", x=None) == "undefined"


def test_shares_keep_their_meaning_at_the_ends():
    with speaking("es"):
        assert percent(0.034) == "3,4 %"
        assert percent(1.0) == "100 %"
        assert "0,1" in percent(0.0001)
        assert "99,9" in percent(0.99999)


@pytest.mark.parametrize("p", [0.001, 0.0105, 0.05, 0.34, 1.0])
def test_p_values_have_two_digits(p):
    assert p_value(p) == f"p = {p:.2g}"
    with speaking("fr"):
        assert p_value(p) == f"p = {p:.2g}".replace(".", ",")


# ---------------------------------------------------------------------- which language is spoken


def test_speaking_nests_and_ends_with_its_block():
    assert (spoken(), direction()) == ("en", "ltr")
    with speaking("ar"):
        assert (spoken(), direction()) == ("ar", "rtl")
        with speaking("fr"):
            assert (spoken(), direction()) == ("fr", "ltr")
        assert spoken() == "ar"
        with pytest.raises(ZeroDivisionError), speaking("es"):
            1 / 0  # noqa: B018
        assert spoken() == "ar"
    assert spoken() == "en"


@pytest.mark.parametrize("code", ["de", "", "EN", "../fr", "ar_EG"])
def test_an_unknown_language_speaks_english(code):
    with speaking("fr"), speaking(code):
        assert spoken() == "en"
        assert count(1000) == "1,000"


def test_threads_do_not_hear_one_another():
    meet = threading.Barrier(4, timeout=20)

    def speak(code):
        with speaking(code):
            meet.wait()  # all four speak at once
            said = [decimal(0.5), spoken()]
            meet.wait()
            return said

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(LANGUAGES, pool.map(speak, LANGUAGES), strict=True))
    assert answers == {"en": ["0.50", "en"], "ar": ["0.50", "ar"], "es": ["0,50", "es"], "fr": ["0,50", "fr"]}
    with speaking("fr"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(spoken).result() == "en"


# ---------------------------------------------------------------------- templates


def test_templates_may_order_their_places_anew(spanish):
    assert _("{share:percent} of {n:count}", share=0.4, n=1200) == "de 1.200, el 40 %"
    assert _p("a count", "{share:percent} of {n:count}", share=0.4, n=1200) == "de 1.200, el 40 %"
    assert _("{share:percent}", share=0.0001) == "menos del 0,1 %"
    assert _("{x:decimal}", x=None) == "sin definir"


def test_plurals_follow_the_number(spanish):
    assert [_n("{n:count} account", "{n:count} accounts", n) for n in (0, 1, 2, 3000)] == [
        "0 cuentas",
        "1 cuenta",
        "2 cuentas",
        "3.000 cuentas",
    ]
    with speaking("en"):
        assert [_n("{n:count} {what}", "{n:count} {what}s", n, what="tie") for n in (1, 0)] == ["1 tie", "0 ties"]


@pytest.mark.parametrize("hostile", ["{0}", "{n:count}", "{x.__class__}", "100 %s %(n)s", "}{", "{{", "%{y}", "", "\\"])
def test_what_is_put_in_is_never_read_as_a_template(hostile):
    assert _("to {name}", name=hostile) == f"to {hostile}"
    message = Message("to {name}", name=hostile)
    assert message == f"to {hostile}"
    assert told(Message("{inner}!", inner=message)) == f"to {hostile}!"
    assert told(listing([hostile, hostile, "c"])) == f"{hostile}, {hostile}, c"
    assert told(sentences(hostile, hostile)) == f"{hostile} {hostile}"


def test_braces_and_percent_signs_of_a_template_are_kept():
    assert _("95 % of {{all}}") == "95 % of {all}"
    assert _("95 % of {{all}} {n:count}", n=1) == "95 % of {all} 1"
    assert Message("{{}}") == "{}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_empty_text_stays_empty(code):
    # gettext answers the empty text with the header of the catalogue.
    with speaking(code):
        assert _("") == ""
        assert told("") == ""
        assert told(Message("")) == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_has_no_translation_is_said_in_english(code):
    with speaking(code):
        assert _("never said anywhere {n}", n=3) == "never said anywhere 3"
        assert _n("never {n:count} thing", "never {n:count} things", 1) == "never 1 thing"
        assert _n("never {n:count} thing", "never {n:count} things", 3) == "never 3 things"
        assert _p("nowhere", "never said") == "never said"


# ---------------------------------------------------------------------- messages


def test_a_message_is_its_english_sentence():
    with speaking("fr"):
        message = Message("{share:percent} of {n:count}", share=0.034, n=1200)
    assert message == "3.4 % of 1,200"
    assert isinstance(message, str)
    assert {message: 1}["3.4 % of 1,200"] == 1
    assert json.loads(json.dumps([message])) == ["3.4 % of 1,200"]
    assert type(str(message)) is str


def test_a_message_is_told_in_the_language_spoken(spanish):
    inner = Message("retweet")
    message = Message("Only {kind} ties count.", kind=inner)
    assert message == "Only retweet ties count."
    assert told(message) == "Solo cuentan los vínculos de retuit."
    assert _("{sentence}", sentence=message) == "Solo cuentan los vínculos de retuit."
    assert told("plain text") == "plain text"
    assert told(message.upper()) == "ONLY RETWEET TIES COUNT."  # no message any more
    assert told(sentences(Message("It is so."), "Really.", message)) == (
        "Es así. Really. Solo cuentan los vínculos de retuit."
    )
    assert told(listing([inner, "b", inner])) == "retuit y b y retuit"
    assert (listing([]), told(listing([inner])), told(sentences(inner))) == ("", "retuit", "retuit")


def test_a_message_of_a_number_keeps_its_plural(spanish):
    message = Message.counting("{n:count} account", "{n:count} accounts", 1000)
    one = Message.counting("{n:count} account", "{n:count} accounts", 1)
    assert (message, one) == ("1,000 accounts", "1 account")
    assert (told(message), told(one)) == ("1.000 cuentas", "1 cuenta")
    assert Message(message.template, **message.values) == message  # what is stored makes it again
    assert told(Message(one.template, **one.values)) == "1 cuenta"
    assert told(Message.counting("{n:count} of {all}", "{n:count} of {all}", 2, all=one)) == "2 of 1 cuenta"


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, *(lambda m, p=p: pickle.loads(pickle.dumps(m, p)) for p in (2, 5))],  # noqa: S301
)
def test_a_message_survives_copies_and_pickles(again, spanish):
    inner = Message.counting("{n:count} account", "{n:count} accounts", 2)
    message = Message("{share:percent} of {n:count}", share=0.4, n=3)
    nested = Message("{a} {template} {cls}", a=inner, template="{t}", cls="{c}")
    for original in (inner, message, nested, Message("")):
        made = again(original)
        assert type(made) is Message
        assert (made, made.template, made.values) == (original, original.template, original.values)
        assert told(made) == told(original)


def test_values_are_plain_enough_to_store():
    message = Message("{a:count} {b:decimal} {c}", a=np.int64(3), b=np.float64(0.5), c="x")
    assert [type(value) for value in message.values.values()] == [int, float, str]
    assert message == "3 0.50 x"
    assert json.loads(json.dumps(message.values)) == {"a": 3, "b": 0.5, "c": "x"}


def test_catalogues_are_read_once_and_english_has_none():
    assert type(catalogue("en")) is gettext.NullTranslations
    for code in ("ar", "es", "fr"):
        assert catalogue(code) is catalogue(code)
        assert catalogue(code).info()["language"] == code


def test_a_plural_with_a_missing_form_is_said_in_english(tmp_path, monkeypatch):
    folder = tmp_path / "locales"
    folder.mkdir()
    head = 'msgid ""\nmsgstr ""\n"Language: ar\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    half = 'msgid "{n:count} tie"\nmsgid_plural "{n:count} ties"\nmsgstr[0] "لا"\n' + "".join(
        f'msgstr[{form}] ""\n' for form in range(1, 6)
    )
    guess = '\n#, fuzzy\nmsgid "It is so."\nmsgstr "wrong"\n\nmsgid "plain"\nmsgstr "عادي"\n'
    (folder / "ar.po").write_text(head + half + guess, encoding="utf-8")
    monkeypatch.setattr(language.resources, "files", lambda _: tmp_path)
    catalogue.cache_clear()
    try:
        with speaking("ar"):
            assert [_n("{n:count} tie", "{n:count} ties", n) for n in (0, 1, 2)] == ["0 ties", "1 tie", "2 ties"]
            assert _("It is so.") == "It is so."  # a guess is no translation
            assert _("plain") == "عادي"
    finally:
        catalogue.cache_clear()
