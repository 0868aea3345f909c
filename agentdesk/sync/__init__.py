"""The desk's exchange with the centre: client and loop.

It stands beside `desk`, not above it: it only calls the journal (outbox, settle, apply) and tells how far it is.
"""

from __future__ import annotations
