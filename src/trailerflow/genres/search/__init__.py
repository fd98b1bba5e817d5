"""The search for settings of the encoder: by Optuna, on training films alone, resumed after a kill."""
