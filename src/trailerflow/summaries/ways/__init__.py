"""The ways of asking for a summary, each a file behind `trailerflow.summaries.ways.contract.Way`."""
