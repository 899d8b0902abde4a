"""A work judged: its rows as claims, each claim in the models, the final answer, the record."""
