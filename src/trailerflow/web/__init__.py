"""The open web: one pace for all jobs, blocks that stop the queue, and nothing asked for twice."""
