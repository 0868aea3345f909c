"""What can be computed from the facts and is kept because a screen needs it at once; all of it can be made again.

A projection is refreshed inside the journal's transaction (`refresh.Projections`), so that what is shown and what is
saved never differ.
"""
