"""Options that several commands share, and what was said with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netact.collection import SAMPLINGS, Collection
from netact.errors import StudyError
from netact.privacy import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netact.filters import Filters
    from netact.study import Source

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
PRIVACY = options(
    click.option(
        "--public",
        metavar="FILE",
        help="Text file of the accounts that may be named, one a line; all others bear pseudonyms in the report.",
    ),
    click.option(
        "--named-from",
        metavar="N",
        type=click.IntRange(min=1),
        help="Name accounts with an audience of at least N (column reach of the accounts table, else followers in the data); "
        "you are told how many they are and asked.",
    ),
    click.option(
        "--names",
        type=click.Choice(NAMES),
        default="public",
        show_default=True,
        help="all names everybody, which the report then says on every page.",
    ),
)
YES = click.option("--yes", is_flag=True, help="Name the accounts of --named-from without asking, for scripts.")
KEY = click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The secret of another study (private/key of its report), for the same pseudonyms as there.",
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
TABLES = options(
    click.option("--accounts", metavar="FILE", help="Table of accounts."),
    click.option("--admins", metavar="FILE", help="Table of who administers which account."),
    click.option(
        "--person", metavar="COLUMN|NAME", help="Column of persons in the admin table, or whose pages it lists."
    ),
    click.option("--rights-on", metavar="DAY", help="Leave out admin rights that were not held on this day."),
    click.option("--people", metavar="FILE", help="Table that flags persons as automated."),
    click.option("--identities", metavar="FILE", help="Table of accounts that are one person or organisation."),
    click.option("--min-confidence", metavar="NUMBER", help="Leave out identities of less confidence, from 0 to 1."),
    click.option(
        "--operations", metavar="FILE", help="Table of actions that the movement was called to, with their hashtags."
    ),
    click.option("--triggers", metavar="FILE", help="Table of events from outside that accounts may react to."),
    click.option(
        "--earlier", metavar="FILE", multiple=True, help="Traffic of an earlier event; may be given several times."
    ),
    click.option("--sampling", type=click.Choice(SAMPLINGS), help="What of the traffic FILEs hold, as you know it."),
    click.option(
        "--sampling-rate", metavar="SHARE", type=float, help="Share of the posts that a sample holds, as 0.1."
    ),
    click.option(
        "--query", metavar="WORD", multiple=True, help="Word or hashtag that was searched for; may be given again."
    ),
    click.option("--reach", metavar="COLUMN", help="Column of the accounts table that holds the size of the audience."),
)
FILTERS = options(
    click.option("--from", "first_time", metavar="DAY", help="First day, or time, that is looked at."),
    click.option("--until", "last_time", metavar="DAY", help="Last day, or time, that is looked at."),
    click.option(
        "--only-kind",
        multiple=True,
        type=click.Choice(KINDS),
        help="Look only at ties of this kind; may be given again.",
    ),
    click.option(
        "--only-platform", multiple=True, metavar="NAME", help="Look only at this platform; may be given again."
    ),
    click.option(
        "--only-hashtag", multiple=True, metavar="TAG", help="Look only at posts with this hashtag; may be given again."
    ),
    click.option("--stated-only", is_flag=True, help="Leave out ties that no file states, but were read from texts."),
    click.option(
        "--leave-out",
        metavar="FILE",
        multiple=True,
        help="List of accounts to leave out, one a line; may be given again.",
    ),
    click.option(
        "--min-interactions",
        type=click.IntRange(min=0),
        metavar="N",
        help="Leave out accounts with fewer interactions.",
    ),
)
MEMORY = click.option(
    "--memory-limit",
    metavar="SIZE",
    help="Memory that may be used, for example 8GB; what is free on this machine if left out. Files that will need more are "
    "refused before they are read.",
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


def given_sources(files: Iterable[str], given: dict[str, Any]) -> list[Source]:
    """Return the sources of a study that were named.

    Raises
    ------
    StudyError
        If there is none, or an option lacks its table.
    """
    from netact.study import LEAVE_OUT, Source

    files = list(files)
    if not files and given["admins"] is None:
        raise StudyError("input", "no file given", remedy="name a file of interactions, or pass --admins FILE")
    if given["reach"] is not None and given["accounts"] is None:
        raise StudyError("--reach", "needs a table of accounts", remedy="pass --accounts FILE too")
    if given["people"] is not None and given["admins"] is None:
        raise StudyError("--people", "needs an admin table", remedy="pass --admins FILE too")
    sources = [Source(path, options=given_options(given)) for path in files]
    if given["accounts"] is not None:
        options = {} if given["reach"] is None else {"reach": given["reach"]}
        sources.append(Source(given["accounts"], "accounts", options=options))
    asked = {
        "admins": ("person", "rights_on"), "people": (), "identities": ("min_confidence",), "operations": (), "triggers": (),
    }  # fmt: skip
    for role, names in asked.items():
        options = {name: given[name] for name in names if given[name] is not None}
        if given[role] is not None:
            sources.append(Source(given[role], role, options=options))
        elif options:
            option = next(iter(options)).replace("_", "-")
            raise StudyError(f"--{option}", f"needs a table of {role}", remedy=f"pass --{role} FILE too")
    sources += [Source(path, "earlier") for path in given["earlier"]]
    return sources + [Source(path, LEAVE_OUT) for path in given["leave_out"]]


def given_collection(given: dict[str, Any]) -> Collection:
    """Return what was declared of the traffic."""
    declared = {"sampling": given["sampling"], "rate": given["sampling_rate"], "query": given["query"]}
    if given["sampling"] is None:
        declared["sampling"] = "sampled" if given["sampling_rate"] else "keyword" if given["query"] else "unknown"
    return Collection.from_dict(declared)


def given_filters(given: dict[str, Any]) -> Filters:
    """Return what of the traffic is to be looked at."""
    from netact.filters import Filters

    return Filters.from_dict(
        {
            "first_time": given["first_time"] or "",
            "last_time": given["last_time"] or "",
            "kinds": given["only_kind"],
            "platforms": given["only_platform"],
            "hashtags": given["only_hashtag"],
            "stated_only": given["stated_only"],
            "min_interactions": given["min_interactions"] or 0,
        }
    )
