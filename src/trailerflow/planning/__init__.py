"""What the workflow works out while Snakemake builds its graph: jobs' settings, threads and slots, and who is asked.

Everything here is a function of its arguments, or of a file that is there. Nothing of Snakemake is in it: the rules hand in
what only Snakemake knows (wildcards, inputs, cores).
"""
