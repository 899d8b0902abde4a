"""What is printed: text that folds at words, in styles and columns, and formulas as a person reads them."""
