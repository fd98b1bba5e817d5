"""Servers that keep models warm, what they may be reached by, and the energy that they take."""
