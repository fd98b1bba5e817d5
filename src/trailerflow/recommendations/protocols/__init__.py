"""Protocols: what is asked about the held-out ratings of a split, a file each."""
