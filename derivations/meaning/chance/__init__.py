"""Quantities that vary by chance: their laws, and expectations and covariances of what is made of them."""
