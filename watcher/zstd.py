"""Python 3.14's zstd, or what brings it to earlier ones.

It can compress against bytes as a prefix, which costs a quarter of what compressing against them as a dictionary does: what is
compressed against is looked into while that goes on, not prepared as if it were for many.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression.zstd import (
        CompressionParameter,
        DecompressionParameter,
        Strategy,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        compress,
        decompress,
    )
else:
    from backports.zstd import (
        CompressionParameter,
        DecompressionParameter,
        Strategy,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        compress,
        decompress,
    )

__all__ = [
    "MAGIC",
    "CompressionParameter",
    "DecompressionParameter",
    "Strategy",
    "ZstdCompressor",
    "ZstdDecompressor",
    "ZstdDict",
    "ZstdError",
    "compress",
    "decompress",
]

MAGIC = b"\x28\xb5\x2f\xfd"
"""How every frame begins (RFC 8878, section 3.1.1)."""
