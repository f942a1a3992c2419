"""Languages: sentences are written in English and rendered in the language that is being spoken.

A sentence that holds numbers is a template with named places; the numbers are put in by :func:`_` with the number format
of the language, so nothing is translated word by word::

    _("{n:count} accounts drew {share:percent} of all retweets", n=12, share=0.4)

A sentence that is made while measuring and read later is a :class:`Message`; :func:`told` renders it.

Catalogues are gettext ``.po`` files in ``netact/locales``, one a language, written with ``make messages``. What has no
translation yet is said in English.
"""

from __future__ import annotations

import contextlib
import gettext
import io
import string
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Code -> the language's own name, in the order of the menu.
LANGUAGES = {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français"}
RIGHT_TO_LEFT = ("ar",)
# Arabic is written with the digits that figures and the account tables use too.
_LOCALES = {"en": "en_GB", "ar": "ar@numbers=latn", "es": "es", "fr": "fr"}

_spoken: ContextVar[str] = ContextVar("netact_language", default="en")


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Render sentences in one language inside the block; an unknown code speaks English.

    >>> with speaking("es"):
    ...     spoken()
    'es'
    """
    token = _spoken.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """Return the code of the language that is being spoken."""
    return _spoken.get()


def locale() -> str:
    """Return the locale whose dates and numbers are written, as Babel names it."""
    return _LOCALES[spoken()]


def direction() -> str:
    """Return ``rtl`` or ``ltr``."""
    return "rtl" if spoken() in RIGHT_TO_LEFT else "ltr"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """Return the messages of one language; English has none."""
    if code == "en":
        return gettext.NullTranslations()
    with (resources.files("netact") / "locales" / f"{code}.po").open("rb") as stream:
        messages = read_po(stream, locale=code)
    for message in list(messages):
        # A plural of which a form is missing would be said with the wrong one; left out it is said in English.
        if message.pluralizable and not all(message.string or ()):
            messages.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(template: str, /, **values: Any) -> str:
    """Return a sentence in the language spoken, its places filled.

    Places take the formats ``count``, ``percent``, ``decimal`` (and ``decimal3``, ``decimal1``, ``decimal0``) and
    ``p`` (``p = 0.02``); texts are put in as they are, and a :class:`Message` in the language spoken.
    """
    # gettext answers the empty text with the header of the catalogue.
    return _filled(catalogue(spoken()).gettext(template) if template else "", values)


def _n(singular: str, plural: str, n: float, /, **values: Any) -> str:
    """Return the form of a sentence for ``n`` things; its place is ``{n:count}``."""
    return _filled(catalogue(spoken()).ngettext(singular, plural, round(n)), {"n": n, **values})


def _p(context: str, template: str, /, **values: Any) -> str:
    """Return a short text whose meaning depends on where it stands."""
    return _filled(catalogue(spoken()).pgettext(context, template), values)


class Message(str):
    """A sentence made while measuring that is read later, perhaps in another language.

    It is the English sentence, and remembers the template and the values it was made of; :func:`told` renders it in the
    language spoken. What is made of it by string methods (``upper()``, ``+``) is plain English text.

    >>> sentence = Message("needs at least {n:count} accounts", n=2000)
    >>> sentence, sentence.template
    ('needs at least 2,000 accounts', 'needs at least {n:count} accounts')
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Make the English sentence and keep what it was made of."""
        # Numbers of numpy are kept as Python's own: a message is stored as JSON.
        values = {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
        with speaking("en"):
            made = super().__new__(cls, _rendered(template, values))
        made.template, made.values = template, values
        return made

    @classmethod
    def counting(cls, singular: str, plural: str, n: float, /, **values: Any) -> Self:
        """Make a sentence whose form depends on a number of things; its place is ``{n:count}``.

        >>> Message.counting("{n:count} account is", "{n:count} accounts are", 1)
        '1 account is'
        """
        return cls(singular, plural=plural, n=n, **values)

    def with_values(self, **values: Any) -> Self:
        """Return the same sentence of other values.

        >>> Message("{a} follows {b}", a="@a", b="@b").with_values(a="@news", b="@city")
        '@news follows @city'
        """
        return type(self)(self.template, **{**self.values, **values})

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Pickle and copy as what it was made of."""
        return (self.template,), self.values


def storable(value: Any) -> Any:
    """Return plain values as JSON takes them, with what their messages were made of; :func:`revived` reads them."""
    if isinstance(value, Message):
        return {"message": value.template, "values": storable(value.values)}
    if isinstance(value, dict):
        return {str(name): storable(item) for name, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, list | tuple) else value


def revived(value: Any) -> Any:
    """Return stored plain values with their messages.

    >>> revived(storable([Message("{n:count} accounts", n=2000)]))
    ['2,000 accounts']
    """
    if isinstance(value, list):
        return [revived(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"message", "values"}:
        return Message(value["message"], **revived(value["values"]))
    return {name: revived(item) for name, item in value.items()}


def told(text: str) -> str:
    """Return a message in the language spoken; any other text as it is."""
    return _rendered(text.template, text.values) if isinstance(text, Message) else text


def _rendered(template: str, values: dict[str, Any]) -> str:
    if "plural" not in values:
        return _(template, **values)
    rest = {name: value for name, value in values.items() if name not in ("plural", "n")}
    return _n(template, values["plural"], values["n"], **rest)


def sentences(*parts: str) -> str:
    """Return whole sentences one after another.

    >>> sentences(Message("It is so."), Message("It was compared {n:count} times.", n=3))
    'It is so. It was compared 3 times.'
    """
    if len(parts) == 1:
        return parts[0]
    places = [f"part{number}" for number in range(len(parts))]
    template = " ".join(f"{{{place}}}" for place in places)  # without words, so it stands in no catalogue
    return Message(template, **dict(zip(places, parts, strict=True)))


def listing(items: Sequence[str]) -> str:
    """Return items one after another, separated as the language does it.

    >>> listing(["a", "b", "c"])
    'a, b, c'
    """
    if len(items) < 2:
        return items[0] if items else ""
    return Message("{first}, {rest}", first=items[0], rest=listing(items[1:]))


class _Places(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        formats: dict[str, Callable[[Any], str]] = {
            "count": count,
            "percent": percent,
            "decimal": decimal,
            "decimal3": lambda number: decimal(number, 3),
            "decimal1": lambda number: decimal(number, 1),
            "decimal0": lambda number: decimal(number, 0),
            "p": p_value,
        }
        if format_spec in formats:
            return _p("a number", "undefined") if value is None else formats[format_spec](value)
        if isinstance(value, Message):
            return told(value)
        return super().format_field(value, format_spec)


_PLACES = _Places()


def _filled(template: str, values: dict[str, Any]) -> str:
    return _PLACES.vformat(template, (), values) if values else template.replace("{{", "{").replace("}}", "}")


# ---------------------------------------------------------------------- numbers


def _number(value: float, digits: int) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    written = format_decimal(round(value, digits) if digits else round(value), format=pattern, locale=locale())
    return written.replace("\u200e", "")


def percent(share: float) -> str:
    """Return a share as people write it.

    >>> percent(0.6234), percent(0.034), percent(0.0004), percent(0.9996), percent(0.0)
    ('62 %', '3.4 %', 'less than 0.1 %', 'more than 99.9 %', '0 %')
    """
    value = 100 * share
    if 0 < value < 0.1:
        return _("less than {limit} %", limit=_number(0.1, 1))
    if 99.9 < value < 100:
        return _("more than {limit} %", limit=_number(99.9, 1))
    tenths = (99.5 <= value < 100) or (0 < value < 10 and round(value, 1) != round(value))
    return f"{_number(value, 1 if tenths else 0)} %"


def count(number: float) -> str:
    """Return a whole number with separators.

    >>> count(3609)
    '3,609'
    """
    return _number(number, 0)


def decimal(value: float, digits: int = 2) -> str:
    """Return a number to a few digits, with a true minus sign and without a negative zero.

    >>> decimal(-0.12345), decimal(12.3456), decimal(1234.5), decimal(-0.0001)
    ('−0.12', '12.3', '1,234', '0.00')
    """
    shown = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else digits
    text = _number(abs(value), shown)
    if value >= 0 or not text.strip("0.,"):
        return text
    # Between right-to-left words a sign would end up behind its number.
    return f"\u200e−{text}" if direction() == "rtl" else f"−{text}"


def separators() -> str:
    """Return the decimal mark and the mark between thousands, as plotly takes them.

    >>> separators()
    '.,'
    """
    return get_decimal_symbol(locale()) + get_group_symbol(locale())


def p_value(p: float) -> str:
    """Return a p-value to two digits, below a thousandth as such.

    >>> p_value(0.0345), p_value(0.5), p_value(1.0), p_value(0.0004)
    ('p = 0.035', 'p = 0.5', 'p = 1', 'p < 0.001')
    """
    if p < 0.001:
        return _("p < {limit}", limit=_number(0.001, 3))
    return _("p = {p}", p=format_decimal(float(f"{p:.2g}"), format="0.#####", locale=locale()))
