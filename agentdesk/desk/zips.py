"""What a damaged zip raises, be it a help centre or a workbook."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import Final

BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What the library raises for an archive that is damaged or packed in a way it does not know."""
