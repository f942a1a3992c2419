"""``ro-crate-metadata.json``: what the folder holds and how it was made, in the form that archives read.

An RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) of the profile Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5). It is written here rather than by the library ``rocrate``: all of it is one flat list
made from the manifest, while the library would bring a client for the network and a database to every installation.
"""

from __future__ import annotations

import base64
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from netact.report.provenance import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CRATE = "ro-crate-metadata.json"

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_MIT = "https://spdx.org/licenses/MIT.html"
_LICENCE, _SOFTWARE, _ACTION = "#licence", "#netact", "#run"

# Not from the standard library: its table of types also reads those of the machine.
_TYPES = {
    "bib": "application/x-bibtex",
    "bin": "application/octet-stream",
    "csv": "text/csv",
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tex": "application/x-tex",
    "toml": "application/toml",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_WHAT = {
    "report.html": "The report as one page that opens in any browser without a network.",
    "findings.json": "The answers with their numbers, intervals and p-values.",
    "study.toml": "What was read and measured, with every parameter: netact runs it again.",
    MANIFEST: "Hashes of all inputs and files, parameters, seed, versions, platform and durations.",
    "README.txt": "What the files of this folder are.",
    "accounts.csv": "One row an account, with what the measures say of it.",
    "accounts.parquet": "One row an account, with what the measures say of it; typed columns.",
    "multiverse.csv": "One row for each combination of parameters that was run.",
    "network.graphml": "The network for igraph, networkx and other programs.",
    "network.gexf": "The network for Gephi.",
    "network.json": "The network for pages made with sigma and for Gephi Lite.",
    "network-left-out.txt": "Why there are no files of the network.",
    "methods.md": "The methods in a paragraph, as a publication may quote them.",
    "references.bib": "What the methods rest on.",
}
_FOLDERS = {
    "data": ("Results as they were computed", "A number, sentence or table of a result, as the dashboard reads it."),
    "tables": ("Tables", "A table of a result."),
    "figures": ("Figures", "A figure of the report."),
    "inputs": ("Inputs", "A copy of a file that was read."),
}


def crate_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the crate of a report folder as JSON-LD.

    Parameters
    ----------
    manifest
        Of the folder, with the files that are in it; the manifest and the crate itself need not be among them.
    """
    study = manifest["study"]
    files = {name: values for name, values in manifest["files"].items() if name != CRATE}
    files.setdefault(MANIFEST, {})
    folders = sorted({name.partition("/")[0] for name in files if "/" in name})
    inputs = [_input(number, given, files) for number, given in enumerate(manifest["inputs"], start=1)]
    outside = [entity for entity in inputs if "@type" in entity]
    results = sorted(name for name in files if name != "study.toml" and not name.startswith("inputs/"))
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": study["title"],
        "description": f"A report of netact {manifest['netact_version']} on {study['title']}: who is heard, who holds the "
        "keys, how steep the order is and where the movement splits. The study file repeats the run.",
        "datePublished": manifest["ended"],
        "license": {"@id": _LICENCE},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": _references([*(f"{folder}/" for folder in folders), *(name for name in files if "/" not in name)]),
        "mentions": {"@id": _ACTION},
    }
    action = {
        "@id": _ACTION,
        "@type": "CreateAction",
        "name": f"Run of netact on {study['title']}",
        "description": f"netact read {_counted(len(inputs), 'file')}, ran {_counted(len(study['measures']), 'measure')} "
        f"with the seed {manifest['seed']} and wrote this folder.",
        "startTime": manifest["began"],
        "endTime": manifest["ended"],
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "instrument": {"@id": _SOFTWARE},
        "object": [{"@id": "study.toml"}, *({"@id": entity["@id"]} for entity in inputs)],
        "result": _references(results),
    }
    licence = {
        "@id": _LICENCE,
        "@type": "CreativeWork",
        "name": "No licence stated",
        "description": "Nobody has said under which licence this folder may be used. Who deposits it writes the licence here, "
        "after the terms of the platforms the data come from.",
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _SPECIFICATION},
    }
    profile = {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    parts = [_folder(folder, files) for folder in folders]
    entities = [_file(name, values) for name, values in sorted(files.items())]
    mit = {"@id": _MIT, "@type": "CreativeWork", "name": "MIT License"}
    graph = [descriptor, root, *parts, *entities, *outside, action, _software(manifest), licence, mit, profile]
    return {
        "@context": [f"{_SPECIFICATION}/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}],
        "@graph": graph,
    }


def _file(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    folder, _, _ = name.rpartition("/")
    what = _WHAT.get(name) or _FOLDERS.get(folder.partition("/")[0], ("", "A file of the report."))[1]
    entity = {
        "@id": _identifier(name),
        "@type": "File",
        "name": PurePosixPath(name).name,
        "description": what,
        "encodingFormat": _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream"),
    }
    if values:
        entity |= {"contentSize": str(values["bytes"]), "sha256": values["sha256"]}
    return entity


def _folder(folder: str, files: Iterable[str]) -> dict[str, Any]:
    name, what = _FOLDERS.get(folder, (folder, "Files of the report."))
    inside = sorted(file for file in files if file.startswith(f"{folder}/"))
    return {
        "@id": f"{_identifier(folder)}/",
        "@type": "Dataset",
        "name": name,
        "description": f"{_counted(len(inside), 'file')}. {what}",
        "hasPart": _references(inside),
    }


def _input(number: int, given: Mapping[str, Any], files: Iterable[str]) -> dict[str, Any]:
    """Return a file that was read: a part of the crate, or one that is elsewhere and known by its hash alone."""
    if given["path"] in files:
        return {"@id": _identifier(given["path"])}
    name = PurePath(given["path"]).name
    entity = {
        "@id": f"#input-{number}" if not given["sha256"] else _named_by_hash(given["sha256"]),
        "@type": "CreativeWork",
        "name": "standard input" if name == "-" else name,
        "description": f"Read as {given['role']}; not part of this folder, recognised by its SHA-256.",
        "encodingFormat": _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream"),
    }
    if given["sha256"]:
        entity["sha256"] = given["sha256"]
    if given.get("bytes") is not None:
        entity["contentSize"] = str(given["bytes"])
    return entity


def _named_by_hash(sha256: str) -> str:
    """Return the name of a content by its hash (RFC 6920).

    >>> _named_by_hash("00" * 32)
    'ni:///sha-256;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


def _software(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return netact with its version and what it ran on."""
    version, found, system = manifest["netact_version"], manifest["netact_revision"], manifest["platform"]
    if found:
        version += f" (revision {found['commit']}{' with changes' if found['changed'] else ''})"
    requirements = {"Python": manifest["python"], **manifest["libraries"]}
    return {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "netact",
        "description": "Measures who leads a movement online, who holds its keys, how steep its order is and where it splits.",
        "softwareVersion": version,
        "softwareRequirements": [f"{name} {number}" for name, number in requirements.items()],
        "operatingSystem": " ".join(part for part in (system["system"], system["machine"], system["libc"]) if part),
        "license": {"@id": _MIT},
    }


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": _identifier(name)} for name in names]


def _identifier(name: str) -> str:
    """Return the identifier of a file: its path as part of an address."""
    return quote(name, safe="/")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
