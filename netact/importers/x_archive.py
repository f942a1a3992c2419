"""X account archive: what one account posted, whom it follows, and who follows it.

How it is obtained: X, "Settings", "Your account", "Download an archive of your data"; the zip archive as it comes, or the
unpacked folder. Archives from before 2019 (``data/js/tweets/2013_01.js``) are read file by file.

Read: ``account.js`` (id, handle and name only), ``tweets.js`` or ``tweet.js`` with their parts and ``community-tweet.js`` (answers,
mentions, retweets as ``RT @name`` and marked as inferred), ``note-tweet.js`` (names and hashtags in the rest of long posts),
``following.js``, ``follower.js`` and ``screen-name-change.js``. No other file is opened: an archive also holds private messages,
addresses, telephone numbers and places of login, and posts that were deleted. One of these files given alone does not say whose it is:
pass ``--ego``.

Lost: likes (their authors are not in the archive), whom a post quotes (only a link tells), times of follows, the handles of
followers, and all that others did.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from netact.errors import ImportFileError
from netact.importers.importer import Importer, Members, Text
from netact.importers.json_records import whole
from netact.importers.posts import Account, Item, Known, NoTie, PostTable, Tie, Unusable, guarded
from netact.importers.twitter_posts import NO_POST, dict_of, dicts_of, v1_items, v2_id
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from netact.importers.mapping import SourceOptions
    from netact.importers.source_file import SourceFile

    Notes = Mapping[str, list[dict[str, Any]]]

LONG_TEXTS = Message("long texts without their post")

_BEGINS = re.compile(rb"\s*(?:(?:window\.)?YTD\.(\w+)\.part\d+|Grailbird\.data\.(\w+))\s*=\s*")
_POSTS = r"(tweets?|community-tweets?)(-part\d+)?\.js$"
_FOLLOWS = r"(following|follower)(-part\d+)?\.js$"
_BESIDE = r"(account|note-tweet(-part\d+)?|screen-name-change)\.js$"
WANTED = tuple(rf"(^|/)(data/)?{names}" for names in (_POSTS, _FOLLOWS, _BESIDE))

_FIELDS = {
    "source": "account.accountId, follower.accountId",
    "target": "tweet.in_reply_to_user_id_str, tweet.entities.user_mentions, tweet.full_text, following.accountId",
    "time": "tweet.created_at",
    "post_id": "tweet.id_str",
    "hashtags": "tweet.entities.hashtags",
    "client": "tweet.source",
}
# Names inside the files, with the word that stands for a record.
_RECORDS = {
    "tweets": "tweet", "tweet": "tweet", "community_tweet": "tweet", "community_tweets": "tweet", "following": "following",
    "follower": "follower", "note_tweet": "noteTweet", "screen_name_change": "screenNameChange",
}  # fmt: skip


def read_x_archive(files: Sequence[SourceFile], options: SourceOptions) -> PostTable:
    """Open the files of an account archive of X.

    Raises
    ------
    ImportFileError
        If ``account.js`` is missing or one of the files is broken.
    """
    chosen = [file for file in files if any(re.search(name, file.member, re.IGNORECASE) for name in WANTED)]
    account = [file for file in chosen if file.member.lower().rpartition("/")[2] == "account.js"]
    if len(account) != 1:
        raise ImportFileError(
            files[0].path.name if files else "archive",
            "holds no account.js, which says whose archive it is" if not account else "holds several archives",
            remedy="name the archive as it was downloaded, one at a time",
        )
    ego = _ego(account[0], options)
    rest = [file for file in chosen if file not in account]
    # The rest of long posts is needed before the posts.
    rest.sort(key=lambda file: "note-tweet" not in file.member.lower())

    def items() -> Iterator[Item]:
        yield Known(Account(ego["id_str"], ego["screen_name"], ego["name"]))
        notes: dict[str, list[dict[str, Any]]] = {}
        for file in rest:
            yield from _items(file, options, ego, notes)
        yield from [NoTie(LONG_TEXTS)] * sum(map(len, notes.values()))

    names = ", ".join(file.member.rpartition("/")[2] for file in chosen)
    return PostTable(items=items, platform="twitter", fields=_FIELDS, encoding="utf-8", dialect={"files": names})


def read_x_archive_file(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open one file of an account archive of X; ``--ego`` says whose archive.

    Raises
    ------
    ImportFileError
        If it holds neither posts nor follows, or nothing says whose they are.
    """
    found = _BEGINS.match(source.head.lstrip(b"\xef\xbb\xbf"))
    what = (found[1] or b"").decode() if found else ""
    if found and found[2]:
        what = "grailbird"
    elif what not in ("tweets", "tweet", "community_tweet", "community_tweets", "following", "follower"):
        raise ImportFileError(
            source.name,
            f"this file of an X archive ({what or 'unknown'}) holds no tie that netact reads",
            remedy="name the whole archive, or its tweets.js, following.js or follower.js",
        )
    ego: dict[str, Any] = {}
    told = (options.ego or "").strip()
    if told:
        by_id = told.isdigit()
        ego = {"id_str": told if by_id else None, "screen_name": None if by_id else told.lstrip("@"), "name": None}
    elif what != "grailbird":
        raise ImportFileError(
            source.name,
            "this file of an X archive does not say whose it is",
            remedy="name the whole archive with its account.js, or pass --ego HANDLE",
        )
    return PostTable(
        items=lambda: _items(source, options, ego, {}),
        platform="twitter",
        fields=_FIELDS,
        encoding="utf-8",
        assumptions=(Message("whose list it is was told: {name}", name=told),) if told else (),
    )


def _ego(file: SourceFile, options: SourceOptions) -> dict[str, Any]:
    """Return whose archive it is; nothing else of the file is kept."""
    for record in _load(file, options):
        account = dict_of(dict_of(record).get("account"))
        key, handle = v2_id(account.get("accountId")), account.get("username")
        if key or handle:
            return {"id_str": key, "screen_name": handle, "name": account.get("accountDisplayName")}
    raise ImportFileError(file.name, "does not say whose archive it is", remedy="download the archive again")


def _load(file: SourceFile, options: SourceOptions) -> list[Any]:
    """Return the records of a file, which is a program that sets one variable; it is never run."""
    value = whole(file, options, repair=lambda content: _BEGINS.sub(b"", content, count=1).rstrip().rstrip(b";"))
    return value if isinstance(value, list) else [value]


def _items(
    file: SourceFile, options: SourceOptions, ego: dict[str, Any], notes: dict[str, list[dict[str, Any]]]
) -> Iterator[Item]:
    found = _BEGINS.match(file.head.lstrip(b"\xef\xbb\xbf"))
    what = (found[1] or b"").decode() if found else ""
    word = _RECORDS.get(what, "tweet")
    me = Account(ego.get("id_str"), ego.get("screen_name"), ego.get("name"))

    def take(row: int, record: Any) -> list[Item]:
        inner = record.get(word, record) if isinstance(record, dict) else None
        if not isinstance(inner, dict):
            return [Unusable(row, NO_POST)]
        return _TAKES[word](row, inner, me, ego, notes)

    for row, record in enumerate(_load(file, options), 1):
        yield from guarded(row, record, lambda row, record: take(row, record))


def _tweet(row: int, post: dict[str, Any], _me: Account, ego: dict[str, Any], notes: Any) -> list[Item]:
    if "id_str" not in post and "id" not in post:
        return [Unusable(row, NO_POST)]
    if not isinstance(post.get("user"), dict):  # which it is in archives from before 2019
        post = {**post, "user": ego}
    note = _note_of(post, notes) if notes else None
    if note is not None:
        post["extended_tweet"] = {**note, "display_text_range": post.get("display_text_range")}
    return v1_items(row, post)


def _follow(row: int, record: dict[str, Any], me: Account, *, to_me: bool) -> list[Item]:
    other = Account(v2_id(record.get("accountId")))
    return [Tie(row, "follow", other if to_me else me, me if to_me else other)]


def _note(row: int, note: dict[str, Any], _me: Account, _ego: dict[str, Any], notes: Any) -> list[Item]:
    core = dict_of(note.get("core")) or dict_of(note.get("noteTweetResults"))
    entities = dict_of(core.get("entitySet")) or core
    text = core.get("text")
    if not isinstance(text, str):
        return [Unusable(row, NO_POST)]
    found = {
        "full_text": text,
        "entities": {
            "user_mentions": [
                {
                    "screen_name": mention.get("screenName") or mention.get("screen_name"),
                    "id_str": mention.get("id_str") or mention.get("userId"),
                    "indices": [mention.get("fromIndex") or 0],
                }
                for mention in dicts_of(entities.get("mentions") or entities.get("userMentions"))
            ],
            "hashtags": [tag for tag in dicts_of(entities.get("hashtags")) if isinstance(tag.get("text"), str)],
        },
    }
    notes.setdefault(_beginning(text), []).append(found)
    return []


def _note_of(post: dict[str, Any], notes: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Return the whole of a long post: they share their beginning, and no id."""
    found = notes.get(_beginning(str(post.get("full_text") or "")))
    if not found:
        return None
    note = found.pop(0)
    own = dict_of(post.get("entities"))
    short = {str(mention.get("screen_name")).casefold() for mention in dicts_of(own.get("user_mentions"))}
    tags = {str(tag.get("text")).casefold() for tag in dicts_of(own.get("hashtags"))}
    more = note["entities"]
    entities = {
        "user_mentions": [
            *dicts_of(own.get("user_mentions")),
            *(item for item in more["user_mentions"] if str(item["screen_name"]).casefold() not in short),
        ],
        "hashtags": [
            *dicts_of(own.get("hashtags")),
            *(tag for tag in more["hashtags"] if tag["text"].casefold() not in tags),
        ],
    }
    return {"full_text": note["full_text"], "entities": entities}


def _beginning(text: str) -> str:
    return "".join(html.unescape(text).split())[:100]


def _renamed(row: int, record: dict[str, Any], me: Account, _ego: dict[str, Any], _notes: Any) -> list[Item]:
    change = dict_of(record.get("screenNameChange")) or record
    names = [change[name] for name in ("changedFrom", "changedTo") if isinstance(change.get(name), str)]
    found: list[Item] = [Known(Account(me.native_id, name, me.name), change.get("changedAt")) for name in names if name]
    return found or [Unusable(row, NO_POST)]


_TAKES: Mapping[str, Callable[[int, dict[str, Any], Account, dict[str, Any], Any], list[Item]]] = {
    "tweet": _tweet,
    "following": lambda row, record, me, _ego, _notes: _follow(row, record, me, to_me=False),
    "follower": lambda row, record, me, _ego, _notes: _follow(row, record, me, to_me=True),
    "noteTweet": _note,
    "screenNameChange": _renamed,
}

X_ARCHIVE = Importer(
    "x-archive",
    "X (Twitter) account archive, zip or folder",
    (Members((r"(^|/)data/account\.js$", rf"(^|/)data/({_POSTS}|{_FOLLOWS})")),),
    of_files=read_x_archive,
    wanted=WANTED,
)
X_ARCHIVE_FILE = Importer(
    "x-archive-file",
    "one file of an X (Twitter) account archive: tweets.js, following.js, follower.js",
    (Text(r"(window\.)?YTD\.\w+\.part\d+\s*=|Grailbird\.data\.\w+\s*=", Message("begins as a file of an X archive")),),
    read=read_x_archive_file,
)
