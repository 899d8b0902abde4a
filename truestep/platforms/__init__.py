"""One hand-in graded where a platform runs a program of the course: Gradescope, PrairieLearn, edX."""
