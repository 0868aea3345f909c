"""The desk's exchange with the centre: client, one exchange, the background loop, joining.

It stands beside `desk`, not above it: it only calls the journal (outbox, settle, apply, adopt) and tells how far it is.
"""

from __future__ import annotations
