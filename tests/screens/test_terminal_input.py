"""Bytes that are no UTF-8 end nothing: they become replacement characters."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows reads no bytes from its terminal")


def test_the_driver_decodes_what_is_no_text() -> None:
    """As Textual's input thread does it: characters torn over two readings stay whole, other bytes are replaced."""
    from agentdesk.app.terminal_input import forgiving

    decode = forgiving("utf-8")().decode
    whole = "客".encode()
    assert decode(whole[:2]) + decode(whole[2:]) == "客"
    assert decode("客服".encode("gbk") + b"\xff").endswith("\ufffd")


def test_textual_makes_its_decoder_by_that_name() -> None:
    """A new version of Textual that decodes otherwise must not slip by."""
    import inspect

    from textual.drivers.linux_driver import LinuxDriver

    assert 'getincrementaldecoder("utf-8")()' in inspect.getsource(LinuxDriver.run_input_thread)
