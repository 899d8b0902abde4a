"""The statement of a problem: its keys, its names, what it assumes, and the setting in which work is judged."""
