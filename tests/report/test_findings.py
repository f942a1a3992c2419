"""Sentences: every outcome speaks, within the wording rules, and nothing in JSON is not a number."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from netact.figures.text import unmarked
from netact.report.findings import describe, overall, plain_values
from netact.results import LeadingCore

FORBIDDEN = re.compile(
    r"\b(control(s|led)?|leads|led by|coordinat\w*|bots?|command(s|ed)|nan|inf)\b|\N{EM DASH}", re.IGNORECASE
)
EMPTY = re.compile(r"\bNone\b")
DIRECTION = re.compile(r"\b(retweet\w*|drew|passed on|follow(s|ers|ed by)|mention\w*)\b", re.IGNORECASE)


# One for each of `every_result`: templates and numbers put together must read like this.
HEADLINES = [
    "A core of 4 accounts that retweet one another drew 12 % of all retweets.",
    "Two separate cores of 4 and 2 accounts drew 12 % and 12 % of all retweets.",
    "Inside a wider circle of 6 accounts, a core of 4 accounts that retweet one another drew 12 % of all retweets.",
    "6 accounts at the centre hang together and drew 40 % of all retweets: a wide circle, larger than a small team.",
    "One account, @a, drew 71 % of all retweets.",
    "4 accounts are tied closely to one another, but the others give them only 12 % of all retweets.",
    "4 accounts are tied closely to one another, but no more than members of their group usually are.",
    "No small team was found: the most-retweeted accounts tie to one another no more than chance explains.",
    "Cannot say from this data whether a small team stands at the centre: only 12 accounts are active.",
    "Cannot say from this data whether a small team stands at the centre: only 12 accounts are active.",
    "One person, a, could shut down accounts that hold 70 % of the attention of the 5 listed accounts.",
    "Cannot say from this data who holds the keys: no admin table.",
    "The 20 most-retweeted accounts drew 62 % of all retweets, with no core and changing faces at the top: this movement meets the test of being leaderless.",
    "The 20 most-retweeted accounts drew 62 % of all retweets, with no core and changing faces at the top: this movement meets the test of being leaderless.",
    "Not leaderless: a core was found, and the 20 most-retweeted accounts drew 62 % of all retweets, more than imitation alone explains.",
    "Not leaderless: a core was found, and the 20 most-retweeted accounts drew 62 % of all retweets.",
    "The most-retweeted account drew 60 % of all retweets: this is not a leaderless network.",
    "The most-retweeted account drew 60 % of all retweets: this is not a leaderless network.",
    "The 20 most-retweeted accounts drew 62 % of all retweets, more than imitation alone explains.",
    "The 20 most-retweeted accounts drew 62 % of all retweets, which imitation alone could explain.",
    "Cannot say from this data how steep the order is: there are no ties.",
    "The movement is factionalised: 88 % of retweets stay inside their group.",
    "The network is structurally divided: 88 % of retweets stay inside their group.",
    "Attention falls into 2 groups rather than two camps: 88 % of retweets stay inside their group.",
    "No division beyond chance was found: the network is no more divided than its popular accounts would make it.",
    "Cannot say from this data into which groups it splits: repeated runs draw the lines in different places.",
    "Cannot say from this data whether the 2 groups that were found are more than chance.",
    "Cannot say from this data whether the movement splits into groups: no factions can be told apart.",
    "The same accounts stay at the top: the top of one window and the next overlap by 0.40, far beyond chance.",
    "The top shifts: it overlaps from window to window by 0.40, more than chance gives, but accounts come and go over time.",
    "The top rotates: from window to window it overlaps by only 0.40, far less than constant popularity would give.",
    "Cannot say whether the same accounts stay at the top: the overlap from window to window is 0.40.",
    "Cannot say from this data whether the same accounts stay at the top: the ties have no times.",
    "1 hashtag is used in every large group and kept in use: #plaza, by 80 % of the accounts that use hashtags.",
    "Signs keep to their groups: of 2 widely used hashtags 2 are bound to some groups, and none was shown to cross them all.",
    "Cannot say from this data whether signs cross the groups: none was shown to, and few were shown to be bound to one.",
    "Cannot say from this data whether signs cross the groups: the groups are not known.",
    "Cannot say from this data which signs are shared: the data hold no hashtags.",
    "5 accounts in 2 groups shared the same links or other objects at the same moments more often than chance explains.",
    "No accounts were found that shared the same links or other objects at the same moments beyond chance.",
    "Cannot say from this data who acts together: no share has a time, so nothing says who shared when.",
    "Cannot say from this data who acts together: no share has a time, so nothing says who shared when.",
    "March was carried by its community: 12 % of the 1,000 accounts that were active before took up its signs, more than in three of four operations, 3 % of them opposed it, and no large group stayed away.",
    "March was contested: 12 % of the 1,000 accounts that were active before took up its signs, and 10 % of them opposed it.",
    "March was opposed by more members of its community than endorsed it: 3 % of the 1,000 accounts that were active before took up its signs, and 12 % of them opposed it.",
    "March was taken up by part of its community only: 12 % of the 1,000 accounts that were active before took up its signs, but Group B had less than half of its due among them.",
    "March did not stand out: 12 % of the 1,000 accounts that were active before took up its signs, no more than in most operations.",
    "March: 12 % of the 1,000 accounts that were active before took up its signs, and 3 % of them opposed it. With fewer than ten operations nothing tells whether that is much.",
    "March: 12 % of the 1,000 accounts that were active before took up its signs. Who was against it cannot be seen, as neither counter signs nor stances are known.",
    "Of 7 operations, 1 was carried by its community, 1 was opposed, 1 was contested, 1 was taken up by part of its community only, 1 was joined by no more members than most, 1 had more members for it than against it and of 1 it cannot be seen who was against it.",
    "Cannot say from this data whether actions were carried or opposed: no table of operations.",
]


def sentences(finding):
    yield finding.headline
    yield finding.comparison
    yield finding.range
    yield finding.not_said
    yield from finding.caveats
    yield from (text for _, text in finding.answers)


@pytest.fixture(scope="module")
def results(made):
    return made.every_result()


def test_every_result_speaks_in_whole_sentences(results):
    for result in results:
        finding = describe(result)
        for text in sentences(finding):
            assert text, (finding.question, finding.headline)
            assert text.endswith("."), text
            assert text[0].isupper() or text[0].isdigit() or text[0] == "\u2068", text
            assert "  " not in text, text
            assert ".." not in text.replace("…", ""), text
        assert finding.card[0]
        assert finding.card[1]


def test_headlines_read_as_they_were_written(results):
    assert [unmarked(describe(result).headline) for result in results] == HEADLINES


def test_no_sentence_uses_a_forbidden_word(results):
    for result in results:
        finding = describe(result)
        for text in sentences(finding):
            found = FORBIDDEN.search(text) or EMPTY.search(text)
            assert not found, (found, text)


def test_networks_without_direction_are_told_without_direction(results):
    for result in results:
        finding = describe(replace(result, warnings=()), directed=False)
        for text in sentences(finding):
            assert not DIRECTION.search(text.replace("attention only followed attention", "")), text


def test_headline_of_every_positive_outcome_holds_a_number(results):
    for result in results:
        finding = describe(result)
        if finding.confidence != "cannot say" and finding.card[0] != "None":
            assert re.search(r"\d", finding.headline), finding.headline


def test_what_cannot_be_said_is_said_so(made):
    for outcome in ("not_testable", "insufficient_data"):
        finding = describe(made.leading_core(outcome))
        assert finding.headline.startswith("Cannot say from this data")
        assert finding.confidence == "cannot say"
        assert finding.value is None
        assert dict(finding.answers)["What would settle more"]
    assert describe(made.super_users("not_testable")).confidence == "cannot say"
    assert "person, account" in dict(describe(made.super_users("not_testable")).answers)["What would answer it"]


@pytest.mark.parametrize("outcome", ["single_hub", "elite_larger_than_team", "no_core", "core", "niche_not_core"])
def test_every_answer_says_who_drives_who_acts_together_and_what_is_missing(made, outcome):
    answers = dict(describe(made.leading_core(outcome)).answers)
    assert "12 accounts drew half of all retweets" in answers["Who drives"]
    assert "95 % range 9 to 15" in answers["Who drives"]
    assert answers["Who acts together"]
    assert "who administers which account" in answers["What would settle more"]


def test_structurally_divided_is_not_factionalised(made):
    divided = describe(made.factions("structurally_divided"))
    assert "factionalised" not in " ".join(sentences(divided))
    assert "factionalised" in describe(made.factions("factionalised")).headline
    assert "does not say that the sides disagree" in divided.not_said


def test_core_of_accounts_is_never_called_a_team_of_people(made):
    for outcome in ("core", "rival_cores", "core_within_elite"):
        finding = describe(made.leading_core(outcome))
        assert "accounts, not people" in finding.not_said
        assert "team" not in finding.headline


def test_confidence_follows_the_published_thresholds(made):
    core = made.leading_core("core")
    assert describe(core).confidence == "high"
    weaker = replace(core, cores=(replace(core.cores[0], mean_overlap=0.6),))
    assert describe(weaker).confidence == "medium"
    assert describe(replace(core, cores=(replace(core.cores[0], mean_overlap=0.4),))).confidence == "low"
    wide = made.leading_core("elite_larger_than_team")
    for overlap, sure in ((0.9, "high"), (0.6, "medium"), (0.3, "low"), (None, "low")):
        assert describe(replace(wide, elite=replace(wide.elite, mean_overlap=overlap))).confidence == sure
    assert describe(replace(wide, elite=replace(wide.elite, tier="calibrated", p_value=0.04))).confidence == "medium"
    nothing = made.leading_core("no_core")
    assert describe(nothing).confidence == "high"
    assert describe(replace(nothing, power=nothing.power.with_columns(power=0.6))).confidence == "medium"
    assert describe(replace(nothing, power=nothing.power.clear())).confidence == "low"
    keys = made.super_users()
    assert describe(keys).confidence == "high"
    assert describe(replace(keys, coverage=0.6)).confidence == "medium"
    assert describe(replace(keys, coverage=0.2)).confidence == "low"
    split = made.factions("niches")
    assert describe(replace(split, stability=replace(split.stability, value=0.85))).confidence == "medium"


def test_a_card_says_no_more_than_its_headline(made):
    finding = describe(made.coordination("none_found"))
    assert finding.headline.startswith("No accounts were found that shared the same ")
    assert finding.card[0] == "None"
    assert finding.card[1].startswith("no accounts found that shared the same ")


def test_comparison_says_on_which_side_of_chance_the_number_lies(made):
    assert "more concentrated than that" in describe(made.hierarchy("led", above=True)).comparison
    assert "chance alone could give this" in describe(made.hierarchy("undetermined", above=False)).comparison
    steep = dict(describe(made.hierarchy("led")).answers)
    assert "steeper than chance" in steep["Which way attention runs"]
    assert "more concentrated than that" in steep["Effective number of leaders"]


def test_overall_finding_prefers_what_was_found(made):
    findings = [
        describe(made.leading_core("no_core")),
        describe(made.super_users("not_testable")),
        describe(made.hierarchy()),
    ]
    assert overall(findings).question == "hierarchy"
    assert overall([*findings, describe(made.leading_core("core"))]).question == "leading_core"


def test_findings_are_plain_json_that_fits_the_schema(results):
    schema = json.loads((resources.files("netact.report") / "findings.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator({**schema["$defs"]["finding"], "$defs": schema["$defs"]})
    for result in results:
        values = describe(result).to_dict()
        text = json.dumps(values, allow_nan=False)
        errors = [error.message for error in validator.iter_errors(json.loads(text))]
        assert not errors
    broken = {**describe(results[0]).to_dict(), "confidence": "certain"}
    assert not validator.is_valid(broken)


def test_cores_come_largest_share_first_with_their_members(made):
    details = describe(made.leading_core("rival_cores")).to_dict()["details"]
    assert [core["members"] for core in details["cores"]] == [["a", "b", "c", "d"], ["e", "f"]]
    assert details["cores"][0]["stability"]["a"] == 0.6
    assert details["drivers"][0]["accounts"] == 12


def test_numbers_that_are_not_finite_become_null():
    assert plain_values({"a": [float("nan"), float("inf"), 1.5], "b": (True, 2)}) == {
        "a": [None, None, 1.5],
        "b": [True, 2],
    }


def test_hostile_names_stay_between_isolation_marks(made):
    names = dict(zip("abcdef", made.HOSTILE, strict=False))
    for result in made.every_result():
        for text in sentences(describe(result, names=names)):
            assert text.count("\u2068") == text.count("\u2069")
            assert "\u202e" not in text
            assert "\n" not in text
    shown = describe(made.leading_core(), names=names)
    assert isinstance(made.leading_core(), LeadingCore)
    assert "\u2068" not in unmarked(shown.headline)
