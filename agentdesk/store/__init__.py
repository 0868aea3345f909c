"""The local file: the truth that an agent works on.

`open_store` opens it with the standard library alone, since the start of the desk cannot wait for an ORM to be
imported; `journal` is the only writer of replicated tables; projections are what can be thrown away and rebuilt.
"""

from __future__ import annotations

from agentdesk.store.database import Store, StoreBroken, StoreHeld, StoreNewer, open_store

__all__ = ["Store", "StoreBroken", "StoreHeld", "StoreNewer", "open_store"]
