"""When terms are equal by identities alone."""
