"""What a person reads: nodes and polynomials as written lines, small proofs, letters of indices."""
