"""Plots as inline SVG drawings in the colours of the page, light or dark.

Matplotlib draws with stand-in colours, which are then replaced by the page's CSS variables; texts stay
texts, in the page's font. A drawing bears a title and a description for readers who do not see it. Matplotlib is imported
with the first drawing, since the sections are also read while the graph is built.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from trailerflow.reports.values import score
from trailerflow.reports.view import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_VARIABLES = {
    "ink": "#010203",
    "soft": "#010204",
    "rule": "#010205",
    "series-1": "#010206",
    "series-2": "#010207",
    "series-3": "#010208",
    "series-4": "#010209",
    "series-5": "#01020a",
}
"""Name of the page's CSS variable, and the stand-in colour that no plot uses by chance."""

SERIES = tuple(name for name in _VARIABLES if name.startswith("series"))
_MOST_DOTS = 200
_MARKERS = ("o", "s", "^", "D", "v")

_STYLE: Any = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 10,
    "text.color": _VARIABLES["ink"],
    "axes.labelcolor": _VARIABLES["ink"],
    "axes.edgecolor": _VARIABLES["soft"],
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _VARIABLES["soft"],
    "ytick.color": _VARIABLES["soft"],
    "xtick.labelcolor": _VARIABLES["ink"],
    "ytick.labelcolor": _VARIABLES["ink"],
    "grid.color": _VARIABLES["rule"],
    "grid.linewidth": 0.8,
    "legend.frameon": False,
}


@dataclass(frozen=True)
class Mark:
    """One dot of a plot, with its interval where it has one (NaN bounds draw none)."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Series:
    """Dots that belong together, under one name."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Panel:
    """One metric of several systems: their dots, and the line of chance."""

    title: str
    marks: tuple[Mark, ...]
    chance: float


def length_histogram(lengths: dict[str, Sequence[float]], *, identifier: str, description: str) -> Markup:
    """Histogram of text lengths, one colour for each origin, stacked.

    Args:
        lengths: Words of each transcript, by origin; at least one length in all.
        identifier: Name of the drawing, unique in the page.
        description: What it shows, for a reader who does not see it.
    """

    from matplotlib.ticker import MaxNLocator

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        everything = [length for values in lengths.values() for length in values]
        axes.hist(
            list(lengths.values()),
            bins=_bins(min(everything), max(everything)),
            stacked=True,
            color=[_VARIABLES[name] for name in SERIES[: len(lengths)]],
            edgecolor="none",
            rwidth=0.92,
            label=[f"{origin} ({len(values)})" for origin, values in lengths.items()],
        )
        axes.set_xlabel("Words of the transcript that the model read")
        axes.set_ylabel("Movies")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=len(lengths))

    return _drawing(draw, (6.8, 2.9), identifier, "Transcript lengths", description)


def length_strips(
    lengths: dict[str, Sequence[float]], wanted: tuple[float, float], *, identifier: str, description: str
) -> Markup:
    """Lengths of texts, a dot each, in a strip for each kind of text, over the band of lengths wanted.

    Of many texts every second, third and so on is drawn, in order of length, so that the page stays small.

    Args:
        lengths: Words of each text, by what wrote it; from top to bottom; one length at least in each.
        wanted: Shortest and longest length wanted.
        identifier: Name of the drawing, unique in the page.
        description: What it shows, for a reader who does not see it.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.axvspan(*wanted, color=_VARIABLES["rule"], alpha=0.6, linewidth=0)
        for row, values in enumerate(lengths.values()):
            # Dots of a strip stand at three heights in turn, so that equal lengths are seen side by side.
            shown = sorted(values)[:: -(-len(values) // _MOST_DOTS)]
            heights = [row + 0.16 * (place % 3 - 1) for place in range(len(shown))]
            axes.plot(
                shown,
                heights,
                linestyle="none",
                marker="o",
                markersize=4,
                markeredgewidth=0,
                alpha=0.55,
                color=_VARIABLES["series-1"],
            )
        axes.set_yticks(range(len(lengths)), [f"{name} ({len(values)})" for name, values in lengths.items()])
        axes.set_ylim(len(lengths) - 0.4, -0.6)
        axes.set_xlim(left=0)
        axes.set_xlabel("Words")
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_axisbelow(True)

    return _drawing(
        draw, (6.8, 0.9 + 0.42 * len(lengths)), identifier, "Lengths of the summaries", description
    )


def genre_scores(
    series: Sequence[Series], labels: Sequence[str], *, metric: str, identifier: str, description: str
) -> Markup:
    """A metric by genre: a dot with its interval for each system.

    Args:
        series: Systems, five at most; each has a mark for some of the labels.
        labels: The genres, from top to bottom.
        metric: What the dots are, between 0 and 1.
        identifier: Name of the drawing, unique in the page.
        description: What it shows, for a reader who does not see it.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        place = {label: row for row, label in enumerate(labels)}
        step = 0.66 / max(len(series), 1)
        for number, one in enumerate(series):
            shift = (number - (len(series) - 1) / 2) * step
            rows = [place[mark.label] + shift for mark in one.marks]
            _dots(axes, one.marks, rows, colour=SERIES[number], marker=_MARKERS[number], name=one.name)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(metric)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=1, handletextpad=0.3)

    height = 1.0 + 0.24 * len(series) + max(0.3, 0.13 * len(series)) * len(labels)
    return _drawing(draw, (6.8, height), identifier, f"{metric} by genre", description)


def against_chance(panels: Sequence[Panel], *, title: str, identifier: str, caption: str) -> tuple[Plot, ...]:
    """Systems against chance with a description in words; without panels nothing is drawn.

    Args:
        panels: All with the same systems in the same order.
        title: What the drawing is called.
        identifier: Name of the drawing, unique in the page.
        caption: What the dots are of.
    """
    if not panels:
        return ()
    said = "; ".join(
        f"{panel.title}, chance {score(panel.chance)}: "
        + ", ".join(f"{mark.label} {score(mark.value)}" for mark in panel.marks)
        for panel in panels
    )
    svg = chance_panels(panels, title=title, identifier=identifier, description=f"Dot plots. {said}.")
    return (Plot(svg, f"{caption}: dots with 95 % intervals; the dashed line is chance."),)


def chance_panels(panels: Sequence[Panel], *, title: str, identifier: str, description: str) -> Markup:
    """Systems against chance: a panel for each metric, a dot with its interval for each system.

    Args:
        panels: One or more, all with the same systems in the same order.
        title: What the drawing is called.
        identifier: Name of the drawing, unique in the page.
        description: What it shows, for a reader who does not see it.
    """

    from matplotlib.ticker import MaxNLocator

    def draw(figure: Figure) -> None:
        grid = figure.subplots(-(-len(panels) // 2), min(len(panels), 2), squeeze=False, sharey=True)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        for axes, panel in zip(grid.flat, panels, strict=False):
            rows = list(range(len(panel.marks)))
            axes.axvline(panel.chance, color=_VARIABLES["series-2"], linestyle=(0, (4, 3)), linewidth=1.4)
            _dots(axes, panel.marks, rows, colour="series-1", marker="o", name=panel.title)
            axes.set_yticks(rows, [mark.label for mark in panel.marks])
            axes.set_ylim(len(rows) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.set_title(f"{panel.title}, chance {panel.chance:.3f}".replace(" 0.", " ."))
            axes.margins(x=0.08)
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
            axes.grid(axis="x")
            axes.set_axisbelow(True)

    height = -(-len(panels) // 2) * (1.05 + 0.27 * max(len(panel.marks) for panel in panels))
    return _drawing(draw, (7.6, height), identifier, title, description)


def calibration_curves(
    curves: Mapping[str, Sequence[tuple[float, float]]], *, identifier: str, description: str
) -> Markup:
    """Mean probability and share of right decisions, bin by bin, beside the line on which the two are equal.

    Args:
        curves: Points of each system, five systems at most.
        identifier: Name of the drawing, unique in the page.
        description: What it shows, for a reader who does not see it.
    """

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=_VARIABLES["soft"], linestyle=(0, (4, 3)), linewidth=1.2)
        for number, (name, points) in enumerate(curves.items()):
            axes.plot(
                [point[0] for point in points],
                [point[1] for point in points],
                color=_VARIABLES[SERIES[number]],
                marker=_MARKERS[number],
                markersize=5,
                linewidth=1.4,
                label=name,
            )
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.set_xlabel("Mean probability of a genre")
        axes.set_ylabel("Share of films that have it")
        axes.grid()
        axes.set_axisbelow(True)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=1, handletextpad=0.5)

    return _drawing(draw, (6.8, 4.2 + 0.22 * len(curves)), identifier, "Calibration", description)


def _bins(shortest: float, longest: float) -> list[float]:
    """Edges of at most 15 bins of a round width."""
    width = next(
        size for size in (5, 10, 20, 25, 50, 100, 200, 500, 10**6) if longest - shortest <= 14 * size
    )
    return [width * number for number in range(int(shortest // width), int(longest // width) + 2)]


def _dots(
    axes: Axes, marks: Sequence[Mark], rows: Sequence[float], *, colour: str, marker: str, name: str
) -> None:
    """Draw dots on their rows, each over the line of its interval."""
    axes.hlines(
        rows,
        [mark.low for mark in marks],
        [mark.high for mark in marks],
        color=_VARIABLES[colour],
        linewidth=1.8,
        alpha=0.55,
    )
    axes.plot(
        [mark.value for mark in marks],
        rows,
        linestyle="none",
        marker=marker,
        markersize=6,
        color=_VARIABLES[colour],
        label=name,
    )


def _drawing(
    draw: Callable[[Figure], None], size: tuple[float, float], identifier: str, title: str, description: str
) -> Markup:
    """Draw, and make the SVG fit for a page: no prolog, no metadata, unique names, the page's colours."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with matplotlib.rc_context(_STYLE | {"svg.hashsalt": identifier}):
        figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
        draw(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    source = buffer.getvalue()
    box = re.search(r'viewBox="([^"]+)"', source)
    if box is None:
        raise AssertionError("matplotlib writes a viewBox into every SVG")
    body = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{identifier}-", body).replace("xlink:href", "href")
    for name, colour in _VARIABLES.items():
        body = body.replace(colour, f"var(--{name})")
    head = (
        f'<svg viewBox="{box[1]}" role="img" aria-labelledby="{identifier}-title {identifier}-description" '
        f'style="aspect-ratio: {size[0]} / {size[1]:.2f}">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-description">{escape(description)}</desc>'
    )
    return Markup(head + body + "</svg>")  # noqa: S704 - matplotlib escapes its texts, and so does the head
