"""Lines of mathematics as they are written: expressions, shapes, names, functions; reading and writing them."""
