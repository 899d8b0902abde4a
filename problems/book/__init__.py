"""The book: a page per topic."""
