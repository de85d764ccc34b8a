"""The cheapest pairing of two small sets (the Hungarian method)."""

from __future__ import annotations

from collections.abc import Sequence

_NEVER = 1e6


def assign(costs: Sequence[Sequence[float | None]]) -> list[tuple[int, int]]:
    """Pairs (row, column) with the least sum of costs, as many as can be; ``None`` forbids a pair. Cubic in the size.

    >>> assign([[1.0, 5.0], [1.0, 2.0]])
    [(0, 0), (1, 1)]
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    size = max(rows, columns)
    if not rows or not columns:
        return []

    def cost(i: int, j: int) -> float:
        if i >= rows or j >= columns:
            return 0.0
        found = costs[i][j]
        return _NEVER if found is None else found

    u, v = [0.0] * (size + 1), [0.0] * (size + 1)
    owner, way = [0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        owner[0] = i
        least = [float("inf")] * (size + 1)
        used = [False] * (size + 1)
        column = 0
        while True:
            used[column] = True
            row, delta, following = owner[column], float("inf"), 0
            for j in range(1, size + 1):
                if not used[j]:
                    now = cost(row - 1, j - 1) - u[row] - v[j]
                    if now < least[j]:
                        least[j], way[j] = now, column
                    if least[j] < delta:
                        delta, following = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = following
            if not owner[column]:
                break
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    pairs = [(owner[j] - 1, j - 1) for j in range(1, size + 1)]
    return sorted((i, j) for i, j in pairs if i < rows and j < columns and costs[i][j] is not None)
