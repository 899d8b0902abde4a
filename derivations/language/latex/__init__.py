"""LaTeX as a text: its lexemes, its groups, and the commands that an author defines."""
