"""Generated slips: right work with one mistake put in, and right work written otherwise."""
