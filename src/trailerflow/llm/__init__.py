"""The one way to every language model: OpenAI-compatible chat completions behind a cache.

Nothing is imported here, so that a program depends on the parts that it uses alone: who makes a table needs `types` and not
the client.
"""
