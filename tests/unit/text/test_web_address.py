"""Which addresses of the web may be opened."""

from __future__ import annotations

import pytest

from agentdesk.text.web_address import web_address


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "http://a.example:8080/x?y=1&z=%E4%B8%AD#top",
        "https://xn--fiq228c.example/",
        "http://[::1]/",
    ],
)
def test_a_plain_address_is_kept(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "a.example", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.example", "//a.example", "https://",
        "https://shop.example@evil.example/", "https://a.example/ x", "https://a.example/\x1b]0;x\x07",
        "https://аpple.example/", "https://a.example/‮gpj", "https://a.example:99999/", 'https://a.example/"x',
        "https://a.example/`id`", "https://[::1", "https://a.example/" + "x" * 600, "data:text/html,x",
    ],
)  # fmt: skip
def test_what_hides_where_it_leads_is_none(text: str) -> None:
    assert web_address(text) == ""
