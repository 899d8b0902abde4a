"""Equations that a work sets and solves: the points that it finds, their multipliers, minima and maxima."""
