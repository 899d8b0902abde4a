"""What an expression means: shaped terms in index notation, their derivatives, the truth of conditions."""
