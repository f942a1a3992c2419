"""Write a new study file: what the files are is filled in, what else may be set stands there as comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomli_w

from netact.measures import MEASURES
from netact.study.schema import study_schema
from netact.study.study import SCHEMA_FILE, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netact.study.study import Study

_HEAD = f"""\
#:schema ./{SCHEMA_FILE}
# A study of netact. Look at it with `netact study check`, run it with `netact study run`.
# What stands behind a # is not used: take the # away to set it. A line that only says what a thing is has two.
"""

# What a value could look like where the data do not tell.
_EXAMPLES: dict[str, Any] = {
    "filters.hashtags": ["march"],
    "filters.stated_only": True,
    "filters.leave_out": "accounts_to_leave_out.txt",
    "filters.min_interactions": 3,
    "collection.sampling": "sampled",
    "collection.rate": 0.1,
    "collection.query": ["#march"],
    "privacy.public": "public_accounts.txt",
    "privacy.named_from": 10_000,
    "measures.dynamics.window": "week",
    "measures.factions.reference_two_sidedness": 0.6,
}

_GRID = """\
## Every combination of these values is run too, and the report says how the answers change.
# [grid]
# seed = [1, 2, 3]
# filters.min_interactions = [0, 2]
# measures.factions.resolution = [0.8, 1.0, 1.25]
"""


@dataclass(frozen=True)
class Holdings:
    """What the files of a study hold together, as far as filters and comments need it.

    Attributes
    ----------
    kinds
        Kind of tie -> interactions.
    platforms
        Their names.
    first_day, last_day
        The period as days; empty without times.
    rows
        Rows read and kept, source by source; None where the source is not of rows.
    formats
        The format of each source; empty where it has none.
    """

    kinds: Mapping[str, int]
    platforms: tuple[str, ...]
    first_day: str
    last_day: str
    rows: tuple[tuple[int, int] | None, ...]
    formats: tuple[str, ...]


def new_study_text(study: Study, holdings: Holdings) -> str:
    """Return the text of a study file with everything else that may be set as comments.

    Parameters
    ----------
    study
        Its sources with everything that was decided on reading, title and seed.
    holdings
        What the files hold.
    """
    schema = study_schema()["properties"]
    parts = [_HEAD, tomli_w.dumps({"schema": VERSION, "title": study.title, "seed": study.seed})]
    values = study.to_dict()
    for source, rows, form in zip(values["sources"], holdings.rows, holdings.formats, strict=True):
        said = [form] if form else []
        said += [f"{rows[0]:,} rows read, {rows[1]:,} kept"] if rows else []
        comment = f"## {', '.join(said)}\n" if said else ""
        told = {name: value for name, value in source.items() if value}
        parts.append(comment + tomli_w.dumps({"sources": [told]}))
    known: dict[str, Any] = {}
    if holdings.first_day:
        known = {"first_time": holdings.first_day, "last_time": holdings.last_day}
    known["kinds"] = list(holdings.kinds) or ["retweet"]
    known["platforms"] = list(holdings.platforms) or ["twitter"]
    counted = ", ".join(f"{kind} {number:,}" for kind, number in holdings.kinds.items())
    period = f"; {holdings.first_day} to {holdings.last_day}" if holdings.first_day else ""
    parts.append(
        f"## What of the traffic is looked at. The files hold: {counted or 'no ties'}{period}.\n"
        + _section("filters", schema["filters"], values["filters"], known)
    )
    for step in study.measures:
        given = schema["measures"]["items"]["oneOf"][list(MEASURES).index(step.name)]["properties"]["parameters"]
        head = f'## {MEASURES[step.name][1]}\n[[measures]]\nname = "{step.name}"\n'
        body = _entries(f"measures.{step.name}", given, {}, {"kind": next(iter(holdings.kinds), "retweet")})
        parts.append(f"{head}[measures.parameters]\n{body}" if body else head)
    for name in ("collection", "robustness", "privacy", "outputs"):
        set_here = {"effort": values["robustness"]["effort"]} if name == "robustness" else values[name]
        shown = values["robustness"] if name == "robustness" else {}
        parts.append(f"## {schema[name]['description']}\n" + _section(name, schema[name], set_here, shown))
    return "\n".join([*parts, _GRID])


def _section(name: str, schema: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    return f"[{name}]\n{_entries(name, schema, given, known)}"


def _entries(name: str, schema: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """Return an entry a line, those that are not given as comments with what they mean."""
    return "".join(_lines(name, schema, given, known))


def _lines(name: str, schema: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    said = ""
    for key, about in schema["properties"].items():
        if key in given:
            yield _written(key, given[key])
            continue
        choices = about.get("enum") or about.get("items", {}).get("enum")
        fallback = about.get("default", [] if about.get("type") == "array" else (choices or [""])[0])
        value = known.get(key, _EXAMPLES.get(f"{name}.{key}", fallback))
        if value in ("", []):
            value = choices or ["..."]
        # Parameters that are told of together follow one another.
        meaning = _short(about["description"])
        yield f"# {_written(key, value).rstrip()}{'' if meaning == said else f'  # {meaning}'}\n"
        said = meaning


def _written(key: str, value: Any) -> str:
    """Return an entry on one line."""
    if isinstance(value, list):
        inner = ", ".join(tomli_w.dumps({"x": item}).removeprefix("x = ").rstrip("\n") for item in value)
        return f"{key} = [{inner}]\n"
    return tomli_w.dumps({key: value})


def _short(text: str) -> str:
    """Return the first sentence."""
    return text.partition(". ")[0].rstrip(".")
