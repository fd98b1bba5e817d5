"""From a trailer's sound to the words that are spoken in it."""
