"""The search for settings of the encoder, on training films alone: its spaces and its trials."""
