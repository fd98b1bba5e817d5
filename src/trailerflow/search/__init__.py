"""A search for settings: by Optuna, in rounds of trials, resumed after a kill."""
