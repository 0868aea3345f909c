"""The demonstration: a throw-away home, a day's worth of requests, a centre and a second desk of its own.

Nothing of the person's own desk is read or written but the language. `begin` runs it, `day` plays the day through the
use cases with a clock of its own, `other_side` is the process with centre and second desk, `colleague` what that does.
"""
