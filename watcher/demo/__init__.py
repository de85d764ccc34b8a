"""The demonstration: a replay portal on loopback, and the story that is told with it."""
