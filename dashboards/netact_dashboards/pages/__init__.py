"""The pages, in the order of the menu. A question that the package answers has the page of its stem."""

from __future__ import annotations

from netact.measures import MEASURES
from netact_dashboards.pages import (
    account,
    claims,
    compare,
    data,
    factions,
    hierarchy,
    leading_core,
    overview,
    super_users,
    symbols,
)
from netact_dashboards.pages.questions import question_page
from netact_dashboards.robustness import with_doubts
from netact_dashboards.view import Page

_OWN = {one.PAGE.stem: one.PAGE for one in (leading_core, super_users, hierarchy, factions, symbols)}

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    *(with_doubts(_OWN.get(stem) or question_page(stem)) for stem in MEASURES),
    claims.PAGE,
    account.PAGE,
    compare.PAGE,
    data.PAGE,
)
