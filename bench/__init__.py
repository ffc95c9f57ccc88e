"""What a look at a message costs, beside what else could look at it and beside discord.py itself.

    make bench                                     # everything, in about eight minutes
    make bench BENCH_ARGS="--quick"                # everything in small, to see that it works
    make bench BENCH_ARGS="look worst"             # some parts; `python -m bench --help` lists them

Only what stands side by side in one run is compared: a machine's speed is its own, ratios are not.
"""
