"""Language models as rankers: what they are asked, how, and what their answers score."""
