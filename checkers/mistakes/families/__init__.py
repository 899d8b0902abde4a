"""The mistakes by family: how each is undone, and its card."""
