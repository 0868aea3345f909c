"""What a person at the desk can do: capture, reply, plan, resolve, follow up, look up, export.

One function a use case on a small `Desk` context: check role and rules, write changes through the journal, return plain
frozen records. Screens and command line call the same functions.
"""

from __future__ import annotations
