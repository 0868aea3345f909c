"""What a sentence shows of what is looked for in a whole text: quotations, numbers, blanks, addresses, orders.

None of these stands in a text no sentence of which has its sign. The signs of a sentence are remembered while a text is
typed, so that the whole is looked through only for what may be there.
"""

from __future__ import annotations

from agentdesk.text.addresses import may_be_address
from agentdesk.text.contacts import MAIL_SIGN
from agentdesk.text.digit_runs import half_dense
from agentdesk.text.foreign import may_be_order
from agentdesk.text.quotes import may_quote
from agentdesk.text.unfilled import may_be_open

QUOTE, NUMBER, OPEN, PLACE, ORDER = 1, 2, 4, 8, 16
"""Bits: an enumeration takes ten times as long to join."""
ALL = QUOTE | NUMBER | OPEN | PLACE | ORDER


def signs_of(sentence: str) -> int:
    """What a sentence, with the signs at its end, may hold or be a part of."""
    return (
        QUOTE * may_quote(sentence)
        | NUMBER * (half_dense(sentence) or MAIL_SIGN.search(sentence) is not None)
        | OPEN * may_be_open(sentence)
        | PLACE * may_be_address(sentence)
        | ORDER * may_be_order(sentence)
    )
