"""Phrases by what they mean, in the languages that works are written in: the tables, and how they are looked up."""
