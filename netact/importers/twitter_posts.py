"""What records of the Twitter API say, v1.1 and v2; files hold both when a collection went on for years."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from netact.importers.posts import Account, Deleted, Item, Known, NoTie, Post, Reference, Tie, Unusable, guarded
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_POST = Message("not a post")
ERRORS = Message("answers that hold no post")
NOTICES = Message("notices of the stream")
LIKES = Message("likes")
PROFILES = Message("accounts described without a tie")
COUNTS = Message("counts and other statistics")

RETWEET_TEXT = re.compile(r"RT @([A-Za-z0-9_]{1,15})\b")
# The names the platform puts before an answer.
LEADING = re.compile(r"(?:@[A-Za-z0-9_]{1,15}\s+)+")
_TAG = re.compile(r"<[^>]*>")
_STATUS_LINK = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{1,15})/status/(\d+)")
# What streams of v1.1 send besides posts.
_NOTICES = (
    "limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect", "warning", "event", "friends", "friends_str",
    "control",
)  # fmt: skip
# Whose list a page of accounts is stands only in the request: /2/users/1/followers, /2/tweets/1/retweeted_by.
REQUEST = re.compile(r"/2/(users|tweets|lists|spaces)/(\d+)/([a-z_]+)")
_NOBODY = Account()
_NONE: Mapping[str, dict[str, Any]] = MappingProxyType({})


def api_items(row: int, record: Any) -> list[Item]:
    """Return what a record of either interface says: a post, a page of posts or accounts, a notice."""
    out: list[Item] = []
    if isinstance(record, list):
        for member in record:
            out += guarded(row, member, api_items)
    elif not isinstance(record, dict):
        out.append(Unusable(row, NO_POST))
    elif isinstance(record.get("user"), dict):
        _v1_post(row, record, out)
    elif isinstance(record.get("data"), list | dict):
        _page(row, record, out)
    elif "author_id" in record or isinstance(record.get("author"), dict):
        _v2_post(row, record, _NONE, _NONE, _NONE, out)
    elif isinstance(record.get("statuses"), list):
        for post in record["statuses"]:
            out += guarded(row, post, api_items)
    elif isinstance(record.get("delete"), dict):
        out.append(NoTie(NOTICES))
        status = record["delete"].get("status")
        if isinstance(status, dict) and (post_id := id_of(status)):
            out.append(Deleted(post_id))
    elif isinstance(record.get("users"), list | dict) or isinstance(record.get("tweets"), list | dict):
        _includes(row, record, out)
    elif "username" in record and "id" in record:
        _accounts(row, [record], record, out)
    elif any(name in record for name in _NOTICES):
        out.append(NoTie(NOTICES))
    elif "errors" in record or "meta" in record or not record:
        out.append(NoTie(ERRORS))
    else:
        out.append(Unusable(row, NO_POST))
    return out


def id_of(record: Mapping[str, Any]) -> str | None:
    """Return the id of a post or account of v1.1; the number beside the text was rounded by some programs."""
    key = record.get("id_str") or record.get("id")
    return key if isinstance(key, str) else str(key) if isinstance(key, int) and key else None


@lru_cache(maxsize=4096)
def program(source: str) -> str | None:
    """Return the name of a program from the link around it."""
    return _TAG.sub("", source).strip() or None


# ---------------------------------------------------------------- v1.1


def v1_items(row: int, post: dict[str, Any]) -> list[Item]:
    """Return what a post of v1.1, or one brought into its form, says."""
    out: list[Item] = []
    if isinstance(post.get("user"), dict):
        _v1_post(row, post, out)
    else:
        out.append(Unusable(row, NO_POST))
    return out


def _v1_post(row: int, post: dict[str, Any], out: list[Item]) -> None:
    author = v1_account(post["user"])
    source = post.get("source")
    client = program(source) if isinstance(source, str) else None
    retweeted, quoted = post.get("retweeted_status"), post.get("quoted_status")
    if isinstance(quoted, dict):
        _v1_context(row, quoted, out)
    if isinstance(retweeted, dict):
        _v1_context(row, retweeted, out)
        passed_on = Reference(id_of(retweeted), v1_account(retweeted.get("user")))
        out.append(Post(row, id_of(post), author, post.get("created_at"), passed_on, client=client))
        return
    extended = post.get("extended_tweet")
    body: dict[str, Any] = extended if isinstance(extended, dict) else post
    text = body.get("full_text") or post.get("full_text") or post.get("text") or ""
    entities = body.get("entities") or post.get("entities") or {}
    mentions = entities.get("user_mentions")
    if text.startswith("RT @") and (told := RETWEET_TEXT.match(text)):
        passed_on = Reference(v2_id(post.get("retweeted_status_id_str")), _named(told[1], mentions))
        out.append(Post(row, id_of(post), author, post.get("created_at"), passed_on, client=client, inferred=True))
        return
    quote = None
    if isinstance(quoted, dict):
        quote = Reference(id_of(quoted), v1_account(quoted.get("user")))
    elif quoted_id := post.get("quoted_status_id_str") or post.get("quoted_status_id"):
        quote = Reference(str(quoted_id), _linked(post.get("quoted_status_permalink"), str(quoted_id)))
    reply = addressed = None
    if to := post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id"):
        addressed = Account(str(to), post.get("in_reply_to_screen_name"))
    if parent := post.get("in_reply_to_status_id_str") or post.get("in_reply_to_status_id"):
        reply = Reference(str(parent), addressed)
    # Addressed to an account, but no answer to a post of it: a mention.
    mentioned: list[Account] = [addressed] if addressed and reply is None else []
    implied: list[Account] = []
    if mentions:
        start = _place(body.get("display_text_range")) if reply is not None else 0
        for mention in mentions:
            before = start and _place(mention.get("indices")) < start
            (implied if before else mentioned).append(v1_account(mention))
    tags = entities.get("hashtags")
    out.append(
        Post(
            row, id_of(post), author, post.get("created_at"), None, None, quote, reply, mentioned, implied,
            [tag["text"] for tag in tags if "text" in tag] if tags else (), client,
        )
    )  # fmt: skip


def _v1_context(row: int, post: dict[str, Any], out: list[Item]) -> None:
    """Note who wrote a post that came along."""
    user = post.get("user")
    if isinstance(user, dict):
        source = post.get("source")
        client = program(source) if isinstance(source, str) else None
        out.append(Post(row, id_of(post), v1_account(user), post.get("created_at"), client=client, collected=False))
    quoted = post.get("quoted_status")
    if isinstance(quoted, dict) and isinstance(quoted.get("user"), dict) and "quoted_status" not in quoted:
        _v1_context(row, quoted, out)


def v1_account(user: Any) -> Account:
    """Return the account that a user object of v1.1 describes."""
    if not isinstance(user, dict):
        return _NOBODY
    key = user.get("id_str")
    if not isinstance(key, str) or not key or key == "-1":  # an account that is not there
        key = id_of(user) if key != "-1" else None
    return Account(key, user.get("screen_name"), user.get("name"))


def _named(handle: str, mentions: Any) -> Account:
    """Return the account of a handle in the text, with the id under which it is mentioned."""
    for mention in dicts_of(mentions):
        if str(mention.get("screen_name")).casefold() == handle.casefold():
            return v1_account(mention)
    return Account(None, handle)


def _place(between: Any) -> int:
    """Return where something begins in the text; archives write numbers as texts."""
    return int(between[0]) if between else 0


def _linked(link: Any, post_id: str) -> Account | None:
    """Return the author of a quoted post that is known by its address only."""
    told = _STATUS_LINK.match(str(link.get("expanded"))) if isinstance(link, dict) else None
    return Account(None, told[1]) if told and told[2] == post_id and told[1] != "i" else None


# ---------------------------------------------------------------- v2


def _page(row: int, page: dict[str, Any], out: list[Item]) -> None:
    includes = dict_of(page.get("includes"))
    data = page["data"]
    records = dicts_of(data) if isinstance(data, list) else [data] if data else []
    if not records:
        out.append(NoTie(ERRORS))
    if any("tweet_count" in record for record in records):
        out.extend([NoTie(COUNTS)] * len(records))
        return
    accounts = [record for record in records if "username" in record and "author_id" not in record]
    if accounts:
        _accounts(row, accounts, page, out)
    posts = [record for record in records if "username" not in record or "author_id" in record] if accounts else records
    users = {str(user["id"]): user for user in dicts_of(includes.get("users")) if "id" in user}
    originals = {str(post["id"]): post for post in dicts_of(includes.get("tweets")) if "id" in post}
    collected = {str(post["id"]): post for post in posts if "id" in post}
    names = {str(user.get("username", "")).casefold(): user for user in users.values()}
    along = [post for key, post in originals.items() if key not in collected]
    originals |= collected
    liked = "/liked_tweets" in str(dict_of(page.get("__twarc")).get("url")) if posts else False
    for post in posts:
        out += guarded(row, post, lambda row, post: _v2_items(row, post, users, originals, names))
        if liked:
            out.append(NoTie(LIKES))
    for post in along:
        out += guarded(row, post, lambda row, post: _v2_context(row, post, users))


def _includes(row: int, record: dict[str, Any], out: list[Item]) -> None:
    """Note the accounts and posts that a program stored apart from the posts they came with."""
    users = {str(user["id"]): user for user in dicts_of(record.get("users")) if "id" in user}
    for user in users.values():
        out.append(Known(_v2_account(user)))
        out.append(NoTie(PROFILES))
    for post in dicts_of(record.get("tweets")):
        out += guarded(row, post, lambda row, post: _v2_context(row, post, users))


def _accounts(row: int, accounts: Iterable[dict[str, Any]], page: dict[str, Any], out: list[Item]) -> None:
    """Say what a page of accounts is by the request it answers."""
    told = REQUEST.search(str(dict_of(page.get("__twarc")).get("url")))
    of, ego, what = (told[1], told[2], told[3]) if told else ("", "", "")
    for user in accounts:
        who = _v2_account(user)
        out.append(Known(who))
        if (of, what) == ("users", "followers"):
            out.append(Tie(row, "follow", who, Account(ego)))
        elif (of, what) == ("users", "following"):
            out.append(Tie(row, "follow", Account(ego), who))
        elif (of, what) == ("tweets", "retweeted_by"):
            out.append(Post(row, None, who, reposted=Reference(ego)))
        elif (of, what) == ("tweets", "liking_users"):
            out.append(NoTie(LIKES))
        else:
            out.append(NoTie(PROFILES))


def _v2_items(
    row: int,
    post: dict[str, Any],
    users: Mapping[str, dict[str, Any]],
    originals: Mapping[str, dict[str, Any]],
    names: Mapping[str, dict[str, Any]],
) -> list[Item]:
    out: list[Item] = []
    _v2_post(row, post, users, originals, names, out)
    return out


def _v2_post(
    row: int,
    post: dict[str, Any],
    users: Mapping[str, dict[str, Any]],
    originals: Mapping[str, dict[str, Any]],
    names: Mapping[str, dict[str, Any]],
    out: list[Item],
) -> None:
    author = _author(post, users) or _NOBODY
    text = post.get("text") or ""
    retweeted = quoted = replied = None
    for reference in dicts_of(post.get("referenced_tweets")):
        ref_id = v2_id(reference.get("id"))
        # A flattened post holds the referenced one inside the reference.
        known = originals.get(ref_id or "", reference)
        if known is reference and "author_id" in reference:
            out += _v2_context(row, reference, users)
        how, found = reference.get("type"), Reference(ref_id, _author(known, users))
        if how == "retweeted":
            retweeted = found
        elif how == "quoted":
            quoted = found
        elif how == "replied_to":
            replied = found
    if retweeted is not None:
        inferred = False
        if retweeted.author is None and (told := RETWEET_TEXT.match(text)):
            retweeted, inferred = Reference(retweeted.post_id, Account(None, told[1])), True
        out.append(
            Post(
                row, v2_id(post.get("id")), author, post.get("created_at"), retweeted, client=post.get("source"),
                inferred=inferred,
            )
        )  # fmt: skip
        return
    addressed = None
    if to := v2_id(post.get("in_reply_to_user_id")):
        parent = users.get(to) or dict_of(post.get("in_reply_to_user"))
        addressed = Account(to, parent.get("username"), parent.get("name"))
        # Addressed to an account, but no answer to a post of it: a mention.
        replied = replied and Reference(replied.post_id, addressed)
    entities = dict_of(post.get("entities"))
    # The beginning of a long post is its text; what stands behind is in the note.
    note = dict_of(dict_of(post.get("note_tweet")).get("entities"))
    mentioned: list[Account] = [addressed] if addressed and replied is None else []
    implied: list[Account] = []
    mentions = entities.get("mentions")
    if mentions or note:
        lead = LEADING.match(text) if replied is not None else None
        ends = lead.end() if lead is not None else 0
        for mention in [*dicts_of(mentions), *dicts_of(note.get("mentions"))]:
            handle = mention.get("username") or mention.get("tag")
            key, name = v2_id(mention.get("id")), mention.get("name")
            if key is None and names:
                user = names.get(str(handle).casefold(), {})
                key, name = v2_id(user.get("id")), name or user.get("name")
            elif name is None and key is not None and key in users:
                name = users[key].get("name")
            (implied if (mention.get("start") or 0) < ends else mentioned).append(Account(key, handle, name))
    tags = [*dicts_of(entities.get("hashtags")), *dicts_of(note.get("hashtags"))]
    out.append(
        Post(
            row, v2_id(post.get("id")), author, post.get("created_at"), None, None, quoted, replied, mentioned, implied,
            list(dict.fromkeys(str(tag["tag"]) for tag in tags if "tag" in tag)) if tags else (), post.get("source"),
        )
    )  # fmt: skip


def _v2_context(row: int, post: dict[str, Any], users: Mapping[str, dict[str, Any]]) -> list[Item]:
    """Note who wrote a post that came along."""
    author = _author(post, users)
    if author is None:
        return []
    found = Post(row, v2_id(post.get("id")), author, post.get("created_at"), client=post.get("source"), collected=False)
    return [found]


def _author(post: Mapping[str, Any], users: Mapping[str, dict[str, Any]]) -> Account | None:
    own = post.get("author")
    if not isinstance(own, dict):
        own = {}
    key = v2_id(post.get("author_id")) or v2_id(own.get("id"))
    if key is None:
        return None
    user = users.get(key, own)
    return Account(key, user.get("username"), user.get("name"))


def _v2_account(user: Mapping[str, Any]) -> Account:
    return Account(v2_id(user.get("id")), user.get("username"), user.get("name"))


def v2_id(value: Any) -> str | None:
    """Return an id as text; None if it is none."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def dict_of(value: Any) -> dict[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def dicts_of(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list; written by R, an empty list is an empty object."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
