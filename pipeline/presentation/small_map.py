"""Tasks against pupils on one scale (Wright 1979): a panel a work, pupils above the line, numbers of tasks under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.presentation import theme
from pipeline.presentation.charts import TASK_LEVELS
from pipeline.presentation.small_multiples import LETTER, Frame, document, fitted, frames, legend, line, place, words
from pipeline.presentation.text import number

COLUMNS, HEIGHT, HEAD, ABOVE, LEFT = 2, 44.0, 14.0, 20.0, 14.0
SIZE, ROW = 6.8, 7.6
FOOT = 12.0  # under the last row of tasks
NEAR, LETTERS = 0.3, 20  # of tasks that share a label: their distance, letters in a line


Task = tuple[str, float, str]


@dataclass(frozen=True)
class Label:
    """Numbers of one or several tasks: words, their middle and end on the scale, the kind of task."""

    words: str
    level: float
    end: float
    kind: str


@dataclass(frozen=True)
class Panel:
    """One work, levels in standard deviations of pupils. `pupils`: level and number; `tasks`: number, level, kind."""

    title: str
    pupils: tuple[tuple[float, int], ...]
    tasks: tuple[Task, ...]


def small_map(panels: Sequence[Panel]) -> str:
    """SVG of all panels on one scale of levels; tasks of nearly one level share a label."""
    ends = [level for panel in panels for level, _ in panel.pupils] + [at for one in panels for _, at, _ in one.tasks]
    low, high = min(-2.0, min(ends) - 0.15), max(2.0, max(ends) + 0.15)
    columns = min(COLUMNS, len(panels))
    wide = frames(1, columns, HEIGHT, left=LEFT, above=ABOVE, below=0, head=0)[0].width
    rows = [_rows(panel, wide / (high - low)) for panel in panels]
    below = 4 + ROW * max(len(one) for one in rows) + FOOT
    spots = frames(len(panels), columns, HEIGHT, left=LEFT, above=ABOVE, below=below, head=HEAD)
    kinds = [kind for kind in TASK_LEVELS if any(kind == own for panel in panels for _, _, own in panel.tasks)]
    body = list(legend([(words(0, 2.6, "1", "middle", SIZE, TASK_LEVELS[k][2]), TASK_LEVELS[k][0]) for k in kinds]))
    for spot, panel, stacked in zip(spots, panels, rows, strict=True):
        body += _panel(spot, panel, stacked, (low, high))
    return document(HEAD + -(-len(panels) // columns) * (ABOVE + HEIGHT + below), body)


def _rows(panel: Panel, unit: float) -> list[list[Label]]:
    """Labels in rows: tasks of nearly one level together, what would touch stands lower."""
    rows: list[list[Label]] = []
    for cluster in _clusters(panel.tasks):
        level = sum(at for _, at, _ in cluster) / len(cluster)
        lines = _wrapped([name for name, _, _ in panel.tasks if name in {task[0] for task in cluster}])
        half = max(len(said) for said in lines) * SIZE * LETTER / 2 / unit
        for depth, said in enumerate(lines):
            row = _free(rows, depth, level - half, 3 / unit)
            row.append(Label(said, level, level + half, cluster[0][2]))
    return rows


def _clusters(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Tasks of one kind by level, together while they are no farther than NEAR from the first."""
    for kind in dict.fromkeys(kind for _, _, kind in tasks):
        cluster: list[Task] = []
        for task in sorted((task for task in tasks if task[2] == kind), key=lambda task: task[1]):
            if cluster and task[1] - cluster[0][1] > NEAR:
                yield cluster
                cluster = []
            cluster.append(task)
        yield cluster


def _wrapped(names: Sequence[str]) -> list[str]:
    """Numbers in lines of about the same width as a cluster may take."""
    lines = [""]
    for name in names:
        if lines[-1] and len(lines[-1]) + len(name) >= LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {name}".strip()
    return lines


def _free(rows: list[list[Label]], depth: int, start: float, gap: float) -> list[Label]:
    """The first row from `depth` down that is free from `start` on."""
    while True:
        if depth == len(rows):
            rows.append([])
        if all(label.end + gap <= start for label in rows[depth]):
            return rows[depth]
        depth += 1


def _panel(spot: Frame, panel: Panel, rows: Sequence[Sequence[Label]], ends: tuple[float, float]) -> Iterator[str]:
    unit = spot.width / (ends[1] - ends[0])

    def x(level: float) -> float:
        return spot.left + (level - ends[0]) * unit

    yield words(spot.left, spot.top - 7, fitted(panel.title, spot.width, 8.5), size=8.5)
    yield f'<path d="{"".join(_bars(spot, panel, x))}" fill="#a9cbe0"/>'
    yield line(f"M{place(spot.left)} {place(spot.floor)}h{place(spot.width)}", theme.GREY, 0.6)
    for depth, row in enumerate(rows):
        for label in row:
            colour = TASK_LEVELS.get(label.kind, TASK_LEVELS[""])[2]
            yield words(x(label.level), spot.floor + 8 + ROW * depth, label.words, "middle", SIZE, colour)
    ticks = [tick for tick in range(-4, 5) if ends[0] <= tick <= ends[1]]
    foot = spot.floor + 6 + ROW * len(rows) + 5
    for tick in ticks:
        yield words(x(tick), foot + 2, number(tick), "middle", 6.5, theme.GREY)
    marks = "".join(f"M{place(x(tick))} {place(spot.floor)}v-3" for tick in ticks)
    yield line(marks, theme.GREY, 0.6)


def _bars(spot: Frame, panel: Panel, x: object) -> Iterator[str]:
    """A bar a total: half-way to its neighbours wide, its area the number of pupils."""
    levels = [level for level, _ in panel.pupils]
    edges = [(one + other) / 2 for one, other in zip(levels, levels[1:], strict=False)]
    if not edges:
        return
    edges = [2 * levels[0] - edges[0], *edges, 2 * levels[-1] - edges[-1]]
    dense = [count / (edges[n + 1] - edges[n]) for n, (_, count) in enumerate(panel.pupils)]
    most = max(dense)
    for n, density in enumerate(dense):
        start, end = x(edges[n]), x(edges[n + 1])  # type: ignore[operator]
        if density:
            high = spot.height * density / most
            yield f"M{place(start)} {place(spot.floor)}v-{place(high)}H{place(end)}v{place(high)}z"
