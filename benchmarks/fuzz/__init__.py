"""Hostile input of every kind, made from what is real, and what truestep does with it."""
