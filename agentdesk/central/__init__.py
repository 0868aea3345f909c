"""The centre: the service that orders, judges and stamps what desks send, and hands it to the others.

Api, accounts, feed and their tables. It stands on `changes`, `domain`, `text` and `faults` alone, so that it runs
without a desk beside it.
"""

from __future__ import annotations
