"""Reusable parts of screens: composer, record form, countdown, virtual list, picker.

They know no store and no sync: they are given plain records and say what happened with messages in the past tense.
"""

from __future__ import annotations
