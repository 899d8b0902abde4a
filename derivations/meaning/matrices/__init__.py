"""Matrices as a whole: their powers, and the norm that is made of one."""
