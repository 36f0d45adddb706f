"""Parts of chapter 13: what stands before the chapters of the report and after them."""
