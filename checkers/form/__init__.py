"""The form of an answer: what a problem demands of it beside its truth."""
