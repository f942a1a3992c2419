"""Languages: sentences are written in English and rendered in the language that is being spoken.

A sentence that holds numbers is a template with named places; the numbers are put in by :func:`_` with the number format
of the language, so nothing is translated word by word::

    _("{n:count} accounts drew {share:percent} of all retweets", n=12, share=0.4)

Catalogues are gettext ``.po`` files in ``netact/locales``, one a language, written with ``make messages``.
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
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Code -> the language's own name, in the order of the menu.
LANGUAGES = {"en": "English", "ar": "العربية", "es": "Español", "fr": "Français"}
RIGHT_TO_LEFT = ("ar",)
# Arabic is written with the digits that figures and the account tables use too.
_LOCALES = {"en": "en", "ar": "ar@numbers=latn", "es": "es", "fr": "fr"}

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
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(template: str, /, **values: Any) -> str:
    """Return a sentence in the language spoken, its places filled.

    Places take the formats ``count``, ``percent``, ``decimal`` (and ``decimal1``, ``decimal0``); texts are put in as
    they are, and a :class:`Message` in the language spoken.
    """
    return _filled(catalogue(spoken()).gettext(template), values)


def _n(singular: str, plural: str, n: float, /, **values: Any) -> str:
    """Return the form of a sentence for ``n`` things; its place is ``{n:count}``."""
    return _filled(catalogue(spoken()).ngettext(singular, plural, round(n)), {"n": n, **values})


def _p(context: str, template: str, /, **values: Any) -> str:
    """Return a short text whose meaning depends on where it stands."""
    return _filled(catalogue(spoken()).pgettext(context, template), values)


class Message(str):
    """A sentence made while measuring that is read later, perhaps in another language.

    It is the English sentence, and remembers the template and the values it was made of; :func:`told` renders it in the
    language spoken.

    >>> sentence = Message("needs at least {n:count} accounts", n=2000)
    >>> sentence, sentence.template
    ('needs at least 2,000 accounts', 'needs at least {n:count} accounts')
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Make the English sentence and keep what it was made of."""
        with speaking("en"):
            made = super().__new__(cls, _filled(template, values))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Pickle and copy as what it was made of."""
        return (self.template,), self.values


def told(text: str) -> str:
    """Return a message in the language spoken; any other text as it is."""
    return _(text.template, **text.values) if isinstance(text, Message) else text


class _Places(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        formats: dict[str, Callable[[Any], str]] = {
            "count": count,
            "percent": percent,
            "decimal": decimal,
            "decimal1": lambda number: decimal(number, 1),
            "decimal0": lambda number: decimal(number, 0),
        }
        if format_spec in formats:
            return formats[format_spec](value)
        if isinstance(value, Message):
            return told(value)
        return super().format_field(value, format_spec)


_PLACES = _Places()


def _filled(template: str, values: dict[str, Any]) -> str:
    return _PLACES.vformat(template, (), values) if values else template.replace("{{", "{").replace("}}", "}")


# ---------------------------------------------------------------------- numbers


def _number(value: float, digits: int) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    written = format_decimal(
        round(value, digits) if digits else round(value), format=pattern, locale=_LOCALES[spoken()]
    )
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
    return f"−{text}" if value < 0 and text.strip("0.,") else text
