"""The finished report as a reader meets it: opened from disk in Chromium, and page by page on paper.

Needs `make report`, the extra `browser` (`pip install -c requirements.lock -e '.[browser]'`), Chromium and poppler.
What is missing skips aloud; with MSOKO_LOOK=must it fails. MSOKO_REPORT names another run folder to look at.
"""
