"""Validate a crate with roc-validator without a network; run by the Python that holds it: FOLDER SEVERITY.

The one thing the validator would fetch is the JSON-LD context of RO-Crate 1.1. It is taken from the package rocrate and put
into the validator's cache. Prints the issues as JSON, one list.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from importlib import resources
from pathlib import Path

from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from rocrate_validator import models, services
from urllib3 import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


class Local(HTTPAdapter):
    """Answers every request with the context."""

    def send(self, request, **_):
        body = (resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
        if json.loads(body)["@id"] != CONTEXT:
            sys.exit("rocrate holds another version of the context")
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(io.BytesIO(body), headers=headers, status=200, preload_content=False)
        return self.build_response(request, raw)


def main(folder: str, severity: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        cache = str(Path(scratch) / "cache")
        with CachedSession(cache, backend="sqlite", expire_after=-1) as session:
            session.mount("https://", Local())
            session.get(CONTEXT).raise_for_status()
        found = services.validate(
            models.ValidationSettings(
                rocrate_uri=folder,
                profile_identifier="process-run-crate-0.5",
                requirement_severity=getattr(models.Severity, severity.upper()),
                cache_path=cache,
                offline=True,
            )
        )
        issues = [
            {
                "severity": issue.severity.name,
                "check": issue.check.identifier,
                "entity": issue.violatingEntity,
                "property": issue.violatingProperty,
                "message": issue.message,
            }
            for issue in found.get_issues()
        ]
        checks = len(found.executed_checks)
    print(json.dumps({"checks": checks, "issues": issues}))


if __name__ == "__main__":
    main(*sys.argv[1:])
