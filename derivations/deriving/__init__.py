"""Making derivations: from a goal to steps whose ends meet."""
