"""Options that several commands share, and what was said with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("follow", "retweet", "mention", "reply", "quote", "forward", "share")


def options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put several options on a command, in this order."""

    def decorate(command: Any) -> Any:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


READING = options(
    click.option("--kind", type=click.Choice(KINDS), help="Kind of all ties; with a kind column, the only kind kept."),
    click.option("--source", metavar="COLUMN", help="Column of the account that gives attention."),
    click.option("--target", metavar="COLUMN", help="Column of the account that receives it."),
    click.option("--kind-column", metavar="COLUMN", help="Column that names the kind of tie."),
    click.option("--weight", metavar="COLUMN", help="Column of weights."),
    click.option("--time", metavar="COLUMN", help="Column of times."),
    click.option("--post-id", metavar="COLUMN", help="Column of post ids; repeated posts are dropped."),
    click.option("--hashtags", metavar="COLUMN", help="Column of hashtags."),
    click.option("--platform", metavar="COLUMN|NAME", help="Column that names the platform, or its name."),
    click.option("--undirected", is_flag=True, help="The order of the two accounts means nothing."),
    click.option("--reverse", is_flag=True, help="Ties in the file point from the author to the one who retweets."),
    click.option(
        "--ego", metavar="ACCOUNT", help="Account whose followers, follows or archive FILE holds, if it does not say."
    ),
    click.option("--format", "format_", metavar="NAME", help="Format, if it is not recognised (see netact formats)."),
    click.option("--member", metavar="NAME", help="File in a zip archive; all files if left out."),
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook."),
    click.option("--delimiter", metavar="CHAR", help="Column separator: one character, 'tab' or 'whitespace'."),
    click.option("--encoding", metavar="NAME", help="Text encoding, for example cp1252."),
    click.option("--header/--no-header", default=None, help="Whether the first row names the columns."),
)
OUT = click.option("-o", "--out", "out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the report.")
ROBUSTNESS = click.option(
    "--robustness",
    type=click.Choice(("none", "quick", "full")),
    default="quick",
    show_default=True,
    help="How much is tried to tell how far each answer could be off; full is for publication and takes long.",
)
SEED = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all chance.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print no progress and no summary.")
CACHE = options(
    click.option(
        "--cache",
        "cache",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where finished steps are kept for the next run (see netact cache).",
    ),
    click.option("--no-cache", is_flag=True, help="Keep no finished steps and take none: do everything anew."),
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print findings.json to standard output.")


def given_options(given: dict[str, Any]) -> dict[str, str | bool]:
    """Return what was said about reading, as options of a study's source."""
    columns = ("kind", "source", "target", "kind_column", "weight", "time", "post_id", "hashtags", "platform")
    layout = ("member", "sheet", "delimiter", "encoding", "header", "ego")
    options = {name: given[name] for name in (*columns, *layout) if given[name] is not None}
    if given["format_"] is not None:
        options["format"] = given["format_"]
    if given["undirected"]:
        options["directed"] = False
    if given["reverse"]:
        options["reverse"] = True
    return options
