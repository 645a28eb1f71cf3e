"""Whole conversations as golden files, played on the real parts with only the clock and the carrier stood in for."""
