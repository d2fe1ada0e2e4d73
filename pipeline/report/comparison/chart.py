"""Small charts as SVG: each case's two scores, and Bland and Altman's plot of volumes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, EDGE = 460, 300, 46


@dataclass(frozen=True)
class Dot:
    """One case: position in figures and its name."""

    x: float
    y: float
    name: str


@dataclass(frozen=True)
class Axis:
    """What one side of a chart measures, and from where to where."""

    title: str
    low: float
    high: float


def square_chart(dots: Sequence[Dot], before: str, after: str) -> Markup:
    """Candidate against reference: above the diagonal the candidate scored more."""
    low, high = _range([value for dot in dots for value in (dot.x, dot.y)])
    across, up = Axis(before, low, high), Axis(after, low, high)
    diagonal = _line(across, up, (low, low), (high, high), "dashed")
    return _chart(across, up, [diagonal], dots)


def agreement_chart(dots: Sequence[Dot], bias: float, limits: tuple[float, float]) -> Markup:
    """Difference against mean, with the bias and the limits of agreement."""
    left, right = _range([dot.x for dot in dots])
    bottom, top = _range([*(dot.y for dot in dots), *limits, 0.0])
    across, up = Axis("mean of both, ml", left, right), Axis("difference, ml", bottom, top)
    lines = [
        _line(across, up, (left, level), (right, level), style)
        for level, style in ((bias, "solid"), (limits[0], "dashed"), (limits[1], "dashed"))
        if math.isfinite(level)
    ]
    return _chart(across, up, lines, dots)


def _chart(across: Axis, up: Axis, lines: Iterable[str], dots: Iterable[Dot]) -> Markup:
    marks = "".join(_dot(across, up, dot) for dot in dots)
    return Markup(  # noqa: S704  every text below is escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"{_frame(across, up)}{''.join(lines)}{marks}</svg>"
    )


def _frame(across: Axis, up: Axis) -> str:
    bottom, right = HEIGHT - EDGE, WIDTH - 12
    texts = (
        (EDGE, bottom + 18, "start", _tick(across.low)),
        (right, bottom + 18, "end", _tick(across.high)),
        ((EDGE + right) / 2, HEIGHT - 8, "middle", across.title),
        (EDGE - 6, bottom, "end", _tick(up.low)),
        (EDGE - 6, 20, "end", _tick(up.high)),
    )
    words = "".join(
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
        for x, y, anchor, text in texts
    )
    middle = (bottom + 12) / 2
    turned = (
        f'<text x="14" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {middle:.1f})">{escape(up.title)}</text>'
    )
    box = f'<path class="frame" d="M{EDGE} 12V{bottom}H{right}"/>'
    return box + words + turned


def _line(
    across: Axis, up: Axis, start: tuple[float, float], end: tuple[float, float], style: str
) -> str:
    (x1, y1), (x2, y2) = _place(across, up, *start), _place(across, up, *end)
    return f'<path class="{style}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def _dot(across: Axis, up: Axis, dot: Dot) -> str:
    x, y = _place(across, up, dot.x, dot.y)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{escape(dot.name)}</title></circle>'


def _place(across: Axis, up: Axis, x: float, y: float) -> tuple[float, float]:
    bottom, right = HEIGHT - EDGE, WIDTH - 12
    return (
        EDGE + (x - across.low) / (across.high - across.low) * (right - EDGE),
        bottom - (y - up.low) / (up.high - up.low) * (bottom - 12),
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _tick(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
