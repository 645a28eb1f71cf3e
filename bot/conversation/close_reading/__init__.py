"""A third reader, slow and good: it reads a text as a whole, word order and all. Asked where the quick ones doubt."""
