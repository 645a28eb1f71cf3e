"""The clinic's words: what messages/ may say, how it is read, checked and rendered."""
