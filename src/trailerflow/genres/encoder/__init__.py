"""Fine-tuning an encoder for the 18 genres: its network, its loss, its training."""
