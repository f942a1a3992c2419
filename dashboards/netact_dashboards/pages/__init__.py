"""The pages, in the order of the menu. A question that the package answers has the page of its stem."""

from __future__ import annotations

from netact.measures import MEASURES
from netact_dashboards.pages import overview
from netact_dashboards.pages.questions import question_page
from netact_dashboards.view import Page

PAGES: tuple[Page, ...] = (overview.PAGE, *(question_page(stem) for stem in MEASURES))
