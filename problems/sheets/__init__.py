"""Sheets: a homework typeset, with the pictures that it shows."""
