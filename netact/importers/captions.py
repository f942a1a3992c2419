"""What exports leave in the text of posts: names, hashtags; and links that differ only in how they were followed."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

# A name may hold points, never ends in one; an address of mail is no mention.
_MENTION = re.compile(r"(?<![\w.@/])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)(?![\w@])")
_HASHTAG = re.compile(r"(?<![\w&])[#\uff03](\w{1,100})")

# What programs add to links to follow those who click.
_TRACKING = re.compile(
    r"(utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_cid|mc_eid|ref_src|ref_url|_ga|cmpid|smid|sfnsn|mibextid|"
    r"__tn__|__cft__.*|__xts__.*|xtor|wt_mc|at_(medium|campaign|custom\d)|fb_action_.*|fb_source|feature|s_cid)",
    flags=re.IGNORECASE,
)
_REDIRECTS = ("l.facebook.com", "lm.facebook.com", "l.instagram.com", "l.threads.com", "l.threads.net")


def mentions_in(text: str | None) -> list[str]:
    """Return the names that a text mentions, each once.

    >>> mentions_in("With @open_kitchen. and @plaza.voices, not mail@example.org")
    ['open_kitchen', 'plaza.voices']
    """
    return list(dict.fromkeys(_MENTION.findall(text))) if text and "@" in text else []


def hashtags_in(text: str | None) -> list[str]:
    """Return the hashtags in a text, each once.

    >>> hashtags_in("#March on the #plaza, #March")
    ['March', 'plaza']
    """
    return list(dict.fromkeys(_HASHTAG.findall(text))) if text and ("#" in text or "\uff03" in text) else []


@lru_cache(maxsize=100_000)
def same_link(link: str) -> str:
    """Return a link as it is compared: one scheme, lower-case host without ``www.``, no marks of tracking, no end slash.

    >>> same_link("http://www.News.example/march/?utm_source=x&id=3&fbclid=abc#top")
    'https://news.example/march?id=3'
    >>> same_link("https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa&h=x"), same_link("no link")
    ('https://news.example/a', 'no link')
    """
    link = link.strip()
    try:
        scheme, host, path, query, _ = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return link
    if scheme.lower() not in ("http", "https") or "." not in host or re.search(r"\s", host):
        return link
    host = host.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    if host in _REDIRECTS and (inner := dict(pairs).get("u", "")).startswith("http"):
        return same_link(unquote(inner) if "%3A" in inner else inner)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    # A query that loses nothing stays as it is written.
    return urlunsplit(("https", host, path.rstrip("/"), query if len(kept) == len(pairs) else urlencode(kept), ""))
