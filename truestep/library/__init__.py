"""What Python programs use: check, verify, derive, read, grade; ``import truestep`` offers these names."""
