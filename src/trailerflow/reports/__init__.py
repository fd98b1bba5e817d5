"""The page that shows a run: what was done, how well it went, against what, and at what cost."""
