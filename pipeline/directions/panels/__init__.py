"""One panel a family of data: blocks for a chapter, findings, frames behind the charts."""
