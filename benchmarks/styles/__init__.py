"""Right derivations rewritten as people write, without and with one slip, and what is said of them."""
