"""Servers that keep models warm, the sockets that they are reached by, and the energy that they take."""
