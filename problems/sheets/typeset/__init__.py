"""Setting texts and formulas: what a person wrote, as LaTeX and as HTML that holds nothing but what they meant."""
