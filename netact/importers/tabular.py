"""A raw table of interactions becomes a network: columns to roles, cells to values, everything said in the receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from netact.coding import numbered_texts, occurring
from netact.errors import ImportFileError, NoInteractionsError
from netact.importers.mapping import POST_WORDS, Ends, TextLoad, fold, propose
from netact.importers.posts import NO_AUTHOR, WITHOUT_TIE, collect
from netact.importers.values import PLACEHOLDERS, damaged_ids, parse_kinds, parse_times, parse_weights, plain_names
from netact.language import Message
from netact.network import Network, clean_id, tie_sentence, with_known_authors
from netact.receipt import Dropped, Receipt, SourceReceipt
from netact.schemas import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netact.importers.detect import Detected
    from netact.importers.mapping import RawTable, Roles, SourceOptions
    from netact.importers.posts import PostTable, Traffic
    from netact.importers.source_file import SourceFile
    from netact.schemas import Kind

# Kinds for which attention is expected to gather on few accounts.
_CONCENTRATING: tuple[Kind, ...] = ("retweet", "follow", "forward", "quote", "share")


def network_from_table(
    table: RawTable,
    source: SourceFile,
    detected: Detected,
    options: SourceOptions,
) -> Network:
    """Build the network of one file.

    Raises
    ------
    ImportFileError
        If the columns cannot be mapped or no row can be used.
    """
    file = source.name
    if table.nodes is not None:
        # An attribute of edges may bear a name that elsewhere means an end of a tie.
        options = replace(options, source=options.source or "source", target=options.target or "target")
    roles = propose(table, options, file=file)
    assumptions, warnings = [*table.assumptions, *roles.assumptions], list(table.warnings)
    directed = options.directed and not (roles.undirected or table.undirected)
    columns = roles.columns()
    wanted = list(dict.fromkeys(columns.values()))
    if isinstance(table.load, TextLoad):
        loaded = table.load.numbered(wanted, Ends(roles.source, roles.target, roles.time))
    else:
        loaded = table.load(wanted)
    raw, names, dropped, rows_read = loaded.frame, loaded.names, list(loaded.dropped), loaded.rows_read
    warnings += loaded.warnings
    del loaded  # large, and no longer needed once its columns are read
    if rows_read == 0:
        raise NoInteractionsError(
            file, "holds a header but no rows" if table.header else "holds no rows", remedy="export it again"
        )

    ends = ("target", "source") if options.reverse else ("source", "target")
    ids = [raw[columns[end]] for end in ends]
    if names is None:
        # From here on every text is met once, whatever the number of rows.
        names, ids = numbered_texts([column.cast(pl.String) for column in ids])
    names, ids, marks = plain_names(names, *ids)
    assumptions += marks
    frame = pl.DataFrame({"source": ids[0], "target": ids[1]}).with_columns(row=raw["row"])
    del ids
    damaged = _check_ids(frame, names, table, file=file, warnings=warnings)
    damaged_text = [name for name in table.damaged_columns if name in (roles.source, roles.target)]
    if damaged_text:
        warnings.append(
            Message(
                "column {column!r} holds ids as floating-point numbers: ids above {limit:count} are no longer exact; "
                "export the ids again as text",
                column=damaged_text[0],
                limit=2**53,
            )
        )
    if roles.weight:
        weights = parse_weights(raw[roles.weight])
        frame = frame.with_columns(weight=weights.values)
        assumptions += weights.assumptions
        if weights.unreadable == len(weights.values):
            raise ImportFileError(
                file,
                f"column {roles.weight!r} holds no numbers and cannot be the weight",
                remedy="pass --weight COLUMN",
            )
    zone = None
    if roles.time:
        times = parse_times(raw[roles.time])
        frame = frame.with_columns(time=times.values)
        zone = times.zone
        assumptions += times.assumptions
        if times.zone:
            assumptions.append(Message("times carry no zone and are read as UTC"))
        if times.unreadable:
            warnings.append(
                Message.counting(
                    "{n:count} time in column {column!r} cannot be read; this row is kept without a time",
                    "{n:count} times in column {column!r} cannot be read; these rows are kept without a time",
                    times.unreadable,
                    column=roles.time,
                )
            )
    if roles.post_id:
        post = raw[roles.post_id].cast(pl.String).str.strip_chars()
        frame = frame.with_columns(post_id=pl.select(pl.when(post != "").then(post)).to_series())
    if roles.hashtags:
        frame = frame.with_columns(hashtags=raw[roles.hashtags].cast(pl.String))
        if not directed:
            assumptions.append(Message("without direction nothing says who used a hashtag: the hashtags are left out"))
    if roles.platform:
        platform = raw[roles.platform].cast(pl.String).str.strip_chars().str.to_lowercase()
        frame = frame.with_columns(platform=pl.select(pl.when(platform != "").then(platform)).to_series())
    elif options.platform:
        frame = frame.with_columns(platform=pl.lit(options.platform.strip().lower()))
    frame, kind = _kinds(frame, raw, roles, options, dropped, assumptions)
    del raw
    if not frame.height:
        reasons = ", ".join(f"{item.rows:,} {item.reason}" for item in dropped) or "nothing read"
        raise NoInteractionsError(
            file,
            "no usable rows",
            found=reasons,
            remedy="check --kind, --source and --target, or export retweets, replies, mentions, quotes or follows",
        )

    said = dict(columns)
    if options.reverse:
        said["reversed"] = "yes"
    receipt = SourceReceipt(
        file=file,
        sha256=source.sha256,
        format=detected.format,
        evidence=(*detected.evidence, *table.evidence),
        encoding=table.encoding,
        dialect=dict(table.dialect or {}),
        mapping=said,
        direction=_direction(roles, columns, kind, options, directed=directed),
        examples=_examples(_with_names(frame.head(_MOST_FOR_EXAMPLES), names), kind, directed=directed),
        rows_read=rows_read,
        dropped=tuple(dropped),
        damaged_ids=damaged,
        time_zone=zone,
        unused_columns=tuple(name for name in table.columns if name not in columns.values()),
        assumptions=tuple(assumptions),
        warnings=tuple(warnings),
    )
    nodes = table.nodes
    if nodes is not None and options.platform and not roles.platform:
        nodes = nodes.with_columns(platform=pl.lit(options.platform.strip().lower()))
    network = Network.from_tables(frame, nodes, ids=names, kind=kind, directed=directed, receipt=receipt)
    if roles.hashtags and directed and network.hashtags.is_empty():
        said_so = (*receipt.warnings, Message("column {column!r} holds no hashtags", column=roles.hashtags))
        changed = replace(network.receipt.sources[0], warnings=said_so)
        network = replace(network, receipt=replace(network.receipt, sources=(changed,)))
    return finish(network, file=file)


def network_from_posts(
    table: PostTable, source: SourceFile, detected: Detected, options: SourceOptions, *, alone: bool = True
) -> Network:
    """Build the network of one export of posts.

    Where the file is not ``alone`` but one of several, its posts and the names of its accounts are kept though there be no
    interaction among them: they may be what the others refer to.

    Raises
    ------
    ImportFileError
        If nothing in it can be used.
    """
    file = source.name
    if options.reverse:
        raise ImportFileError(
            file, "an export of posts says who acted; its direction cannot be reversed", remedy="leave --reverse out"
        )
    warnings = list(table.warnings)
    traffic, damaged = _with_sound_ids(table, collect(table), file=file, warnings=warnings)
    frame, dropped = with_known_authors(traffic.interactions, traffic.posts), list(traffic.dropped)
    assumptions = [*table.assumptions, *traffic.assumptions]
    warnings += traffic.warnings
    nameless = sum(item.rows for item in dropped if item.reason == NO_AUTHOR)
    shares = traffic.shares
    if nameless and not frame.height and not shares.height:
        raise ImportFileError(
            file,
            "authors were removed on export; no network can be built",
            found=f"{nameless:,} records without an author",
            remedy="ask for an export with authors",
        )
    if options.kind is not None:
        for word, rows in _groups(frame.filter(pl.col("kind") != options.kind), "kind"):
            dropped.append(Dropped(Message("other kind ({word})", word=KIND_NAMES.get(word, word)), *rows))
        frame = frame.filter(pl.col("kind") == options.kind)
        if options.kind != "share":
            shares = shares.clear()
    zone = traffic.time_zone
    if traffic.time_zone:
        assumptions.append(Message("times carry no zone and are read as UTC"))
    if traffic.unreadable_times:
        warnings.append(
            Message.counting(
                "{n:count} time cannot be read; this record is kept without a time",
                "{n:count} times cannot be read; these records are kept without a time",
                traffic.unreadable_times,
            )
        )
    if not frame.height and not shares.height and (alone or not (traffic.posts.height or traffic.aliases.height)):
        said = [f"{item.what}: {item.number:,}" for item in traffic.records]
        said += [f"{item.rows:,} {item.reason}" for item in dropped]
        raise NoInteractionsError(
            file,
            "holds no interaction between accounts",
            found=", ".join(said) or "nothing read",
            remedy=table.remedy,
        )
    for is_such, sentence in _QUALITY_SENTENCES:
        if number := frame.filter(is_such).height:
            assumptions.append(sentence.with_values(n=number))
    names = {
        key: handle
        for key, handle in traffic.accounts.select("key", pl.coalesce("handle", "display_name")).iter_rows()
        if handle
    }
    receipt = SourceReceipt(
        file=file,
        sha256=source.sha256,
        format=detected.format,
        evidence=(*detected.evidence, *table.evidence),
        encoding=table.encoding,
        dialect=dict(table.dialect or {}),
        fields=dict(table.fields),
        direction=_direction_of(frame),
        examples=_examples(frame, "retweet", directed=True, names=names),
        rows_read=traffic.rows_read,
        records=traffic.records,
        dropped=tuple(dropped),
        damaged_ids=damaged,
        time_zone=zone,
        assumptions=tuple(assumptions),
        warnings=tuple(warnings),
    )
    network = Network.from_tables(
        frame,
        traffic.accounts,
        posts=traffic.posts,
        aliases=traffic.aliases,
        shares=shares,
        receipt=receipt,
    )
    if not frame.height:
        if alone and not network.interactions.height:
            raise NoInteractionsError(
                file,
                "no two accounts in it shared the same",
                found=f"{network.shares.height:,} shares by {network.shares['account'].n_unique():,} accounts",
                remedy="name the files of several accounts or groups together",
            )
        changed = replace(network.receipt.sources[0], examples=_pair_examples(network))
        network = replace(network, receipt=replace(network.receipt, sources=(changed,)))
    if apart := network.unresolved.height:
        share = apart / (apart + network.interactions.height)
        said_so = Message(
            "{share:percent} of the interactions refer to posts whose author no file tells: they are kept apart and are in "
            "no figure",
            share=share,
        )
        known = network.receipt.sources[0]
        changed = replace(known, warnings=(*known.warnings, said_so))
        network = replace(network, receipt=replace(network.receipt, sources=(changed,)))
    return finish(network, file=file, alone=alone)


_BY_HANDLE = Message("accounts are told apart by their handles instead; those known by such an id only are left out")
_POSTS_UNTOLD = Message("ids of posts that are no longer whole numbers are left out: repeats of a post cannot be told")
_NO_WHOLE_NUMBER = r"^\s*\d+([.,]\d*)?([eE]\+?\d+)?\s*$"


def _with_sound_ids(table: PostTable, traffic: Traffic, *, file: str, warnings: list[str]) -> tuple[Traffic, int]:
    """Go by handles where ids of accounts were damaged, and leave out ids of posts that are no ids any more.

    Returns the traffic and the number of damaged ids; what was done is added to ``warnings``.

    Raises
    ------
    ImportFileError
        If the ids of accounts were damaged and there are no handles.
    """
    ties, shares = traffic.interactions, traffic.shares
    ends = [ties["source"], ties["target"], traffic.posts["account"], shares["account"]]
    found = damaged_ids(*ends)
    number = found.ids if found else 0
    # Five ids of which one ends in 00 are flagged; to pass over all ids takes more.
    if found and (found.scientific or found.point_zero or found.rounded >= 5):
        named = traffic.accounts.filter(pl.col("handle").is_not_null())["key"]
        authors = pl.concat([traffic.posts["account"], ties["source"]]).drop_nulls().unique()
        told = int((authors.is_in(named.implode()) | authors.str.starts_with("@")).sum())
        again = collect(table, by_handle=True) if 2 * told > len(authors) else None
        if again is not None and again.posts.height:
            traffic = again
            warnings += [found.sentence(), _BY_HANDLE]
        elif found.most or found.rounded >= 5:
            raise ImportFileError(
                file,
                "the account ids were turned into numbers by a spreadsheet or a program, and there are no handles",
                found=f"{found.ids:,} damaged among {found.all_ids:,} ids",
                remedy="export the ids again as text",
            )
        else:
            warnings.append(found.sentence())
    elif found:
        warnings.append(found.sentence())
    of_posts = damaged_ids(traffic.posts["post_id"], traffic.interactions["ref_post_id"])
    if of_posts is None:
        return traffic, number
    warnings.append(of_posts.sentence())
    if of_posts.scientific or of_posts.point_zero:
        warnings.append(_POSTS_UNTOLD)
        broken = pl.col("^(ref_)?post_id$")
        whole = pl.when(~(broken.str.contains(_NO_WHOLE_NUMBER) & broken.str.contains(r"[.,eE]"))).then(broken)
        traffic = replace(
            traffic,
            interactions=traffic.interactions.with_columns(whole),
            posts=traffic.posts.with_columns(whole),
            shares=traffic.shares.with_columns(whole),
        )
    return traffic, number + of_posts.ids


_ACTS = Message("each interaction points from who acts to whom it reaches: a retweet to the author of the original")


def _direction_of(frame: pl.DataFrame) -> str:
    if not frame.height:
        return _SHARES
    return _FOLLOWS if (frame["kind"] == "follow").all() else _ACTS


_FOLLOWS = Message("each tie points from the follower to the account that is followed")
_SHARES = Message("none: accounts that shared the same are tied, the more they shared the more strongly")


def _pair_examples(network: Network) -> tuple[str, ...]:
    rows = network.interactions.head(10_000).filter(pl.col("source") < pl.col("target")).head(3)
    # What has neither handle nor name is called by its id.
    by_id = pl.format("account {}", "native_id")
    names = network.accounts.select(pl.coalesce("handle", "display_name", by_id, "key")).to_series()
    pairs = rows.select("source", "target").iter_rows()
    return tuple(tie_sentence(names[s], names[t], "share", directed=False) for s, t in pairs)


_QUALITY_SENTENCES = (
    (
        (pl.col("quality") == "inferred") & (pl.col("kind") == "retweet"),
        Message("retweets read from the text (RT @name), as no field tells them: {n:count}", n=0),
    ),
    (
        (pl.col("quality") == "inferred") & (pl.col("kind") != "retweet"),
        Message("interactions read from the text or link of posts, as no field tells them: {n:count}", n=0),
    ),
    (
        pl.col("quality") == "implicit",
        Message("mentions that the platform itself put before an answer: {n:count}", n=0),
    ),
)


def _with_names(frame: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    return frame.with_columns(names.gather(frame[end]).alias(end) for end in ("source", "target"))


def _check_ids(frame: pl.DataFrame, ids: pl.Series, table: RawTable, *, file: str, warnings: list[str]) -> int:
    sources = occurring(ids, frame["source"]).str.strip_chars()
    names = set(sources.filter(sources.str.to_lowercase().is_in(sorted(PLACEHOLDERS))).str.to_lowercase().to_list())
    authors = sources.drop_nulls().unique() if names else sources
    if names and authors.len() == len(names):
        raise ImportFileError(
            file,
            "authors were removed on export; no network can be built",
            found=f"only {authors.min()!r}",
            remedy="ask for an export with authors",
        )
    if names:
        source = ids.gather(frame["source"]).str.strip_chars()
        hit = source.filter(source.str.to_lowercase().is_in(sorted(names)))
        warnings.append(
            Message.counting(
                "{n:count} row has {name!r} as its source: a placeholder for removed authors that stands for many people",
                "{n:count} rows have {name!r} as their source: a placeholder for removed authors that stands for many "
                "people",
                len(hit),
                name=hit.min(),
            )
        )
    used = occurring(ids, frame["source"], frame["target"])
    damaged = damaged_ids(used)
    inexact = int(used.is_in(sorted(table.inexact)).sum()) if table.inexact else 0
    if damaged is None:
        return inexact
    if damaged.most:
        raise ImportFileError(
            file,
            "the account ids were turned into numbers by a spreadsheet or a program",
            found=f"{damaged.scientific:,} ids in scientific notation and {damaged.point_zero:,} ending in .0 among {damaged.all_ids:,}",
            remedy="export the ids again as text",
        )
    warnings.append(damaged.sentence())
    return max(damaged.ids, inexact)


def _kinds(
    frame: pl.DataFrame,
    raw: pl.DataFrame,
    roles: Roles,
    options: SourceOptions,
    dropped: list[Dropped],
    assumptions: list[str],
) -> tuple[pl.DataFrame, Kind]:
    """Give each row its kind; rows of other kinds than the one asked for are counted, not lost silently."""
    wanted = cast("Kind | None", options.kind)
    if roles.kind_column is None:
        kind = wanted or roles.kind
        if kind is None:
            kind = "retweet"
            assumptions.append(
                Message("nothing says what the ties are: they are read as retweets (--kind changes this)")
            )
        elif wanted is None:
            assumptions.append(
                Message(
                    "the header says that the ties are of kind {kind!r} (--kind changes this)", kind=KIND_NAMES[kind]
                )
            )
        return frame, kind
    words = raw[roles.kind_column].cast(pl.String)
    frame = frame.with_columns(kind=parse_kinds(words))
    if frame["kind"].null_count():
        unknown = frame.with_columns(word=words.str.strip_chars()).filter(pl.col("kind").is_null())
        for word, rows in _groups(unknown, "word"):
            reason = WITHOUT_TIE if fold(word) in POST_WORDS else Message("unknown kind ({word})", word=word)
            dropped.append(Dropped(reason if word else Message("no kind"), *rows))
        frame = frame.filter(pl.col("kind").is_not_null())
    if wanted is not None:
        for word, rows in _groups(frame.filter(pl.col("kind") != wanted), "kind"):
            dropped.append(Dropped(Message("other kind ({word})", word=KIND_NAMES.get(word, word)), *rows))
        frame = frame.filter(pl.col("kind") == wanted)
    kind = wanted or roles.kind or "retweet"
    return frame, kind


def _groups(frame: pl.DataFrame, column: str) -> list[tuple[str, tuple[int, tuple[int, ...]]]]:
    """Return up to twenty groups as (name, (rows, first lines)), largest first; the rest under one name."""
    if not frame.height:
        return []
    named = frame.with_columns(pl.col(column).fill_null(""))
    counts = named[column].value_counts().sort(["count", column], descending=[True, False])
    top = counts[column].head(20).to_list()
    named = named.with_columns(
        pl.when(pl.col(column).is_in(top)).then(pl.col(column)).otherwise(pl.lit("others")).alias(column)
    )
    found = (
        named.group_by(column).agg(pl.len(), pl.col("row").sort().head(5)).sort("len", column, descending=[True, False])
    )
    return [(str(word)[:40], (int(n), tuple(lines))) for word, n, lines in found.iter_rows()]


_ENDS = {"first": "from", "second": "to"}
_GIVES = Message("the account in {first!r} gives attention to the one in {second!r}", **_ENDS)
_GIVES_BY_KIND = {
    "follow": Message("the account in {first!r} follows the one in {second!r}", **_ENDS),
    "retweet": Message("the account in {first!r} retweeted the one in {second!r}", **_ENDS),
    "mention": Message("the account in {first!r} mentioned the one in {second!r}", **_ENDS),
    "reply": Message("the account in {first!r} replied to the one in {second!r}", **_ENDS),
    "quote": Message("the account in {first!r} quoted the one in {second!r}", **_ENDS),
    "forward": Message("the account in {first!r} forwarded the one in {second!r}", **_ENDS),
    "share": Message("the account in {first!r} shared the one in {second!r}", **_ENDS),
}


def _direction(roles: Roles, columns: dict[str, str], kind: Kind, options: SourceOptions, *, directed: bool) -> str:
    first, second = columns["source"], columns["target"]
    if not directed:
        return Message("none: {first!r} and {second!r} are the two ends of a tie", first=first, second=second)
    if options.reverse:
        first, second = second, first
    said = _GIVES if roles.kind_column else _GIVES_BY_KIND[kind]
    direction = said.with_values(first=first, second=second)
    return Message("{direction}; reversed against the file", direction=direction) if options.reverse else direction


# Rows among which examples are looked for.
_MOST_FOR_EXAMPLES = 10_000


def _examples(
    frame: pl.DataFrame, kind: Kind, *, directed: bool, names: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Say the first tie of each kind, then the first ties, at most three; accounts by ``names`` where they have one."""
    kinds = pl.col("kind") if "kind" in frame.columns else pl.lit(kind)
    rows = frame.head(_MOST_FOR_EXAMPLES).select(
        source=clean_id(pl.col("source")), target=clean_id(pl.col("target")), kind=kinds
    )
    rows = rows.drop_nulls().filter(pl.col("source") != pl.col("target")).with_row_index("i")
    first = rows.group_by("kind").agg(pl.all().sort_by("i").first()).sort("i").select("source", "target", "kind")
    wanted = [*first.iter_rows(), *rows.select("source", "target", "kind").head(3).iter_rows()]

    def called(account: str) -> str:
        if names is None:
            return account
        # What an export of posts does not call by a handle is an id.
        return names.get(account) or (account if account.startswith("@") else f"account {account}")

    sentences = (tie_sentence(called(s), called(t), cast("Kind", k), directed=directed) for s, t, k in wanted)
    return tuple(dict.fromkeys(sentences))[:3]


# Below this a network is too small to say that it was collected around one account.
_FEWEST_AROUND_ONE = 10


def _of_one_account(network: Network) -> bool:
    """Whether a network holds but the ties of one account, as a list of its followers does."""
    rows = network.interactions
    if network.n_accounts < _FEWEST_AROUND_ONE or not rows.height:
        return False
    first = rows.row(0, named=True)
    return any(
        bool(((rows["source"] == end) | (rows["target"] == end)).all()) for end in (first["source"], first["target"])
    )


def finish(network: Network, *, file: str, alone: bool = True) -> Network:
    """Add to a one-file network's receipt what only the finished network shows, and refuse an empty one.

    One that is not ``alone`` may hold posts, shares or the names of accounts only.

    Raises
    ------
    ImportFileError
        If cleaning left no row.
    """
    receipt = network.receipt.sources[0]
    if not network.interactions.height and (
        alone or not (network.posts.height or network.shares.height or network.aliases.height)
    ):
        if receipt.records:
            said = [f"{item.what}: {item.number:,}" for item in receipt.records]
            said += [f"{item.rows:,} {item.reason}" for item in receipt.dropped]
            remedy = (
                "name the files that hold the posts these refer to as well"
                if receipt.unresolved
                else "export more posts"
            )
            raise NoInteractionsError(
                file, "holds no interaction between accounts", found=", ".join(said), remedy=remedy
            )
        reasons = ", ".join(f"{item.rows:,} {item.reason}" for item in receipt.dropped) or "nothing read"
        raise NoInteractionsError(file, "no usable rows", found=reasons, remedy="check --source, --target and --weight")
    time = network.interactions["time"]
    first, last = time.min(), time.max()
    warnings = list(receipt.warnings)
    if _of_one_account(network):
        warnings.append(
            Message("every interaction has the same account at one end: ties among the others are missing by design")
        )
    if network.directed and (warning := _direction_warning(network)):
        warnings.append(warning)
    done = replace(
        receipt,
        first_time=None if first is None else first.isoformat(),  # type: ignore[union-attr]
        last_time=None if last is None else last.isoformat(),  # type: ignore[union-attr]
        warnings=tuple(warnings),
    )
    return replace(network, receipt=Receipt((done,)))


def _direction_warning(network: Network) -> str | None:
    """Warn if attention given is more concentrated than attention received: the file may run the other way."""
    kind = network.attention_kind
    if kind not in _CONCENTRATING:
        return None
    given, received = (_top_share(strength) for strength in _strengths(network, kind))
    if given <= received:
        return None
    return Message(
        "the 20 accounts that give most attention give {given:percent} of it, the 20 that receive most receive only "
        "{received:percent}: in networks of {kind} ties it is usually the other way round, so the file may run from "
        "author to audience; check the examples and pass --reverse if they read wrongly",
        given=given,
        received=received,
        kind=KIND_NAMES[kind],
    )


def _strengths(network: Network, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Return what every account gave and received in ties of one kind."""
    rows = network.interactions
    if not bool((rows["weight"] == 1).all()):
        ties = network.ties(kind)
        return ties.out_strength, ties.in_strength
    # What is only counted need not be added up to ties first.
    of_kind = rows["kind"] == kind
    given, received = (
        np.bincount(rows[end].filter(of_kind).to_numpy(), minlength=network.n_accounts) for end in ("source", "target")
    )
    return given, received


def _top_share(strength: np.ndarray) -> float:
    total = float(strength.sum())
    return float(np.sort(strength)[::-1][:20].sum() / total) if total else 0.0
