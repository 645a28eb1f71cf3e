"""How fast and how well: figures side by side from one run, never asserted as seconds in a test."""
