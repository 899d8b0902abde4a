"""The report of a check: made once, written for a terminal, as HTML and as Markdown."""
