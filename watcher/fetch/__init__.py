"""The one gate to the network, and what came through it: decoding and the verdict."""
