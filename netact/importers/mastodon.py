"""The fediverse: Mastodon statuses, lists of followed accounts, the outbox of an archive; Truth Social.

How it is obtained: statuses as the Mastodon interface answers (timelines, hashtags, searches, threads), one a line, a list or
pages; ``following_accounts.csv`` from Preferences > Import and export, for which ``--ego`` tells whose list it is;
``outbox.json`` from the archive of an account; Truth Social as Zeeschuimer stores it, or as the same interface answers.

Read: a boost (``reblog``) is a retweet of the author of the original; quotes, replies, mentions, hashtags, program
(``application``), bots. Ids are those of the server that was asked and differ from server to server: accounts are kept by
their full address ``name@server``, posts by their public address. Whom a reply answers is looked up among all accounts of the
file. In an outbox the author of a boosted or answered post is read from its address where that holds the name
(``/users/NAME/``, ``/@NAME/``), else from whom the boost was addressed to; the rest stays unresolved.

Lost: favourites, polls, media, metrics; private (direct) posts are counted and left out. A list of followed accounts has no
times. A list of bare addresses may be of followers or of followed accounts and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from netact.errors import ImportFileError
from netact.importers.bluesky import OTHER_RECORDS
from netact.importers.importer import Importer, columns, json_fields
from netact.importers.json_records import open_records, whole
from netact.importers.mapping import fold
from netact.importers.posts import (
    Account,
    Item,
    NoTie,
    Post,
    PostTable,
    Reference,
    Tie,
    Unusable,
    each,
    each_row,
    guarded,
)
from netact.importers.twitter_posts import NO_POST
from netact.language import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netact.importers.mapping import RawTable, SourceOptions
    from netact.importers.source_file import SourceFile

PRIVATE = Message("private messages")

FIELDS = {
    "source": "account",
    "target": "reblog, quote, in_reply_to_account_id, mentions",
    "time": "created_at",
    "post_id": "uri",
    "hashtags": "tags",
    "client": "application",
}


@dataclass
class _Statuses:
    """Turns statuses into posts; a reply waits for the end of the file if whom it answers has not been met."""

    one_site: bool = False  # all accounts are of one server: ids are identities
    accounts: dict[str, Account] = field(default_factory=dict)  # by the id of the server that was asked
    addresses: dict[str, str] = field(default_factory=dict)  # of posts, likewise
    waiting: list[tuple[Post, str | None, str | None]] = field(default_factory=list)

    def items(self, records: Any) -> Iterator[Item]:
        yield from each(records, self.record)
        for post, parent, who in self.waiting:
            author = self.accounts.get(who or "")
            yield post._replace(replied=Reference(self.addresses.get(parent or "", parent), author))

    def record(self, row: int, record: Any) -> list[Item]:
        out: list[Item] = []
        if not isinstance(record, dict):
            out.append(Unusable(row, NO_POST))
        elif "account" in record:
            self.status(row, record, out)
        elif isinstance(record.get("data"), dict) and "account" in record["data"]:
            self.status(row, record["data"], out)
        else:
            pages = [part for name in ("statuses", "ancestors", "descendants") for part in record.get(name) or ()]
            for status in pages:
                out += guarded(row, status, self.record)
            if not pages:
                out.append(Unusable(row, NO_POST))
        return out

    def status(self, row: int, status: dict[str, Any], out: list[Item]) -> None:
        if status.get("visibility") == "direct":
            out.append(NoTie(PRIVATE))
            return
        author, key, time = self.account(status["account"]), self.address(status), status.get("created_at")
        client = (status.get("application") or {}).get("name")
        if boosted := status.get("reblog"):
            passed_on = self.context(row, boosted, out)
            out.append(Post(row, key, author, time, reposted=passed_on, client=client))
            return
        quoted = None
        quote = status.get("quote")
        inner = (quote.get("quoted_status") or quote) if isinstance(quote, dict) else {}
        if isinstance(inner, dict) and isinstance(inner.get("account"), dict):
            quoted = self.context(row, inner, out)
        elif quote_id := inner.get("quoted_status_id") or status.get("quote_id"):
            quoted = Reference(self.addresses.get(str(quote_id), str(quote_id)))
        above = status.get("in_reply_to")
        if isinstance(above, dict) and isinstance(above.get("account"), dict):
            self.context(row, above, out)
        post = Post(
            row=row,
            post_id=key,
            author=author,
            time=time,
            quoted=quoted,
            mentioned=[self.account(who) for who in status.get("mentions") or ()],
            hashtags=[tag["name"] for tag in status.get("tags") or () if "name" in tag],
            client=client,
        )
        parent, who = status.get("in_reply_to_id"), status.get("in_reply_to_account_id")
        if not parent and not who:
            out.append(post)
            return
        parent, who = str(parent) if parent else None, str(who) if who else None
        if parent in self.addresses and who in self.accounts:
            out.append(post._replace(replied=Reference(self.addresses[parent or ""], self.accounts[who or ""])))
        else:
            self.waiting.append((post, parent, who))

    def context(self, row: int, status: dict[str, Any], out: list[Item]) -> Reference:
        """Note who wrote a status that came along with another."""
        key, author = self.address(status), self.account(status["account"])
        out.append(Post(row, key, author, status.get("created_at"), collected=False))
        return Reference(key, author)

    def account(self, found: dict[str, Any]) -> Account:
        name = found.get("acct") or found.get("username")
        key = str(found["id"]) if found.get("id") else None
        if name and not self.one_site and "@" not in name:
            server = urlsplit(found.get("url") or "").netloc
            name = f"{name}@{server}" if server else None
        who = Account(
            key if self.one_site else None, name, found.get("display_name"), True if found.get("bot") else None
        )
        if key and name:
            self.accounts.setdefault(key, who)
        return who

    def address(self, status: dict[str, Any]) -> str:
        key = str(status["id"])
        address = key if self.one_site else status.get("uri") or status.get("url") or key
        self.addresses[key] = address
        return str(address)


def read_mastodon(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open statuses of Mastodon.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: _Statuses().items(records),
        platform="mastodon",
        fields=FIELDS,
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


def read_truth_social(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open posts of Truth Social.

    Raises
    ------
    ImportFileError
        If the file is no JSON.
    """
    records = open_records(source, options)
    return PostTable(
        items=lambda: _Statuses(one_site=True).items(records),
        platform="truthsocial",
        fields={**FIELDS, "post_id": "id"},
        encoding=records.encoding,
        dialect={"layout": records.layout},
    )


# ---------------------------------------------------------------- lists of followed accounts


def read_mastodon_follows(table: RawTable, source: SourceFile, options: SourceOptions) -> PostTable:
    """Open the list of accounts that one account follows.

    Raises
    ------
    ImportFileError
        If it is not told whose list it is, or the list may be of followers.
    """
    if not {"showboosts", "notifyonnewposts", "languages"} & {fold(name) for name in table.columns}:
        raise ImportFileError(
            source.name,
            "a list of addresses that does not say whether they follow or are followed",
            found=list(table.columns[:5]),
            remedy="write it as a table with the columns follower and followed",
        )
    ego = _told_ego(options)
    if ego is None:
        raise ImportFileError(
            source.name,
            "a list of followed accounts that does not say who follows them",
            found=options.ego and f"--ego {options.ego}, which names no server",
            remedy="pass --ego name@server",
        )

    def take(row: int, cells: dict[str, str | None]) -> Iterator[Item]:
        address = (cells["address"] or "").strip().lstrip("@")
        if address:
            yield Tie(row, "follow", ego, Account(None, address))
        else:
            yield Unusable(row, NO_POST)

    return PostTable(
        items=lambda: each_row(table, {"address": "Account address"}, take),
        platform="mastodon",
        fields={"source": "--ego", "target": "Account address"},
        assumptions=(Message("whose list it is was told: {name}", name=ego.handle),),
    )


def _told_ego(options: SourceOptions) -> Account | None:
    """Return the account that ``--ego`` tells, as ``name@server`` or as the address of its page."""
    told = (options.ego or "").strip()
    if told.startswith(("https://", "http://")):
        return _author_in(told)
    told = told.lstrip("@")
    return Account(None, told) if "@" in told else None


# ---------------------------------------------------------------- outbox of an archive

_NAME_IN_PATH = re.compile(r"^/(?:users/|@)([^/@]+)(?:/|$)")


def read_outbox(source: SourceFile, options: SourceOptions) -> PostTable:
    """Open the outbox of an archive of an account.

    Raises
    ------
    ImportFileError
        If the file is no JSON, or too large.
    """
    value = whole(source, options)
    activities = value.get("orderedItems") if isinstance(value, dict) else None
    if not isinstance(activities, list):
        raise ImportFileError(source.name, "holds no list orderedItems", remedy="export the archive again")
    told = _told_ego(options)
    actors = (activity.get("actor") for activity in activities if isinstance(activity, dict))
    if told is None and not any(_author_in(actor) for actor in actors):
        raise ImportFileError(
            source.name, "the addresses in it do not tell whose outbox it is", remedy="pass --ego name@server"
        )
    return PostTable(
        items=lambda: each(
            ((row, activity, "") for row, activity in enumerate(activities, 1)), partial(_activity, told=told)
        ),
        platform="mastodon",
        fields={
            "source": "actor",
            "target": "object, inReplyTo, tag",
            "time": "published",
            "post_id": "object.id",
            "hashtags": "tag",
        },
        encoding="utf-8",
        dialect={"layout": "one value"},
    )


def _activity(row: int, activity: Any, *, told: Account | None) -> Iterator[Item]:
    ego, kind, about = told or _author_in(activity["actor"]), activity["type"], activity["object"]
    time = activity.get("published")
    addressed = [*_list(activity.get("to")), *_list(activity.get("cc"))]
    if kind == "Announce":
        original = about["id"] if isinstance(about, dict) else about
        author = _author_in(original)
        # A boost is addressed to the author of the original, besides the followers.
        others = {who for url in addressed if (who := _author_in(url)) and who != ego and not _is_crowd(url)}
        if author is None and len(others) == 1:
            author = others.pop()
        yield Post(row, activity.get("id"), ego or Account(), time, reposted=Reference(original, author))
        return
    if kind != "Create" or not isinstance(about, dict):
        yield NoTie(OTHER_RECORDS)
        return
    if addressed and not any(_is_crowd(url) for url in addressed):
        yield NoTie(PRIVATE)
        return
    answered = about.get("inReplyTo")
    answered = answered.get("id") if isinstance(answered, dict) else answered
    quote = next((about[name] for name in ("quote", "quoteUrl", "quoteUri", "_misskey_quote") if about.get(name)), None)
    tags = [tag for tag in _list(about.get("tag")) if isinstance(tag, dict)]
    yield Post(
        row=row,
        post_id=about.get("id"),
        author=ego or Account(),
        time=about.get("published") or time,
        quoted=Reference(quote, _author_in(quote)) if isinstance(quote, str) else None,
        replied=Reference(answered, _author_in(answered)) if isinstance(answered, str) else None,
        mentioned=[who for tag in tags if tag.get("type") == "Mention" and (who := _mentioned(tag))],
        hashtags=[str(tag.get("name", "")).lstrip("#") for tag in tags if tag.get("type") == "Hashtag"],
    )


def _is_crowd(url: Any) -> bool:
    """Whether an address is the public or a list of followers."""
    return isinstance(url, str) and url.endswith(("#Public", "as:Public", "/followers"))


def _author_in(url: Any) -> Account | None:
    """Return the account whose name stands in an address."""
    if not isinstance(url, str):
        return None
    parts = urlsplit(url)
    found = _NAME_IN_PATH.match(parts.path)
    return Account(None, f"{found[1]}@{parts.netloc}") if found and parts.netloc else None


def _mentioned(tag: dict[str, Any]) -> Account | None:
    name = str(tag.get("name") or "").lstrip("@")
    return Account(None, name) if "@" in name else _author_in(tag.get("href"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


MASTODON = Importer(
    "mastodon",
    "Mastodon statuses",
    (
        json_fields("account.acct reblog uri"),
        json_fields("statuses[].account.acct"),
        json_fields("ancestors descendants[].account.acct"),
        json_fields("ancestors[].account.acct descendants"),
    ),
    read=read_mastodon,
)
MASTODON_FOLLOWS = Importer(
    "mastodon-follows",
    "Mastodon list of followed accounts",
    (columns("Account_address"),),
    of_table=read_mastodon_follows,
)
OUTBOX = Importer(
    "activitypub-outbox",
    "outbox of a Mastodon archive (ActivityPub)",
    (json_fields("orderedItems[].actor type"),),
    read=read_outbox,
)
TRUTH_SOCIAL = Importer(
    "truth-social",
    "Truth Social posts (Zeeschuimer, interface)",
    (
        json_fields("source_platform item_id data.account.acct", source_platform="(?i)truth"),
        json_fields("account.acct account.url reblog uri", account__url=r"^https?://(www\.)?truthsocial\.com/"),
        json_fields("account.acct account.url reblog __import_meta", account__url=r"truthsocial"),
    ),
    read=read_truth_social,
)
