"""What a run costs: an account of the answers that it has, and an estimate before it asks."""
