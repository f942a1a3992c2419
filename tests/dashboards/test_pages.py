"""Every page, for every kind of result: what it shows is what its files hold, in any language and look."""

from __future__ import annotations

import gettext
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import polars as pl
import pytest
from dash.development.base_component import Component

from netact import language
from netact.figures import panels as figures_of
from netact.language import LANGUAGES, speaking
from netact.layout import network_layout
from netact.measures import MEASURES
from netact.measures.super_users import super_users as measure_super_users
from netact.network import Network
from netact.report.content import Content, summary_of
from netact.report.run import names_to_print
from netact.report.stored import StoredReport
from netact.report.tables import account_table
from netact.results import RESULTS, CoreOutcome, FactionsVerdict, HierarchyVerdict
from netact.shutdown import shutdown_scenarios
from netact.study import Source, Study
from netact.timeline import timeline
from netact_dashboards.app import create_app
from netact_dashboards.components import checklist
from netact_dashboards.pages import PAGES, overview, super_users, symbols
from netact_dashboards.shelf import Shelf
from netact_dashboards.view import View

STEMS = ("overview", *MEASURES)
OWN = [page for page in PAGES if page.stem in STEMS]
MEMBERS = ("a", "b", "c", "d", "e", "f")


class Pseudo(gettext.NullTranslations):
    """A language in which every sentence is marked, so that what was not looked up is seen."""

    def gettext(self, message):
        return f"«{message}»"

    def ngettext(self, msgid1, msgid2, n):
        return f"«{msgid1 if n == 1 else msgid2}»"

    def pgettext(self, context, message):
        return f"«{message}»"


@pytest.fixture
def pseudo(monkeypatch):
    """Return the code of a language that marks every sentence."""
    monkeypatch.setitem(LANGUAGES, "qq", "Pseudo")
    monkeypatch.setattr(language, "_LOCALES", {**language._LOCALES, "qq": "en"})
    known = language.catalogue
    monkeypatch.setattr(language, "catalogue", lambda code: Pseudo() if code == "qq" else known(code))
    return "qq"


def ties(*, times=True):
    """Return interactions among six accounts and a crowd."""
    rows = [(one, other) for one in MEMBERS for other in MEMBERS if one != other]
    rows += [(f"crowd{i}", MEMBERS[i % 6]) for i in range(90)] + [(f"crowd{i}", MEMBERS[i % 3]) for i in range(90)]
    frame = pl.DataFrame(rows, schema=["source", "target"], orient="row")
    if not times:
        return frame
    start = datetime(2024, 3, 1, tzinfo=UTC)
    return frame.with_columns(time=pl.Series([start + timedelta(hours=7 * i) for i in range(len(rows))]))


RIGHTS = pl.DataFrame(
    {
        "person": ["Ada", "Ada", "Bo", "Cy"],
        "account": ["a", "b", "b", "c"],
        "role": ["owner", "admin", "editor", "admin"],
    }
)


def stored(network, results, folder):
    """Return a report of a network and results, as one read from its folder."""
    folder.mkdir(exist_ok=True)
    keys, factions = results.get("super_users"), results.get("factions")
    if network.admin_rights.height and keys is not None and keys.status == "ok":
        keys = measure_super_users(network, draws=1, seed=1)
    else:
        keys = None
    content = Content(
        study=Study.of([Source("ties.csv")], title="Made by hand"),
        summary=summary_of(network),
        results=results,
        layout=network_layout(network, seed=1),
        timeline=timeline(network, factions),
        shutdown=shutdown_scenarios(network, keys, factions, seed=1),
        names=names_to_print(network, results),
        receipt={"rows": {"read": 1, "kept": 1, "dropped": 0}, "sources": [], "warnings": []},
    )
    account_table(network, results).write_parquet(folder / "accounts.parquet")
    return StoredReport(content, folder, "0123456789ab", {})


@pytest.fixture(scope="module")
def reports(made, hostile_folder, tmp_path_factory):
    """Return reports by name: a real run with hostile names, and hand-made results at the edges."""
    from netact.report import read

    folder = tmp_path_factory.mktemp("reports")
    timed = Network.from_tables(ties(), admin_rights=RIGHTS)
    untimed = Network.from_tables(ties(times=False))
    loose = Network.from_tables(ties(times=False), directed=False)
    admins = Network.from_tables(admin_rights=RIGHTS)
    empty = made.super_users("not_testable")
    whole = {
        "leading_core": made.leading_core(names=MEMBERS),
        "super_users": made.super_users(),
        "hierarchy": made.hierarchy(names=MEMBERS[:4]),
        "factions": made.factions(names=MEMBERS[:3]),
    }
    drawn = [result for result in made.every_result() if figures_of(result)]
    whole |= {
        stem: next(result for result in drawn if isinstance(result, RESULTS[stem]))
        for stem in MEASURES
        if stem not in whole
    }
    nothing = {
        "leading_core": made.leading_core("insufficient_data", names=MEMBERS),
        "super_users": empty,
        "hierarchy": made.hierarchy("undetermined", status="undefined", names=MEMBERS[:4]),
        "factions": made.factions("undetermined", status="insufficient_data", names=MEMBERS[:3]),
        "symbols": made.symbols("cannot_say", status="insufficient_data"),
    }
    found = {
        "hostile": read(hostile_folder),
        "whole": stored(timed, whole, folder / "whole"),
        "undefined": stored(untimed, nothing, folder / "undefined"),
        "undirected": stored(loose, {**whole, "super_users": empty}, folder / "undirected"),
        "admins alone": stored(admins, {**nothing, "super_users": made.super_users()}, folder / "admins"),
        "one question": stored(timed, {"hierarchy": whole["hierarchy"]}, folder / "one"),
    }
    for number, outcome in enumerate(get_args(CoreOutcome)):
        results = {
            "leading_core": made.leading_core(outcome, names=MEMBERS),
            "hierarchy": made.hierarchy(get_args(HierarchyVerdict)[number % 4], names=MEMBERS[:4]),
            "factions": made.factions(get_args(FactionsVerdict)[number % 6], names=MEMBERS[:3]),
        }
        found[outcome] = stored(timed, results, folder / outcome)
    return found


def views(report, stem, *, dark=False, **query):
    """Return what a page is asked to show."""
    return View(Shelf({}), "made", report, stem, query, dark)


def everything(tree):
    """Return every component of a page and every text in it."""
    parts, found, texts = [tree], [], []
    while parts:
        part = parts.pop(0)
        if isinstance(part, Component):
            found.append(part)
            parts = [
                getattr(part, name) for name in ("children", "label") if getattr(part, name, None) is not None
            ] + parts
        elif isinstance(part, list | tuple):
            parts = [*part, *parts]
        elif isinstance(part, str):
            texts.append(part)
    return found, texts


def asked(report):
    """Return the pages a report has."""
    return [page for page in OWN if page.stem == "overview" or page.stem in report.content.results]


def test_every_question_has_a_page_that_shows_figures(reports):
    stems = [page.stem for page in PAGES]
    assert len(stems) == len(set(stems))
    assert set(MEASURES) < set(stems)
    for stem in STEMS:
        page = next(page for page in PAGES if page.stem == stem)
        assert any(page.panels(views(reports[name], stem)) for name in ("hostile", "whole")), stem


@pytest.mark.parametrize(("code", "dark"), [("en", False), ("qq", True)])
def test_pages_stand_for_every_kind_of_result_and_show_what_their_files_hold(reports, pseudo, code, dark):
    with speaking(code):
        # Outcomes differ in what they say, not in how it is painted: once for each is enough.
        plain = code == "en" and not dark
        for name, report in reports.items():
            for page in asked(report) if plain or name in ("hostile", "whole", "undefined") else ():
                view = views(report, page.stem, dark=dark)
                where = f"{name}: {page.stem}"
                parts, _texts = everything(page.layout(view))
                ids = [part.id for part in parts if getattr(part, "id", None)]
                assert len(ids) == len(set(ids)), where
                names = [panel.name for panel in page.panels(view)]
                assert len(names) == len(set(names)), where
                shown = [one.removeprefix("panel-") for one in ids if one.startswith("panel-")]
                assert shown == names, where
                headings = [type(part).__name__ for part in parts if type(part).__name__ in ("H1", "H2", "H3")]
                assert headings.count("H1") == 1, where


def test_every_figure_has_a_title_a_table_and_files_to_take_along(reports):
    shown = [(report, page) for report in (reports["hostile"], reports["whole"]) for page in asked(report)]
    for report, page in shown:
        view = views(report, page.stem)
        parts, _texts = everything(page.layout(view))
        for panel in page.panels(view):
            figure = next(part for part in parts if getattr(part, "id", "") == f"panel-{panel.name}")
            inside, texts = everything(figure)
            assert panel.table.height, panel.name
            given = json.loads(next(getattr(part, "data-table") for part in inside if hasattr(part, "data-table")))
            assert given["columns"] == panel.table.columns
            assert len(given["rows"]) == min(panel.table.height, 60)
            assert given["label"]
            labelled = next(part for part in inside if getattr(part, "role", None) in ("img", "group"))
            title = next(part for part in inside if type(part).__name__ == "H3")
            assert getattr(labelled, "aria-labelledby") == title.id
            links = [part.href for part in inside if type(part).__name__ == "A"]
            assert links == [f"/files/made/panels/{page.stem}/{panel.name}.csv"]
            assert {"PNG", "SVG", "CSV"} <= set(texts)


def test_what_pages_say_themselves_is_looked_up(reports, pseudo):
    with speaking(pseudo):
        for name in ("whole", "undefined", "one question"):
            for page in asked(reports[name]):
                parts, _texts = everything(page.layout(views(reports[name], page.stem)))
                for part in parts:
                    if type(part).__name__ in ("H2", "Label", "Summary", "Legend"):
                        text = "".join(everything(part)[1])
                        assert "«" in text, (name, page.stem, text)


@pytest.mark.parametrize("name", ["hostile", "whole", "undirected", "admins alone", "undefined", "one question"])
def test_callbacks_find_what_they_write_to(reports, name):
    app = create_app(Shelf({}))
    for page in asked(reports[name]):
        parts, _texts = everything(page.layout(views(reports[name], page.stem)))
        ids = {part.id for part in parts if getattr(part, "id", None)}
        for entry in app.callback_map.values():
            given = {one["id"] for one in entry["inputs"]}
            if not given & ids or "address" in given:
                continue
            outputs = entry["output"] if isinstance(entry["output"], list) else [entry["output"]]
            # A button that comes and goes wakes nothing while it is away; of any other callback all parts are there.
            wanted = {one.component_id for one in outputs if hasattr(one, "component_id")} | given
            frame = {"address", "announce", "look", "main", "menu", "document-title", "account-clear"}
            assert wanted - frame <= ids, (page.stem, wanted - ids)


# ---------------------------------------------------------------------- choices


def test_a_stretch_of_time_adds_up_what_was_received_in_it(reports):
    report = reports["whole"]
    windows = report.content.timeline.windows.height
    view = views(report, "overview", windows=f"0-{windows - 1}")
    received = overview._received(view)
    assert sum(received.values()) == ties().height
    first, rest = (overview._received(views(report, "overview", windows=w)) for w in ("0-3", f"4-{windows - 1}"))
    assert {a: first.get(a, 0) + rest.get(a, 0) for a in received} == received
    rows = overview._rows(view, received)
    whole = overview._rows(views(report, "overview"), None)
    assert [(row["name"], row["received"], row["share"]) for row in rows] == [
        (row["name"], row["received"], pytest.approx(row["share"])) for row in whole
    ]
    title = next(p.title for p in overview.panels(views(report, "overview", windows="0-3")) if p.name != "explorer")
    assert title != next(p.title for p in overview.panels(views(report, "overview")) if p.name != "explorer")


@pytest.mark.parametrize("windows", ["", "x", "3-1", "0-9999", "-1-2", "0--1", "0-1-2", "٣-٤"])
@pytest.mark.parametrize("account", ["", "-1", "99999999999", "1e3", "٣", "100000"])
def test_choices_that_are_none_show_everything(reports, windows, account):
    report = reports["whole"]
    view = views(report, "overview", windows=windows, account=account)
    assert overview._windows(view) is None
    assert overview._row(view) is None
    assert [p.title for p in overview.panels(view)] == [p.title for p in overview.panels(views(report, "overview"))]


def test_only_accounts_that_may_be_named_are_in_the_table_or_can_be_chosen(reports):
    report = reports["whole"]
    keys = report.accounts["key"].to_list()
    hidden = replace(
        report, content=replace(report.content, names={k: v for k, v in report.content.names.items() if k in MEMBERS})
    )
    rows = overview._rows(views(hidden, "overview"), None)
    assert {keys[int(row["id"])] for row in rows} == set(MEMBERS)
    crowd = next(i for i, key in enumerate(keys) if key not in MEMBERS)
    assert overview._row(views(hidden, "overview", account=str(crowd))) is None
    placed = hidden.content.layout.accounts["account"].to_list()
    view = views(hidden, "overview")
    for at, key in enumerate(placed):
        row = overview._clicked(view, {"points": [{"customdata": [at, "", ""]}]})
        assert row == (keys.index(key) if key in MEMBERS else None)
    for junk in (
        None,
        {},
        {"points": []},
        {"points": [{}]},
        {"points": [{"customdata": ["x"]}]},
        {"points": [{"customdata": [10**9]}]},
    ):
        assert overview._clicked(view, junk) is None
    _parts, texts = everything(overview.layout(view))
    assert not [text for text in texts if "crowd" in text]


@pytest.mark.parametrize(
    ("props", "brushed", "clicked", "first", "last", "chosen"),
    [
        (["time-clear.n_clicks"], None, None, 3, 4, None),
        (
            ["time-graph.selectedData"],
            {"points": [{"customdata": [4, ""]}, {"customdata": [2, ""]}]},
            None,
            None,
            None,
            [2, 4],
        ),
        (["time-graph.selectedData"], None, None, 1, 2, "same"),
        (["time-graph.selectedData"], {"points": []}, None, 1, 2, "same"),
        (["time-graph.clickData"], None, {"points": [{"customdata": [7, ""]}]}, None, None, [7, 7]),
        (["time-from.value"], None, None, 5, None, [5, 5]),
        (["time-to.value"], None, None, None, 6, [6, 6]),
        (["time-from.value"], None, None, 9, 6, [9, 9]),
        (["time-to.value"], None, None, 9, 6, [6, 6]),
        (["time-to.value"], None, None, 2, 6, [2, 6]),
        ([], None, None, None, None, "same"),
    ],
)
def test_time_is_chosen_by_brush_by_click_and_by_two_ends(props, brushed, clicked, first, last, chosen):
    assert overview._chosen_time(props, brushed, clicked, first, last) == chosen


def test_people_taken_out_change_what_is_said_and_drawn(reports):
    report = reports["whole"]
    said = {}
    for mask in range(8):
        for rule in super_users.RULES:
            view = views(report, "super_users", mask=str(mask), rule=rule)
            assert super_users._choice(view) == (mask, rule)
            said[mask, rule] = "".join(everything(super_users._said(view))[1])
            assert [p.name for p in super_users._chosen_panels(view)] == ["shutdown-losses", "shutdown-groups"]
    assert len({said[0, rule] for rule in super_users.RULES}) == 1
    assert said[1, "shutdown"] != said[0, "shutdown"]
    assert said[7, "shutdown"] != said[7, "departure"]
    for mask, rule in (("8", "shutdown"), ("x", "shutdown"), ("-1", "nonsense"), ("", "")):
        assert super_users._choice(views(report, "super_users", mask=mask, rule=rule)) == (0, "shutdown")


def test_without_a_table_the_page_hands_out_the_one_that_would_answer(reports):
    parts, texts = everything(super_users.layout(views(reports["undefined"], "super_users")))
    assert super_users.TEMPLATE in texts
    assert any(getattr(part, "data-save", None) == super_users.TEMPLATE for part in parts)
    assert not any(getattr(part, "id", "") == "people-out" for part in parts)


def test_the_checklist_says_met_not_met_and_cannot_be_told(made):
    parts, texts = everything(checklist(made.hierarchy("leaderless").criteria[:1]))
    assert "Met" in texts
    states = [
        [text for text in everything(item)[1] if text in ("Met", "Not met", "Cannot be told")]
        for item in everything(checklist(made.hierarchy("led").criteria))[0]
        if type(item).__name__ == "Li"
    ]
    assert states == [["Met"], ["Not met"], ["Cannot be told"]]
    assert parts[0].className == "checklist"


def test_what_a_page_says_twice_is_said_once(reports):
    report = reports["whole"]
    for stem in ("hierarchy", "factions"):
        _parts, texts = everything(next(page for page in OWN if page.stem == stem).layout(views(report, stem)))
        for criterion in report.content.results[stem].criteria:
            assert sum(str(criterion.evidence) in text for text in texts) == 1, criterion.name


def test_one_hashtag_is_shown_by_group_and_can_be_chosen(reports):
    page, report = symbols.PAGE, reports["whole"]
    result = report.content.results["symbols"]

    def shown(**query):
        parts, _texts = everything(page.layout(views(report, "symbols", **query)))
        (choice,) = (part for part in parts if getattr(part, "id", None) == "sign-choice")
        return choice

    # Only signs whose adoption by group is known can be chosen; anything else in the address is passed over.
    known = result.symbols["symbol"].to_list()
    assert [option["label"].split()[0] for option in shown().data] == [f"#{known[1]}", f"#{known[2]}"]
    for given in ("0", "99", "x", "", "-1"):
        assert shown(sign=given).value == "1"
    assert shown(sign="2").value == "2"
    titles = {panel.name: panel.title for panel in page.panels(views(report, "symbols", sign="2"))}
    assert known[2] in titles["adoption-by-group"]
