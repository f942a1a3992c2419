"""The JSON Schema of study files, made of the code: editors complete and check a study with it.

What a parameter means is taken from the docstring of its measure, what it may be from its annotation, so that the schema cannot
say anything else than the code does.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import MISSING, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from netact.collection import Collection
from netact.filters import Filters
from netact.importers.mapping import SourceOptions
from netact.measures import MEASURES, measure_function, measure_ranges
from netact.outputs import Outputs
from netact.privacy import Privacy
from netact.robustness import robustness
from netact.schemas import Kind
from netact.study.grid import MOST_RUNS
from netact.study.study import (
    EFFORT,
    EFFORTS,
    LEAVE_OUT,
    ROLE_OPTIONS,
    ROLES,
    SCHEMA_FILE,
    TRAFFIC_ROLES,
    VERSION,
    parameters_of,
)

Schema = dict[str, Any]

_ROLE_WORDS = {
    "interactions": "Who gave attention to whom: posts, ties, follower lists.",
    "accounts": "A table of accounts.",
    "admins": "Who administers which account.",
    "people": "Persons that are flagged as automated.",
    "identities": "Accounts that are one person or organisation.",
    "operations": "Actions that the movement was called to, with their hashtags.",
    "triggers": "Events from outside that accounts may react to.",
    "earlier": "Traffic of an earlier event.",
    "leave_out": "A text with one account a line; these accounts are left out.",
}

_OPTION_WORDS = {
    "account": "Column of the account.",
    "reach": "Column of the size of the audience.",
    "person": "Column of the persons, or whose pages are listed.",
    "role": "Column of the role.",
    "rights_on": "A day: rights that were not held then are left out.",
    "min_confidence": "Identities of less confidence are left out; a number from 0 to 1, as a text.",
}


def schema_text() -> str:
    """Return the schema as it is published: ``docs/study.schema.json`` and the file in this package."""
    return json.dumps(study_schema(), ensure_ascii=False, indent=1) + "\n"


def published_schema() -> str:
    """Return the schema as it is shipped."""
    return (resources.files("netact.study") / SCHEMA_FILE).read_text(encoding="utf-8")


def study_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of study files."""
    filters = _of_class(Filters)
    filters["properties"][LEAVE_OUT] = {
        "description": filters["properties"][LEAVE_OUT]["description"]
        + " A path, or a list of paths, adds such files.",
        "oneOf": [{"type": "boolean"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "default": True,
    }
    for name in ("first_time", "last_time"):
        filters["properties"][name]["pattern"] = r"^(\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?)?$"
    measures = {name: _of_measure(name) for name in MEASURES}
    tried = described(robustness.__doc__ or "")
    efforts = _object(
        {name: {"description": tried[name], **_of_value(default)} for name, default in EFFORTS[EFFORT].items()},
        "How far each headline could be off: what is tried to tell. What is left out is that of the effort.",
    )
    efforts["properties"]["effort"] = {"description": tried["effort"], "enum": list(EFFORTS), "default": EFFORT}
    schema = _object(
        {
            "schema": {"description": "Version of the form of this file.", "const": VERSION},
            "netact_version": {"description": "The netact that wrote the file.", "type": "string"},
            "title": {"description": "Title of the report; the name of the first file if left out.", "type": "string"},
            "seed": {"description": "Seed of all chance.", "type": "integer", "minimum": 0, "default": 1},
            "sources": {
                "description": "The input files.",
                "type": "array",
                "minItems": 1,
                "items": {"oneOf": [_of_source(role) for role in ROLES]},
            },
            "filters": filters,
            "measures": {
                "description": "The questions that are asked; all of them if left out.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "oneOf": [
                        {
                            **_object(
                                {
                                    "name": {"description": MEASURES[name][1], "const": name},
                                    "parameters": parameters,
                                },
                                MEASURES[name][1],
                            ),
                            "required": ["name"],
                        }
                        for name, parameters in measures.items()
                    ]
                },
            },
            "collection": _of_class(Collection),
            "robustness": efforts,
            "privacy": _of_class(Privacy),
            "outputs": _of_class(Outputs),
            "grid": _of_grid(filters, measures, efforts),
        },
        "A study of netact: what is read, what of it is looked at, what is measured, and what is written.",
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "netact study", **schema}


def _object(properties: Schema, description: str) -> Schema:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _of_source(role: str) -> Schema:
    if role in TRAFFIC_ROLES:
        options = _of_class(SourceOptions)
    else:
        texts = {name: {"description": _OPTION_WORDS[name], "type": "string"} for name in ROLE_OPTIONS[role]}
        options = _object(texts, "How the file is read; what is left out is found in it.")
    named: Schema = {"description": _ROLE_WORDS[role], "const": role}
    made = _object(
        {
            "path": {
                "description": "The file; relative paths are looked for beside the study first.",
                "type": "string",
            },
            "role": {**named, "default": role} if role == "interactions" else named,
            "sha256": {
                "description": "SHA-256 of its content: another file is refused. Filled in when the study is run.",
                "type": "string",
                "pattern": "^([0-9a-f]{64})?$",
            },
            "options": options,
        },
        _ROLE_WORDS[role],
    )
    return {**made, "required": ["path"] if role == "interactions" else ["path", "role"]}


def _of_measure(name: str) -> Schema:
    function = measure_function(name)
    words, parameters, ranges = described(function.__doc__ or ""), parameters_of(name), measure_ranges(name)
    # Only what a study may set: other annotations name types that are known to type checkers alone.
    asked = type("Asked", (), {"__annotations__": {key: function.__annotations__[key] for key in parameters}})
    hints = get_type_hints(asked, {**vars(inspect.getmodule(function)), "Kind": Kind})
    properties: Schema = {}
    for parameter, default in parameters.items():
        properties[parameter] = {"description": words.get(parameter, ""), **_of_type(hints[parameter])}
        if parameter in ranges:
            properties[parameter].update(ranges[parameter].schema())
        if default is not None and default is not inspect.Parameter.empty:
            properties[parameter]["default"] = default
    return _object(properties, f"Parameters of {name}.")


def _of_class(made: type) -> Schema:
    hints, words = get_type_hints(made), described(made.__doc__ or "")
    properties: Schema = {}
    for item in fields(made):
        properties[item.name] = {"description": words.get(item.name, ""), **_of_type(hints[item.name])}
        if item.default is not MISSING and item.default not in (None, "", ()):
            default = item.default
            properties[item.name]["default"] = list(default) if isinstance(default, tuple) else default
    return _object(properties, _first_line(made.__doc__ or ""))


def _of_grid(filters: Schema, measures: dict[str, Schema], efforts: Schema) -> Schema:
    def lists(schema: Schema, what: str) -> Schema:
        axes = {
            name: {
                "description": values["description"],
                "type": "array",
                "minItems": 1,
                "items": {key: value for key, value in values.items() if key not in ("description", "default")},
            }
            for name, values in schema["properties"].items()
        }
        return _object(axes, what)

    own = {**filters["properties"], LEAVE_OUT: {**filters["properties"][LEAVE_OUT], "type": "boolean"}}
    own[LEAVE_OUT] = {key: value for key, value in own[LEAVE_OUT].items() if key != "oneOf"}
    named = {name: lists(values, f"Lists of values of parameters of {name}.") for name, values in measures.items()}
    seeds = {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}}
    return _object(
        {
            "seed": {"description": "Seeds.", **seeds},
            "filters": lists({"properties": own}, "Lists of values of filters."),
            "measures": _object(named, "Lists of values of parameters of measures."),
            "robustness": lists(efforts, "Lists of values of what is tried."),
        },
        f"Values to try in place of the study's own; every combination is run, at most {MOST_RUNS}.",
    )


def _of_value(value: Any) -> Schema:
    return {**_of_type(type(value)), "default": value}


def _of_type(hint: Any) -> Schema:
    """Return the schema of an annotation."""
    origin = get_origin(hint)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return {"type": "array", "items": _of_type(get_args(hint)[0])}
    if origin is Union or str(origin) == "<class 'types.UnionType'>":
        return _of_type(next(part for part in get_args(hint) if part is not type(None)))  # null cannot be written
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": names[hint]}


@cache
def described(docstring: str) -> dict[str, str]:
    r"""Return name -> what a numpy docstring says of it under ``Parameters`` or ``Attributes``, on one line.

    >>> described("Find.\n\n    Parameters\n    ----------\n    low, high\n        Ends of it;\n        ``low`` first.\n")
    {'low': 'Ends of it; low first.', 'high': 'Ends of it; low first.'}
    """
    words: dict[str, str] = {}
    lines = inspect.cleandoc(docstring).splitlines()
    inside, names = False, list[str]()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch(r"-{3,}", following):
            inside = line in ("Parameters", "Attributes")
            names = []
        elif inside and line and not line.startswith((" ", "-")):
            names = [name.strip() for name in line.partition(" : ")[0].split(",")]
        elif inside and line.strip() and names:
            for name in names:
                words[name] = f"{words[name]} {line.strip()}" if name in words else line.strip()
    return {name: _plain(text) for name, text in words.items()}


def _plain(text: str) -> str:
    """Return a text without the marks of reStructuredText."""
    text = re.sub(r":\w+:`~?([^`]*)`", lambda found: found[1].rpartition(".")[2], text)
    return text.replace("``", "")


def _first_line(docstring: str) -> str:
    return _plain(inspect.cleandoc(docstring).partition("\n\n")[0].replace("\n", " "))


def main() -> None:
    """Write the schema to the files named."""
    for name in sys.argv[1:]:
        Path(name).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
