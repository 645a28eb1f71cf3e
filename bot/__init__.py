"""Needling Bot: a clinic's care sheet, texted line by line at the right minute."""
