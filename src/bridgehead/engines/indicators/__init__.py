"""Indicators: their formulas over named series, and how far a year has brought them."""
