"""The bridge to SymPy, for the fragment that SymPy and truestep both know."""
