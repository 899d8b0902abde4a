"""Two answers without a statement: found in texts, their names declared by what is written, compared by their form."""
