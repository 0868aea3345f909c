"""The local file: opening, migrations, journal, projections, queries, drafts.

The journal is the only writer of replicated tables; everything that can be computed is a projection which may be thrown
away and built again.
"""

from __future__ import annotations
