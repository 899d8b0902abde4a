"""A homework: its questions, its file, its rubrics, and the marks around answers."""
