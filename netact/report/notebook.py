"""What a report shows of itself in a notebook: its answers beside chance, and its figures on paper of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netact.errors import StudyError
from netact.figures import Panel, network_map, panels
from netact.figures.text import unmarked
from netact.figures.theme import on_paper
from netact.language import count
from netact.report.findings import confidence_name, question_text
from netact.representation import Listing, Sheet

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from netact.report.content import Content

# The figure of no question.
MAP = "map"


def sheet_of(content: Content) -> Sheet:
    """Return what a report shows of itself: a line a question, with chance beside it; no account is named."""
    summary = content.summary
    answers = tuple(
        tuple(
            unmarked(text) for text in (question_text(found.question), *found.card, confidence_name(found.confidence))
        )
        for found in content.findings
    )
    facts = (
        ("accounts", count(summary.accounts)),
        ("interactions", count(summary.interactions)),
        ("seed", str(content.study.seed)),
    )
    header = ("question", "answer", "of what", "beside chance", "how sure")
    return Sheet("Report", content.study.title, facts, (Listing("Answers", header, answers),))


def panels_of(content: Content, question: str) -> tuple[Panel, ...]:
    """Return the figures of one question with their titles, notes and tables; ``map`` is the map of the network.

    Raises
    ------
    StudyError
        If the study did not ask it.
    """
    if question == MAP:
        drawn = network_map(content.layout, content.results, content.names, content.words)
        return () if drawn is None else (drawn,)
    if question not in content.results:
        known = [*content.results, MAP]
        raise StudyError("report", f"no figures of {question!r}", found=known, remedy="name one of these")
    return panels(content.results[question], names=content.names, directed=content.summary.directed)


def figure_of(content: Content, question: str, *, panel: str | None, dark: bool) -> go.Figure:
    """Return one figure of a question, the main one if ``panel`` names none, on paper of its own and with its title.

    Raises
    ------
    StudyError
        If the study did not ask the question, or it has no such figure.
    """
    found = panels_of(content, question)
    chosen = [each for each in found if panel in (None, each.name)]
    if not chosen:
        names = [each.name for each in found]
        raise StudyError(
            "report", f"{question!r} has no figure {panel or ''!r}", found=names, remedy="name one of these"
        )
    return on_paper(chosen[0].figure, title=chosen[0].title, dark=dark)
