"""Reusable parts of screens. They know no store, no sync and no rules of the trade: what they need is handed to them
as plain records and callables, and what happened in them goes up as messages, past tense, sealed once posted.
"""
