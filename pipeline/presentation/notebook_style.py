"""How blocks look in a notebook that a person has opened: the report has its own style sheet, JupyterLab has none."""

from __future__ import annotations

from typing import Any

from pipeline.presentation.blocks import Block

STYLE = """<style>
.ms-strip { border-top: 2px solid #1f5f8b; border-bottom: 1px solid #d7dce0; padding: .5em 0; }
.ms-table, .ms-figure { margin: 1em 0 2em !important; }
.ms-table table { margin: 0 !important; font-size: .95em; }
.ms-table table caption { text-align: left; font-weight: 700; padding: .4em 0; }
.ms-table table th, .ms-table table td { text-align: left !important; vertical-align: top; white-space: normal; }
.ms-table table th, .ms-table table td { max-width: 28em; }
.ms-table table tbody th { font-weight: 400; }
.ms-table table [data-align="right"] { text-align: right !important; }
.ms-table table [data-align="center"] { text-align: center !important; }
.ms-title, .ms-subtitle { display: block; }
.ms-title, .ms-warning .ms-word, .ms-pairs .ms-caption { font-weight: 700; }
.ms-nb, .ms-number { white-space: nowrap; }
.ms-better, .ms-ok { color: #1f5f8b; }
.ms-worse, .ms-critical { color: #b4432f; font-weight: 700 !important; }
.ms-subtitle, .ms-note, .ms-empty, .ms-legend, .ms-source, .ms-muted, .ms-unknown { color: #5b6670; }
.ms-legend, .ms-source, .ms-note, .ms-how { font-size: .9em; }
div.ms-warning { border-left: 4px solid #b4432f; padding: .3em 1em; background: #fbf3f1; color: #1f2933; }
.ms-heard, .ms-how a[href^="data/"] { display: none; }
.ms-how summary { color: #1f5f8b; cursor: pointer; }
.ms-chart { background: #fff; }
.ms-chart svg { max-width: 100%; height: auto; overflow: visible; }
.ms-chart svg text { font-family: "PT Sans", Calibri, Carlito, "Times New Roman", serif !important; }
</style>"""  # charts are laid out for PT Sans: where it is missing only a narrow face fits


def styled(block: Block) -> dict[str, Any]:
    """The representations of the first block of a notebook, its HTML preceded by the style for all of them."""
    shown = block._repr_mimebundle_()
    return {**shown, "text/html": STYLE + shown["text/html"]}
