"""From LaTeX, Unicode or plain text to expressions, strictly."""
