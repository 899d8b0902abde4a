"""Derivations measured: the tasks, how their answers are judged, and the tools that derive them."""
