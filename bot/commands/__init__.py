"""What the commands do, one a file; each imports only what it needs, so that the quick ones start quickly."""
