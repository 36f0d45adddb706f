"""What a panel gives to its chapter, and how panels are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.directions.chapter import Finding
from pipeline.presentation.blocks import Block


@dataclass(frozen=True)
class Panel:
    """Blocks by section, findings, and frames behind the charts (file stem → frame)."""

    monitoring: tuple[Block, ...] = ()
    analysis: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def joined(panels: Iterable[Panel]) -> Panel:
    """Panels one after the other."""
    parts = list(panels)
    return Panel(
        monitoring=tuple(block for part in parts for block in part.monitoring),
        analysis=tuple(block for part in parts for block in part.analysis),
        findings=tuple(finding for part in parts for finding in part.findings),
        frames={name: frame for part in parts for name, frame in part.frames.items()},
    )
