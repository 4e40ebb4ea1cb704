"""A receipt as PDF, drawn from plain words. Measures are millimetres on an A4 page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN = 20.0
WIDTH = 210 - 2 * MARGIN
AMOUNT = 35.0
FONT = "Fira Sans"
QUIET = 90
"""Of 255: grey that is still read on paper."""


@dataclass(frozen=True)
class Sheet:
    """Every word on the paper, as its reader writes dates and money."""

    site_name: str
    title: str
    number: str
    date: datetime
    facts: Sequence[tuple[str, str]]
    """Label and value: the number, the date, the status, the buyer."""
    lines: Sequence[tuple[str, str, str]]
    """What it is, a smaller line below it or nothing, and its amount."""
    sums: Sequence[tuple[str, str]]
    """Subtotal, tax and so on; the last is the total."""
    moves: Sequence[tuple[str, str]]
    """What was paid and what went back."""
    foot: str


def draw(sheet: Sheet) -> bytes:
    """Takes a tenth of a second: call it in a thread."""
    paper = _paper(sheet)
    _head(paper, sheet)
    for label, value in sheet.facts:
        _row(paper, label, value, first=35.0)
    paper.ln(8)
    for what, smaller, amount in sheet.lines:
        _amount(paper, what, amount)
        if smaller:
            paper.set_text_color(QUIET)
            _amount(paper, smaller, "", size=9)
            paper.set_text_color(0)
        paper.ln(1)
    _rule(paper)
    for position, (label, amount) in enumerate(sheet.sums, start=1):
        _amount(paper, label, amount, bold=position == len(sheet.sums))
    if sheet.moves:
        paper.ln(6)
        for label, amount in sheet.moves:
            _amount(paper, label, amount)
    paper.ln(10)
    paper.set_text_color(QUIET)
    paper.set_font(FONT, size=9)
    paper.multi_cell(WIDTH, 5, sheet.foot, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def _paper(sheet: Sheet) -> "FPDF":
    from fpdf import FPDF

    paper = FPDF(unit="mm", format="A4")
    for style, path in _fonts().items():
        paper.add_font(FONT, style, path)
    paper.set_margin(MARGIN)
    paper.set_auto_page_break(auto=True, margin=MARGIN)
    paper.set_title(f"{sheet.title} {sheet.number}".strip())
    paper.set_author(sheet.site_name)
    paper.set_lang("en")
    paper.set_creation_date(sheet.date)
    paper.add_page()
    return paper


@cache
def _fonts() -> dict[str, Path]:
    """Latin, Greek and Cyrillic; other letters are left out of the paper."""
    folder = Path(str(files("fontpkg_fira_sans"))) / "files"
    return {"": folder / "FiraSans-Regular.ttf", "B": folder / "FiraSans-Bold.ttf"}


def _head(paper: "FPDF", sheet: Sheet) -> None:
    paper.set_font(FONT, "B", 11)
    paper.cell(WIDTH, 6, sheet.site_name, new_x="LMARGIN", new_y="NEXT")
    paper.ln(6)
    paper.set_font(FONT, "B", 20)
    paper.cell(WIDTH, 10, sheet.title, new_x="LMARGIN", new_y="NEXT")
    paper.ln(4)


def _row(paper: "FPDF", label: str, value: str, *, first: float) -> None:
    paper.set_font(FONT, size=10)
    paper.set_text_color(QUIET)
    paper.cell(first, 6, label)
    paper.set_text_color(0)
    paper.multi_cell(WIDTH - first, 6, value, new_x="LMARGIN", new_y="NEXT")


def _amount(
    paper: "FPDF", label: str, amount: str, *, bold: bool = False, size: float = 10
) -> None:
    """A label that may run over several lines, and an amount beside its first one."""
    paper.set_font(FONT, "B" if bold else "", size)
    if paper.will_page_break(2 * size):
        paper.add_page()
    top, height = paper.get_y(), size * 0.6
    paper.set_x(MARGIN + WIDTH - AMOUNT)
    paper.cell(AMOUNT, height, amount, align="R")
    paper.set_xy(MARGIN, top)
    paper.multi_cell(WIDTH - AMOUNT, height, label, new_x="LMARGIN", new_y="NEXT")


def _rule(paper: "FPDF") -> None:
    paper.ln(2)
    paper.set_draw_color(180)
    paper.line(MARGIN, paper.get_y(), MARGIN + WIDTH, paper.get_y())
    paper.ln(3)
