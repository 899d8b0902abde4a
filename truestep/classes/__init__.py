"""A class: hand-ins in, marks, decisions and gradebooks out; all of it kept in a store."""
