"""Which column plays which part: proposed from the header's words or the values, overridden by options."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NoReturn, cast

import polars as pl

from netact.errors import ImportFileError, NoInteractionsError
from netact.language import Message
from netact.schemas import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netact.receipt import Dropped


@dataclass(frozen=True, kw_only=True)
class SourceOptions:
    """How a file is to be read; everything left out is found in the file and written into the receipt.

    All values are strings and booleans, so the options can be kept in a study file (:meth:`to_dict`,
    :meth:`from_dict`) and the same import run again.

    Attributes
    ----------
    format
        A name in ``netact.importers.IMPORTERS``.
    sheet
        The sheet of a workbook.
    member
        The file to read in a zip archive; all of them if not given.
    header, delimiter, encoding
        How a text is laid out; ``delimiter`` is one character, ``"tab"`` or ``"whitespace"``.
    kind
        The kind of all ties; with a kind column, the only kind to keep.
    source, target, kind_column, weight, time, post_id, hashtags
        Column names; ``"2"`` or ``"column 2"`` is the second column of a file without a header.
    platform
        The column that names the platform, or the name of the platform of the whole file.
    directed
        False if the order of source and target means nothing.
    reverse
        True if the file's ties point from the account that receives attention to the one that gives it.
    ego
        The account whose followers, follows or archive the file holds, where the file does not say.
    """

    format: str | None = None
    sheet: str | None = None
    member: str | None = None
    header: bool | None = None
    delimiter: str | None = None
    encoding: str | None = None
    kind: str | None = None
    source: str | None = None
    target: str | None = None
    kind_column: str | None = None
    weight: str | None = None
    time: str | None = None
    post_id: str | None = None
    hashtags: str | None = None
    platform: str | None = None
    directed: bool = True
    reverse: bool = False
    ego: str | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise ImportFileError("--kind", f"unknown kind {self.kind!r}", remedy=f"use one of {', '.join(KINDS)}")

    def to_dict(self) -> dict[str, str | bool]:
        """Return what is set, as plain TOML values."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: value for name, value in given.items() if (name, value) not in _DEFAULTS}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SourceOptions:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        ImportFileError
            If a name is unknown or a value of the wrong type.
        """
        known = {item.name: item.type for item in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise ImportFileError("source", f"unknown option {name!r}", remedy=f"use one of {', '.join(known)}")
            if not isinstance(value, bool if "bool" in str(known[name]) else str):
                wanted = "true or false" if "bool" in str(known[name]) else "a text"
                raise ImportFileError(f"source.{name}", f"must be {wanted}", found=repr(value))
        return cls(**values)


_DEFAULTS = {("directed", True), ("reverse", False)}
_COLUMN_ROLES = ("source", "target", "kind_column", "weight", "time", "post_id", "hashtags")


@dataclass(frozen=True)
class Loaded:
    """Rows of a table as text, with the line each one begins on in column ``row``.

    Where there are ``names``, the columns of the two ends hold whole numbers instead: which of the names each cell is, of
    which one may be null. A column of times may hold moments.
    """

    frame: pl.DataFrame
    rows_read: int
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()
    names: pl.Series | None = None


@dataclass(frozen=True)
class Ends:
    """The columns of a table that hold the two ends of ties, and the one that holds times."""

    source: str
    target: str
    time: str | None = None


@dataclass(frozen=True)
class TextLoad:
    """Reads columns of a text table; told which of them hold the ends of ties, it may number their names while it reads."""

    load: Callable[[list[str], Ends | None], Loaded]

    def __call__(self, columns: list[str]) -> Loaded:
        """Read columns as texts."""
        return self.load(columns, None)

    def numbered(self, columns: list[str], ends: Ends) -> Loaded:
        """Read columns, those of the ends as numbers of names where the text allows it."""
        return self.load(columns, ends)


@dataclass(frozen=True)
class RawTable:
    """A table before its columns mean anything.

    ``load`` reads the named columns of all rows (all columns if None). ``sample`` holds the first rows.
    """

    columns: tuple[str, ...]
    header: bool
    sample: pl.DataFrame
    load: Callable[[list[str]], Loaded]
    encoding: str | None = None
    dialect: dict[str, str] | None = None
    evidence: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    damaged_columns: tuple[str, ...] = ()  # columns whose ids the file holds as floating-point numbers
    inexact: frozenset[str] = frozenset()  # whole numbers too large to be exact where the file holds them
    nodes: pl.DataFrame | None = None  # a graph file's accounts
    undirected: bool = False  # said by the file
    mixed: bool = False  # ties without direction among others: they are in it both ways
    format: str | None = None  # the importer whose reading this is, where the content told another one apart


@dataclass(frozen=True)
class Roles:
    """The columns of an interaction table by role."""

    source: str
    target: str
    kind_column: str | None = None
    weight: str | None = None
    time: str | None = None
    post_id: str | None = None
    hashtags: str | None = None
    platform: str | None = None
    kind: Kind | None = None  # said by a word in the header
    undirected: bool = False  # said by a column of the file
    assumptions: tuple[str, ...] = ()

    def columns(self) -> dict[str, str]:
        """Return role -> column of the roles that are filled."""
        names = (*_COLUMN_ROLES, "platform")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def fold(name: str) -> str:
    """Return a header cell as it is compared: case-folded, without ``_ - .`` and blanks."""
    return re.sub(r"[\s_\-.#\"'\ufeff\u200b]+", "", name).casefold()


def words(text: str) -> frozenset[str]:
    """Return the folded words of a text; for tables of synonyms."""
    return frozenset(fold(word) for word in text.split())


# Words that by themselves say which end of a tie a column is, with the kind they imply.
_STRONG_SOURCE: dict[str, Kind | None] = {
    **dict.fromkeys(words("source src from fromid fromnodeid fromuser fromuserid fromusername userfrom"), None),
    **dict.fromkeys(words("sourceid sourceuser sourceuserid sourcehandle vertex1 node1 sender sourcenode ego"), None),
    **dict.fromkeys(
        words("usera userfromid userfromname u1 user1 account1 quelle von origen desde fuente origem"), None
    ),
    **dict.fromkeys(words("المصدر من источник от origine expéditeur emisor absender kaynak bron fonte"), None),
    **dict.fromkeys(words("retweeter retweeterid retweeteruser retweetername retweetinguser rtuser"), "retweet"),
    **dict.fromkeys(words("follower followerid followeruser followername seguidor abonné подписчик"), "follow"),
    **dict.fromkeys(words("mentioner mentionerid mentioninguser"), "mention"),
    **dict.fromkeys(words("replier replierid replyinguser"), "reply"),
    **dict.fromkeys(words("quoter quoterid quotinguser"), "quote"),
    **dict.fromkeys(words("forwarder forwarderid forwardinguser"), "forward"),
}
_STRONG_TARGET: dict[str, Kind | None] = {
    **dict.fromkeys(words("target dst dest destination to toid tonodeid touser touserid tousername userto"), None),
    **dict.fromkeys(
        words("targetid targetuser targetuserid targethandle vertex2 node2 receiver recipient alter"), None
    ),
    **dict.fromkeys(
        words("userb usertoid usertoname u2 user2 account2 targetnode ziel nach an destino para hacia"), None
    ),
    **dict.fromkeys(words("الهدف إلى цель к cible destinataire receptor empfänger hedef doel alvo bersaglio"), None),
    **dict.fromkeys(
        words("retweeted retweetedid retweeteduser retweeteduserid retweetedusername retweetedscreenname"),
        "retweet",
    ),
    **dict.fromkeys(
        words("authorretweeted originalauthor retweetuserid retweetscreenname rtof retweetof retweetedauthor"),
        "retweet",
    ),
    **dict.fromkeys(
        words("friend friendid followed followedid followee followeeid following followingid seguido abonnement"),
        "follow",
    ),
    **dict.fromkeys(words("mentioned mentionedid mentioneduser mentioneduserid mentionedusername mention"), "mention"),
    **dict.fromkeys(
        words(
            "replyto replytouser replytouserid replytoscreenname repliedto inreplyto inreplytouserid inreplytoscreenname replieduser"
        ),
        "reply",
    ),
    **dict.fromkeys(words("quoted quotedid quoteduser quoteduserid quotedscreenname quoteauthor"), "quote"),
    **dict.fromkeys(words("forwardedfrom forwarded forwardedfromid authorforwardedfromid"), "forward"),
}
# Words that name an account without saying which end it is: the source, unless the other end is already a source.
_WEAK = words(
    "user userid username author authorid authorname authorusername screenname account accountid accountname handle "
    "actor name person usuario utilisateur auteur benutzer konto nutzer autor حساب المستخدم пользователь автор"
)
_WEIGHT = words(
    "weight weights count counts strength n w value freq frequency times ties number num gewicht anzahl häufigkeit "
    "peso poids nombre cantidad الوزن العدد вес количество"
)
_TIME = words(
    "time timestamp date datetime createdat created createdutc unixtime unixtimestamp timestamputc tweettime posttime "
    "publishedat publishdate zeit datum zeitstempel fecha hora horodatage الوقت التاريخ дата время relationshipdate(utc)"
)
_POST_ID = words("postid tweetid statusid messageid contentid post tweet idstr id_post beitragsid")
HASHTAG_WORDS = words(
    "hashtags hashtag tags tag hashtaglist hashtagsintweet entities.hashtags etiquetas хештеги хэштеги وسوم الوسوم هشتگ"
)
_PLATFORM = words("platform network site sourceplatform plattform plataforma plateforme المنصة платформа")
_KIND_COLUMN = words(
    "kind type interaction interactiontype relation relationship edgetype tietype action mentiontype art typ tipo النوع тип"
)

# What exports write for each kind of tie.
KIND_WORDS: dict[str, Kind] = {
    **dict.fromkeys(words("follow follows followed following follower friend"), "follow"),
    **dict.fromkeys(words("retweet retweets retweeted rt repost reposts reposted boost boosts reblog"), "retweet"),
    **dict.fromkeys(
        words("mention mentions mentioned mt at mentionsinretweet mentionsinquote mentionsinreplyto"), "mention"
    ),
    **dict.fromkeys(words("reply replies repliesto replied repliedto replyto re comment comments"), "reply"),
    **dict.fromkeys(words("quote quotes quoted quotetweet qt"), "quote"),
    **dict.fromkeys(words("forward forwards forwarded fwd"), "forward"),
    **dict.fromkeys(words("share shares shared coshare"), "share"),
}

# Acts that are no ties in netact's sense; rows of them are counted and left out.
POST_WORDS = words("tweet tweets post posts")
OTHER_ACTS = words("like likes liked favorite favorites favourite tweet tweets post posts block mute")

_PLAIN_NUMBER = r"^\s*[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?\s*$"
UNIX_SECONDS = (946684800, 2208988800)


def looks_like_header(first: list[str], rest: list[list[str]], *, named: tuple[str | None, ...] = ()) -> bool:
    """Whether the first row holds column names.

    It does if it holds words for both ends of a tie, or a column the user named, or a text above a column of
    numbers; otherwise only if one cell is such a word, no cell looks like a value, and no cell comes again below.
    """
    folded = [fold(cell) for cell in first]
    wanted = {fold(name) for name in named if name}
    if any(cell and cell in wanted for cell in folded):
        return True
    ends = [cell for cell in folded if cell in _STRONG_SOURCE or cell in _STRONG_TARGET or cell in _WEAK]
    if header_ends(first):
        return True
    others = _WEIGHT | _TIME | _POST_ID | HASHTAG_WORDS | _PLATFORM | _KIND_COLUMN | ROLE_WORDS
    numeric = [is_value(cell) for cell in first]
    for place, cell_is_number in enumerate(numeric):
        below = [row[place] for row in rest if place < len(row) and row[place].strip()]
        if not cell_is_number and first[place].strip() and below and all(is_value(cell) for cell in below):
            return True
    known = bool(ends) or any(cell in others for cell in folded)
    below_cells = {cell for row in rest for cell in row}
    return known and not any(numeric) and not below_cells & set(first)


def unique_names(names: list[str], width: int) -> tuple[str, ...]:
    """Return column names without repeats; a column without a name is called by its place, a damaged byte is ``?``."""
    seen: dict[str, int] = {}
    result = []
    for place in range(width):
        name = names[place].strip().strip("\u200b\ufeff") if place < len(names) else ""
        name = name if name.isascii() else name.encode("utf-8", "replace").decode()
        name = name or f"column {place + 1}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)


def header_ends(cells: list[str]) -> bool:
    """Whether cells hold words for both ends of a tie."""
    return len({f for cell in cells if (f := fold(cell)) in _STRONG_SOURCE or f in _STRONG_TARGET or f in _WEAK}) >= 2


def is_value(text: str) -> bool:
    """Whether a cell is a number, a date or a word for nothing: never a column name."""
    return re.match(_PLAIN_NUMBER + r"|^\s*\d{4}-\d\d-\d\d|^\s*(?i:na|nan|null|none|-)\s*$", text) is not None


# Words that only occur in headers of account and admin tables.
ROLE_WORDS = words(
    "id key role permission subreddit page group channel community admin moderator owner isbot bot followers "
    "nfollowers followerscount nmembers members subscribers reach label displayname nativeid accountaddress "
    "accounta accountb platforma platformb validfrom validto"
)


# Words of any header.
HEADER_WORDS = (
    _STRONG_SOURCE.keys() | _STRONG_TARGET.keys() | _WEAK | _WEIGHT | _TIME | _POST_ID | HASHTAG_WORDS | _PLATFORM
    | _KIND_COLUMN | ROLE_WORDS | words("text body message content tweettext fulltext lang language url urls link")
) - {"n", "w", "at", "x"}  # fmt: skip
# Those no account is likely to be called by.
RARE_HEADER_WORDS = frozenset(word for word in HEADER_WORDS if not any(map(str.isdigit, word)))


def propose(table: RawTable, options: SourceOptions, *, file: str) -> Roles:
    """Assign columns to roles.

    Raises
    ------
    ImportFileError
        If a named column is missing, or source and target cannot be told.
    """
    given = {
        role: find_column(table, getattr(options, role), option=role, file=file)
        for role in _COLUMN_ROLES
        if getattr(options, role) is not None
    }
    platform = options.platform and _column_or_none(table, options.platform)
    if platform:
        given["platform"] = platform
    if len(set(given.values())) < len(given):
        raise ImportFileError(file, "one column is named for two roles", found=given, remedy="name each column once")
    if len(table.columns) < 2:
        _refuse_single_column(table, file=file)
    return _by_header(table, given, file=file) if table.header else _by_position(table, given, file=file)


def _refuse_single_column(table: RawTable, *, file: str) -> NoReturn:
    values = table.sample[table.columns[0]].drop_nulls().str.strip_chars()
    cells = values.to_list()
    if cells and all(re.fullmatch(r"x?\d{8,25}", cell) for cell in cells):
        raise NoInteractionsError(
            file,
            "this file holds post ids only; authors and targets are not in it and cannot be rebuilt offline",
            remedy="ask the provider for hydrated data",
        )
    raise NoInteractionsError(
        file,
        "only one column; a tie needs a source and a target",
        found=list(table.columns),
        remedy="pass --delimiter if the columns are separated by something unusual",
    )


def index_columns(table: RawTable) -> tuple[str, ...]:
    """Return the first column if it only numbers the rows: unnamed (``""``, ``Unnamed: 0``), 0..n or 1..n."""
    if not table.header or not table.columns:
        return ()
    first = table.columns[0]
    if not re.fullmatch(r"(Unnamed: 0|column 1|rownames?|index|\.\.\.1|X)", first):
        return ()
    values = table.sample[first].to_list()
    if not values or not all(value is not None and value.isascii() and value.isdigit() for value in values):
        return ()
    start = int(values[0])
    return (first,) if start in (0, 1) and [int(v) for v in values] == list(range(start, start + len(values))) else ()


def _column_or_none(table: RawTable, name: str) -> str | None:
    if name in table.columns:
        return name
    matches = [column for column in table.columns if fold(column) == fold(name)]
    if len(matches) == 1:
        return matches[0]
    if not table.header and (number := re.fullmatch(r"(?:column\s*)?(\d+)", name.strip())):
        place = int(number[1])
        if 1 <= place <= len(table.columns):
            return table.columns[place - 1]
    return None


def find_column(table: RawTable, name: str, *, option: str, file: str) -> str:
    """Return the column the user means.

    Raises
    ------
    ImportFileError
        If there is none.
    """
    column = _column_or_none(table, name)
    if column is None:
        raise ImportFileError(
            file,
            f"no column {name!r}",
            found=list(table.columns[:20]),
            remedy=f"pass --{option.replace('_', '-')} with one of these",
        )
    return column


def _by_header(table: RawTable, given: dict[str, str], *, file: str) -> Roles:
    skipped = index_columns(table)
    assumptions: list[str] = []
    if skipped:
        assumptions.append(Message("column {column!r} only numbers the rows and is left out", column=skipped[0]))
    taken = set(given.values())
    free = [name for name in table.columns if name not in taken and name not in skipped]
    source, target = given.get("source"), given.get("target")
    strong_sources = [name for name in free if fold(name) in _STRONG_SOURCE]
    strong_targets = [name for name in free if fold(name) in _STRONG_TARGET]
    weak = [name for name in free if fold(name) in _WEAK]

    def one(candidates: list[str], role: str) -> str | None:
        if len(candidates) > 1:
            raise ImportFileError(
                file, f"several columns could be the {role}", found=candidates, remedy=f"pass --{role} COLUMN"
            )
        return candidates[0] if candidates else None

    if source is None:
        source = one(strong_sources, "source")
    if target is None:
        target = one(strong_targets, "target")
    if source is None and target is None:
        # `user,name`: nothing says which is which.
        if len(weak) != 2 or len(free) > 2 + len(_other_roles(free)):
            _no_ends(table, file=file)
        source, target = weak
        assumptions.append(
            Message(
                "the header does not say who gives attention: {source!r} is read as the source and {target!r} as the "
                "target (--source, --target or --reverse change this)",
                source=source,
                target=target,
            )
        )
    elif source is None:
        source = one([name for name in weak if name != target], "source")
    elif target is None:
        target = one([name for name in weak if name != source], "target")
    if source is None or target is None:
        _no_ends(table, file=file, missing="source" if source is None else "target")
    taken |= {source, target}
    implied = [_STRONG_TARGET.get(fold(target)), _STRONG_SOURCE.get(fold(source))]
    implied += [_STRONG_SOURCE.get(fold(target)), _STRONG_TARGET.get(fold(source))]
    kind = next((word for word in implied if word is not None), None)

    def other(role: str, names: frozenset[str]) -> str | None:
        if role in given:
            return given[role]
        matches = [name for name in free if name not in taken and fold(name) in names]
        if role == "post_id":
            # NodeXL and others call the text of a post by the same words as its id.
            matches = [name for name in matches if not _is_prose(table.sample[name])]
        if len(matches) > 1 and role in ("weight", "time", "hashtags"):
            assumptions.append(
                Message(
                    "{column!r} is read as the {role}, not {other!r} (--{role} changes this)",
                    column=matches[0],
                    role=role,
                    other=matches[1],
                )
            )
        return matches[0] if matches else None

    kind_column, undirected = given.get("kind_column"), False
    if kind_column is None:
        kind_column, undirected = _kind_column(table, [n for n in free if n not in taken], assumptions, file=file)
    return Roles(
        source=source,
        target=target,
        kind_column=kind_column,
        weight=other("weight", _WEIGHT),
        time=other("time", _TIME),
        post_id=other("post_id", _POST_ID),
        hashtags=other("hashtags", HASHTAG_WORDS),
        platform=other("platform", _PLATFORM),
        kind=kind,
        undirected=undirected,
        assumptions=tuple(assumptions),
    )


def _is_prose(cells: pl.Series) -> bool:
    """Whether cells are running text: more than one in ten has a blank inside."""
    filled = cells.drop_nulls().str.strip_chars()
    return bool(filled.str.contains(r"\s").sum() > 0.1 * len(filled))


def _other_roles(names: list[str]) -> list[str]:
    others = _WEIGHT | _TIME | _POST_ID | HASHTAG_WORDS | _PLATFORM | _KIND_COLUMN
    return [name for name in names if fold(name) in others]


# Columns that tell a table of posts, and of likes.
_TEXT = words("text tweet body message content fulltext tweettext messagetext")
_LIKES = words("liked likedid likeduser likedby likes favorited favourited")


def _no_ends(table: RawTable, *, file: str, missing: str = "") -> NoReturn:
    names = {fold(name) for name in table.columns}
    if names & _LIKES and not names & _TEXT:
        raise NoInteractionsError(
            file,
            "holds likes, which netact does not count as ties",
            found=list(table.columns[:20]),
            remedy="export retweets, replies, mentions, quotes or follows",
        )
    what = f"no column for the {missing}" if missing else "no columns for source and target"
    option = f"--{missing} COLUMN" if missing else "--source COLUMN --target COLUMN"
    remedy = f"pass {option}"
    if names & _TEXT:
        remedy += ", or export the posts with the accounts that they retweet, answer or mention"
    raise NoInteractionsError(file, what, found=list(table.columns[:20]), remedy=remedy)


def _kind_column(table: RawTable, free: list[str], assumptions: list[str], *, file: str) -> tuple[str | None, bool]:
    """Find the column whose values are kinds; a Gephi column of Directed/Undirected says direction instead."""
    for name in (name for name in free if fold(name) in _KIND_COLUMN):
        values = {fold(value) for value in table.sample[name].drop_nulls().to_list()} - {""}
        if values & (KIND_WORDS.keys() | OTHER_ACTS):
            return name, False
        if table.mixed and values <= {"directed", "undirected", "mixed"}:
            return None, False
        if values == {"undirected"}:
            assumptions.append(
                Message("column {column!r} says Undirected: the order of source and target means nothing", column=name)
            )
            return None, True
        if values == {"directed", "undirected"}:
            raise ImportFileError(
                file, "holds directed and undirected ties", found=f"column {name!r}", remedy="split it in two files"
            )
        if values and values != {"directed"}:
            assumptions.append(
                Message("column {column!r} holds no kind of tie netact knows and is ignored", column=name)
            )
    return None, False


# Of a table without a header: more columns than a tie has parts.
_MOST_BY_POSITION = 8


def _by_position(table: RawTable, given: dict[str, str], *, file: str) -> Roles:
    """Read a table without a header: first column, second column, then weight or time by their values.

    Raises
    ------
    ImportFileError
        If it is no list of ties but a table of posts, or of so many columns that nothing says which are the ends.
    """
    free = [name for name in table.columns if name not in given.values()]
    texts = [name for name in free if _is_running_text(table.sample[name])]
    posts = bool(texts) and _are_ids_of_posts(table.sample[free[0]])
    if not {"source", "target"} & given.keys() and (posts or len(free) > _MOST_BY_POSITION):
        raise ImportFileError(
            file,
            "a table of posts without column names" if posts else "many columns without names",
            found=f"{len(table.columns)} columns"
            + (f", ids of posts in {free[0]}, texts in {texts[0]}" if posts else ""),
            remedy="pass --format if a program wrote it so, or --source COLUMN --target COLUMN ('column 1', 'column 2')",
        )
    source = given.get("source") or free.pop(0)
    target = given.get("target") or free.pop(0)
    assumptions: list[str] = []
    if "source" not in given and "target" not in given:
        assumptions.append(
            Message(
                "the file has no header: {source} is read as the account that gives attention, {target} as the one that "
                "receives it (--reverse or --source and --target change this)",
                source=source,
                target=target,
            )
        )
    found: dict[str, str] = {role: name for role, name in given.items() if role not in ("source", "target")}
    for name in free:
        values = table.sample[name].drop_nulls().str.strip_chars()
        values = values.filter(values != "")
        if not len(values):
            continue
        kinds = {fold(value) for value in values.to_list()}
        if "time" not in found and is_unix_time(values):
            found["time"] = name
            assumptions.append(
                Message(
                    "{column} holds whole numbers that are Unix times: read as the time (--weight {column!r} changes this)",
                    column=name,
                )
            )
        elif bool(values.str.contains(r"^x?\d{15,25}$").all()):
            if "post_id" in found or values.n_unique() < len(values):
                assumptions.append(Message("{column} holds text and is ignored", column=name))
                continue
            found["post_id"] = name
            assumptions.append(
                Message("{column} holds long numbers, each of them once: read as the ids of posts", column=name)
            )
        elif "weight" not in found and bool(values.str.contains(_PLAIN_NUMBER).all()):
            found["weight"] = name
            assumptions.append(
                Message("{column} holds numbers: read as the weight (--time {column!r} changes this)", column=name)
            )
        elif "time" not in found and bool(values.str.contains(r"^\d{4}-\d\d-\d\d").all()):
            found["time"] = name
            assumptions.append(Message("{column} holds dates: read as the time", column=name))
        elif "kind_column" not in found and kinds <= KIND_WORDS.keys():
            found["kind_column"] = name
            assumptions.append(Message("{column} holds kinds of ties: read as the kind", column=name))
        else:
            assumptions.append(Message("{column} holds text and is ignored", column=name))
    return Roles(source=source, target=target, assumptions=tuple(assumptions), **cast("dict[str, Any]", found))


def _are_ids_of_posts(values: pl.Series) -> bool:
    """Whether cells are long numbers, each of them once."""
    values = values.drop_nulls().str.strip_chars()
    return values.n_unique() == len(values) > 1 and bool(values.str.contains(r"^x?\d{15,25}$").all())


def _is_running_text(values: pl.Series) -> bool:
    """Whether most cells of a column are sentences: four words or more."""
    filled = values.drop_nulls().str.strip_chars()
    filled = filled.filter(filled != "")
    # Dates as programs write them have as many words, and numbers among them.
    words = filled.str.replace_all(r"\S*\d\S*", "").str.count_matches(r"\p{L}{2,}")
    return 2 * int((words >= 4).sum()) > len(filled)


def is_unix_time(values: pl.Series) -> bool:
    """Whether all values are whole numbers in the range of Unix times of 2000-2039, in s, ms or us."""
    if not bool(values.str.contains(r"^\d{9,16}$").all()):
        return False
    numbers = values.cast(pl.Int64)
    low, high = cast("int", numbers.min()), cast("int", numbers.max())
    return any(UNIX_SECONDS[0] * scale <= low and high <= UNIX_SECONDS[1] * scale for scale in (1, 1000, 1_000_000))


def resolved(
    options: SourceOptions, *, found_format: str, mapping: dict[str, str], dialect: dict[str, str], encoding: str | None
) -> SourceOptions:
    """Return the options with everything filled in that the import decided, so that it can be run again exactly.

    What was decided for one of several files in an archive need not hold for the others: then nothing is filled in.
    """
    if "files read" in dialect:
        return options
    columns = {role: mapping[role] for role in _COLUMN_ROLES if role in mapping}
    header = {"yes": True, "no": False}.get(dialect.get("header", ""))
    return replace(
        options,
        format=found_format,
        encoding=encoding if found_format == "delimited" else options.encoding,
        delimiter=dialect.get("delimiter", options.delimiter),
        header=options.header if header is None else header,
        sheet=dialect.get("sheet", options.sheet),
        member=dialect.get("member", options.member),
        **cast("dict[str, Any]", columns),
    )
