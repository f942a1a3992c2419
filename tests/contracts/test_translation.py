"""Translation: with every letter of every template changed, no English is left in findings, figures and tables."""

from __future__ import annotations

import gettext
import importlib.util
import re
import string
from pathlib import Path

import polars as pl
import pytest

from netact import language
from netact.figures import network_map, panels
from netact.figures.hierarchy import index_name
from netact.figures.text import group_name, listed, p_words, plain, quoted, safe, table, words_for
from netact.language import LANGUAGES, Message, speaking, told
from netact.layout import Layout
from netact.measures import MEASURES
from netact.report.findings import QUESTIONS, confidence_name, describe
from netact.report.methods import method
from netact.schemas import KINDS

_SPEC = importlib.util.spec_from_file_location("made_results", Path(__file__).parents[1] / "report" / "made_results.py")
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

# Names without Latin letters, so that every Latin letter that is left over is English.
KEYS = ("1783", "حراك", "Ада", "漢字", "★_7", "אבג")
NAMES = dict(zip([*"abcdef", *KEYS], KEYS * 2, strict=True))
# Months that the dates of a locale name.
MONTHS = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?: \d{4})?"
# Names of people, operations, events and a column, and hashtags, in results made by hand, which no language changes.
GIVEN = re.compile(r"\b(Ada|Bo|Cy|relay|P\d|followers count|Strange index|March|[b-n]|raid|ruling)\b|#\w+|&lt;")
CIRCLED = {
    **{ord(letter): 0x24D0 + at for at, letter in enumerate(string.ascii_lowercase)},
    **{ord(letter): 0x24B6 + at for at, letter in enumerate(string.ascii_uppercase)},
}
GROUP, STRAND = "Group".translate(CIRCLED), "Strand".translate(CIRCLED)


def changed(template: str) -> str:
    """Return a template with other letters; its places stay as they are."""
    return re.sub(r"[^{}]+(?=[{]|$)", lambda found: found[0].translate(CIRCLED), template)


class Circled(gettext.NullTranslations):
    def gettext(self, message):
        return changed(message)

    def ngettext(self, msgid1, msgid2, n):
        return changed(msgid1 if n == 1 else msgid2)

    def pgettext(self, context, message):
        return changed(message)


@pytest.fixture
def circled(monkeypatch):
    translations = Circled()
    monkeypatch.setattr(language, "catalogue", lambda _code: translations)


def left(text: str) -> str:
    """Return the Latin letters of a text that belong neither to a name nor to the markup of a figure."""
    text = re.sub("\u2068[^\u2069]*\u2069", "", text)
    text = re.sub(
        rf"(?:{GROUP}|{STRAND}) [A-Z]\b|<br>|<extra></extra>|%\{{[^}}]*\}}|--admins",
        "",
        re.sub(MONTHS, "", GIVEN.sub("", text)),
    )
    return "".join(re.findall(r"[A-Za-z]+", text))


def every_result():
    return [*made.every_result(names=KEYS), *made.every_branch()]


def told_by(finding):
    yield from (finding.headline, finding.comparison, finding.range, finding.not_said)
    yield from finding.caveats
    yield from finding.card
    for label, text in finding.answers:
        yield label
        yield text


def shown_by(panel):
    yield from (panel.title, panel.note)
    yield from panel.table.columns
    for row in panel.table.iter_rows():
        yield from (str(cell) for cell in row if cell is not None)
    plot = panel.figure.to_plotly_json()
    for trace in plot["data"]:
        yield from strings([trace.get(slot) for slot in ("name", "text", "customdata", "hovertemplate", "hovertext")])
    layout = plot["layout"]
    for axis in ("xaxis", "yaxis"):
        yield from strings([layout[axis].get("title", {}).get("text"), layout[axis].get("ticktext")])
    yield from (note["text"] for note in layout.get("annotations", []))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def test_the_check_sees_english():
    assert changed("of {n:count} accounts") == "ⓞⓕ {n:count} ⓐⓒⓒⓞⓤⓝⓣⓢ"
    assert left("ⓞⓕ 12 accounts") == "accounts"
    assert left("\u2068@ada\u2069: 12 %<br>%{customdata[0]}") == ""
    shown = panels(made.leading_core())[0]
    assert [text for text in shown_by(shown) if left(text)]


@pytest.mark.usefixtures("circled")
@pytest.mark.parametrize("directed", [True, False])
def test_no_english_is_left_in_findings(directed):
    for result in every_result():
        finding = describe(result, names=NAMES, directed=directed)
        for text in told_by(finding):
            assert not left(text), (type(result).__name__, text)


@pytest.mark.usefixtures("circled")
@pytest.mark.parametrize("directed", [True, False])
def test_no_english_is_left_in_figures(directed):
    for result in every_result() if directed else made.every_result(names=KEYS):
        for panel in panels(result, names=NAMES, directed=directed):
            for text in shown_by(panel):
                # Under many narrow columns a group is its letter alone.
                assert not left(text) or re.fullmatch("[A-Z]", text.strip("\u2068\u2069")), (panel.name, text)


@pytest.mark.usefixtures("circled")
@pytest.mark.parametrize("kind", [*KINDS, None])
def test_no_english_is_left_in_words_for_ties_and_the_map(kind):
    words = words_for(kind or "retweet", directed=kind is not None)
    texts = [value for value in vars(words).values() if isinstance(value, str)]
    texts += [words.counted(n) for n in (0, 1, 2)] + [words.top(n) for n in (1, 2, 5, 20)]
    texts += [words.gave_most(quoted("1"), quoted("2")), words.gave_to(quoted("12"))]
    accounts = pl.DataFrame(
        {
            "account": list("abcd"),
            "x": [0.0, 1.0, 0.5, 0.2],
            "y": [0.0, 0.5, 1.0, 0.9],
            "attention": [9.0, 4.0, 1.0, 0.0],
        }
    )
    ties = pl.DataFrame({"source": [0, 1], "target": [1, 2], "weight": [1.0, 1.0]})
    for total, ties_total in ((4, 2), (40, 2), (4, 20), (40, 20)):
        for results in ({}, {"factions": made.factions(), "leading_core": made.leading_core()}):
            layout = Layout(accounts=accounts, ties=ties, total=total, ties_total=ties_total)
            texts += shown_by(network_map(layout, results, dict(list(NAMES.items())[:3]), words))
    assert [text for text in texts if left(text)] == []


@pytest.mark.usefixtures("circled")
def test_no_english_is_left_in_questions_methods_and_small_texts():
    texts = [told(question) for question in QUESTIONS.values()]
    texts += [confidence_name(confidence) for confidence in ("high", "medium", "low", "cannot say")]
    for name in MEASURES:
        found = method(name)
        texts += [found.title, *found.paragraphs]
    texts += [p_words(p) for p in (1e-9, 0.005, 0.34, 0.999)]
    texts += [listed([]), listed(["1"]), listed(["1", "2"]), listed(["1", "2", "3"]), listed(["1", "2", "3"], most=2)]
    texts += [quoted("1783"), quoted("1783", beside_account=True), plain("\x00"), group_name("Smaller groups")]
    assert [text for text in texts if re.search("[A-Za-z]", text)] == []


@pytest.mark.usefixtures("circled")
def test_every_index_and_score_that_is_measured_has_a_name():
    for name in made.hierarchy().indices:
        assert not left(index_name(name)), name


def test_groups_keep_the_names_that_people_gave_them():
    assert group_name("Group A") == "Group A"
    with speaking("es"):
        assert group_name("The old guard") == "The old guard"
        assert group_name("Grouped A") == "Grouped A"


@pytest.mark.usefixtures("circled")
def test_names_of_groups_are_translated_where_they_are_shown():
    assert group_name("Group AB") == f"{GROUP} AB"
    assert group_name(Message("Group {letters}", letters="A")) == f"{GROUP} A"


def test_tables_keep_columns_that_read_the_same():
    assert table(("a", ["1"]), ("a", ["2"]), ("a", ["3"])).rows() == [("1", "2", "3")]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_every_result_with_names_kept_apart(code):
    names = dict(zip("abcdef", made.HOSTILE, strict=False))
    with speaking(code):
        for result in every_result():
            for text in told_by(describe(result, names=names)):
                assert text.count("\u2068") == text.count("\u2069")
                assert not re.search(r"[{}]", re.sub("\u2068[^\u2069]*\u2069", "", text)), text
                assert "\u202e" not in text


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_language_draws_every_result(code):
    with speaking(code):
        for result in (made.leading_core(), made.super_users(), made.hierarchy(), made.factions()):
            for panel in panels(result, names=NAMES):
                assert panel.title
                assert panel.figure.layout.separators == language.separators()


def test_numbers_in_figures_take_the_marks_of_the_language():
    with speaking("es"):
        shown = next(panel for panel in panels(made.hierarchy(), names=NAMES) if panel.name == "indices")
    assert shown.table.row(0)[1] == "12,0"
    assert shown.figure.layout.separators == ",."
    assert safe("x") == "\u2068x\u2069"
