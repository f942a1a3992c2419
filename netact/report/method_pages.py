"""Write the page of every question's method: made of the docstrings of measure and result, so that it is always current.

Usage: ``python -m netact.report.method_pages FOLDER``
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from netact import robustness
from netact.language import speaking
from netact.measures import MEASURES, measure_function, measure_ranges
from netact.report.exports.codebook import page as codebook_page
from netact.report.findings import question_text
from netact.report.findings import robustness as trials
from netact.report.methods import method
from netact.report.sources import cited
from netact.resampling import cascades
from netact.results import RESULTS, Robustness
from netact.study import EFFORTS, TAKEN_FROM_RESULTS, parameters_of

_NOTE = "<!-- Made of the docstrings of netact by `make methods`; change those, not this page. -->"

ROBUSTNESS_SOURCES = cited("gonzalezbailon2014", "rauchfleisch2020")


def pages() -> dict[str, str]:
    """Return file name -> text: one page a question, and an index."""
    with speaking("en"):
        made = {f"{name}.md": _page(name) for name in MEASURES}
        rows = [f"| [{method(name).title}]({name}.md) | {question_text(name)} |" for name in MEASURES]
        rows.append("| [Robustness](robustness.md) | How far could each answer be off? |")
        rows.append("| [Codebook](codebook.md) | What does every column of the exported tables hold? |")
    index = ["# Methods", "", _NOTE, "", "| | asks |", "|---|---|", *rows]
    return {
        "README.md": "\n".join(index) + "\n",
        **made,
        "robustness.md": _robustness_page(),
        "codebook.md": codebook_page(),
    }


def _robustness_page() -> str:
    """Return the page on how far every answer could be off."""
    said = _sections(inspect.getdoc(robustness.robustness) or "")
    efforts = list(EFFORTS)
    rows = [
        "| parameter | " + " | ".join(f"`{effort}`" for effort in efforts) + " | |",
        "|---" * (len(efforts) + 2) + "|",
    ]
    for names, text in _items(said["Parameters"]):
        for parameter in re.split(r",\s*", names):
            if parameter in EFFORTS["full"]:
                values = [
                    f"`{EFFORTS[effort][parameter]}`" if parameter in EFFORTS[effort] else "" for effort in efforts
                ]
                rows.append(f"| `{parameter}` | {' | '.join(values)} | {_markdown(text)} |")
    held = _sections(inspect.getdoc(Robustness) or "")
    attributes = [f"- **{_ticked(names)}**: {_markdown(text)}" for names, text in _items(held["Attributes"])]
    confidence = inspect.getdoc(trials.lowered) or ""
    parts = [
        "# Robustness",
        _NOTE,
        "**How far could each answer be off?**",
        _markdown(inspect.getdoc(robustness) or ""),
    ]
    parts += ["## Effort", "Chosen by `--robustness`, or by a table `[robustness]` in a study file.", "\n".join(rows)]
    parts += ["## What is drawn together", _markdown(inspect.getdoc(cascades) or "")]
    parts += ["## What it does to the confidence", _markdown(confidence)]
    parts += ["## Result: `Robustness`", _markdown(held[""]), "\n".join(attributes)]
    sources = [f"- {text}. <https://doi.org/{doi}>" for text, doi in ROBUSTNESS_SOURCES]
    return "\n\n".join([*parts, "## Sources", "\n".join(sources)]) + "\n"


def _page(name: str) -> str:
    function, kind, told = measure_function(name), RESULTS[name], method(name)
    said = _sections(inspect.getdoc(function) or "")
    module = inspect.getdoc(sys.modules[function.__module__]) or ""
    parts = [f"# {told.title}", _NOTE, f"**{question_text(name)}** {MEASURES[name][1]}", *told.paragraphs]
    parts += ["## Definition", _markdown(module), _markdown(said[""])]
    parts += ["## Parameters", _parameters(name, dict(_items(said.get("Parameters", ""))))]
    taken = TAKEN_FROM_RESULTS.get(name, {})
    if taken:
        others = "; ".join(f"`{parameter}` from `{other}`" for parameter, (other, _) in taken.items())
        parts.append(f"Filled in from other questions where they are asked too: {others}.")
    held = _sections(inspect.getdoc(kind) or "")
    attributes = [f"- **{_ticked(names)}**: {_markdown(text)}" for names, text in _items(held.get("Attributes", ""))]
    parts += [f"## Result: `{kind.__name__}`", _markdown(held[""]), "\n".join(attributes)]
    sources = [f"- {text}. <https://doi.org/{doi}>" for text, doi in told.sources]
    parts += ["## Sources", "\n".join(sources)]
    if "References" in said:
        parts.append(_markdown(said["References"]))
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(part for part in parts if part)).rstrip() + "\n"


def _parameters(name: str, told: dict[str, str]) -> str:
    rows, ranges = ["| parameter | default | values | |", "|---|---|---|---|"], measure_ranges(name)
    for parameter, default in parameters_of(name).items():
        said = next((text for names, text in told.items() if parameter in re.split(r",\s*", names)), "")
        shown = "" if default is inspect.Parameter.empty else f"`{default}`"
        values = str(ranges[parameter]) if parameter in ranges else ""
        rows.append(f"| `{parameter}` | {shown} | {values} | {_markdown(said).replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def _sections(text: str) -> dict[str, str]:
    """Take a docstring apart by its underlined headings; what stands before the first has no name."""
    pieces = re.split(r"^(\w[\w ]*)\n-{3,}$", text, flags=re.MULTILINE)
    return {"": pieces[0].strip(), **{pieces[i]: pieces[i + 1].strip("\n") for i in range(1, len(pieces), 2)}}


def _items(section: str) -> list[tuple[str, str]]:
    """Return the names of a section with what is said of them."""
    found: list[tuple[str, list[str]]] = []
    for line in section.splitlines():
        if line.strip() and not line.startswith(" "):
            found.append((line.strip(), []))
        elif found:
            found[-1][1].append(line.strip())
    return [(name, " ".join(lines).strip()) for name, lines in found]


def _ticked(names: str) -> str:
    return ", ".join(f"`{name}`" for name in re.split(r",\s*", names))


def _markdown(text: str) -> str:
    """Turn the marks of a docstring into those of a page; examples at the prompt are left out."""
    text = re.sub(r"^>>> .*(?:\n(?!\n).*)*", "", text, flags=re.MULTILINE)
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text)
    return text.replace("``", "`").strip()


def main() -> None:
    """Write all pages to the folder named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
