"""Requests for a human: who is asked when, and what happens when nobody comes."""
