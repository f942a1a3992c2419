"""What the documentation promises exists."""

from __future__ import annotations

import re
from pathlib import Path

import click

import netact
from netact.cli import main
from netact.importers.describe import markdown
from netact.measures import MEASURES
from netact.report.method_pages import pages

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_linked_file_is_there() -> None:
    for page in (README, (ROOT / "data" / "README.md").read_text(encoding="utf-8")):
        for target in re.findall(r"\]\(([^)#]+)\)", page):
            if not target.startswith("http"):
                assert (ROOT / target).exists(), target


def test_commands_and_options_of_the_readme_exist() -> None:
    blocks = "".join(re.findall(r"^```\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE))
    commands = {line.split()[1] for line in re.findall(r"^netact .*$", blocks, flags=re.MULTILINE)}
    assert commands
    assert commands <= set(main.commands)
    options = {
        name
        for command in main.commands.values()
        for parameter in (command.params if isinstance(command, click.Command) else [])
        for name in parameter.opts
    }
    assert set(re.findall(r"(?<=[ `])--[a-z-]+", README)) <= options


def test_the_page_on_the_formats_is_made_of_the_importers() -> None:
    page = (ROOT / "docs" / "importers.md").read_text(encoding="utf-8")
    assert page == markdown(), "run make importers"


def test_the_pages_on_the_methods_are_made_of_the_measures() -> None:
    folder = ROOT / "docs" / "methods"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert written == pages(), "run make methods"


def test_every_measure_is_in_the_readme() -> None:
    assert set(MEASURES) <= set(re.findall(r"`([a-z_]+)`", README))


def test_the_python_example_runs(monkeypatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    example = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert example is not None
    exec(example.group(1), {})  # noqa: S102
    assert capsys.readouterr().out == "rival_cores [7, 5]\n"


def test_every_public_name_has_a_docstring() -> None:
    for name in netact.__all__:
        assert getattr(netact, name).__doc__, name


def test_set_up_commands_are_the_ones_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, flags=re.MULTILINE)


def test_the_lock_names_no_index_and_no_machine() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--find-links|file:", lock)
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", lock.strip()) if "==" in block)
