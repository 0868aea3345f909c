"""What `scripts/bench.py` measures: one module a topic, each row beside its control in the same run.

A topic's functions take `Sizes` and return `Result`s; they never decide whether a miss matters. Milliseconds of a
shared machine are to be read as ratios: that is what the controls are for.
"""
