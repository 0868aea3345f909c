"""What is known about text: cleaning, folding, privacy, lint, templates, search terms.

Pure, and it imports nothing of ours: strings and rules in, findings with code-point offsets out.
"""

from __future__ import annotations
