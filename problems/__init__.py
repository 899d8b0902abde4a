"""The book: what is asked, under which assumptions."""
