"""One file a screen: compose, bind, ask the desk, show.

No rules and no SQL. A screen asks a use case of `desk` in a thread worker and paints the plain record that comes back
by message.
"""

from __future__ import annotations
