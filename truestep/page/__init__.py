"""The page: what a browser shows of a problem as one types, for students, authors and those who review a class."""
