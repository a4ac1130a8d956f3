"""The top share of a grid and the connected regions that it falls into."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.arrays import FloatArray, IntArray


def exchange_directions(n_elements: int) -> IntArray:
    """The directions in which one element is exchanged for another: +1, -1 and zeros, shape (n (n-1), n).

    In a ternary these are the six directions around a point.
    """
    directions = np.zeros((n_elements * (n_elements - 1), n_elements), dtype=np.int64)
    for row, (more, less) in enumerate(permutations(range(n_elements), 2)):
        directions[row, more], directions[row, less] = 1, -1
    return directions


def top_share(values: FloatArray, share: float) -> NDArray[np.bool_]:
    """Marks the `share` of points with the highest values (rounded up; ties by position)."""
    marked = np.zeros(len(values), dtype=bool)
    count = int(np.ceil(round(share * len(values), 9)))  # 0.07 * 100 is a little above 7
    marked[np.argsort(-values, kind="stable")[:count]] = True
    return marked


def label_regions(
    points: IntArray,
    marked: NDArray[np.bool_],
    step: int,
    fine_step: int | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> IntArray:
    """Number the connected regions of the marked points, 1 for the largest; 0 where a point is not marked.

    Points are neighbours when one step of one element is exchanged for another: whatever their number of elements, as
    the six points around one in a ternary. Regions of the same size are numbered by their first point.

    Args:
        points: compositions in at.%, shape (n, k).
        marked: shape (n,).
        step: distance of neighbouring grid points in at.%.
        fine_step: a second distance of neighbours, where the grid is refined in places.
        counted: points by whose number regions are large, shape (n,); all of them where it is not given.

    Returns:
        Shape (n,).
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    inside = np.flatnonzero(marked)
    steps = [step] if fine_step is None else [step, fine_step]
    around = np.vstack([one * exchange_directions(points.shape[1]) for one in steps])
    place = {tuple(point): i for i, point in enumerate(points[inside])}
    pairs = [
        (i, place[neighbour])
        for i, point in enumerate(points[inside])
        for neighbour in map(tuple, point + around)
        if neighbour in place
    ]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(inside),) * 2)
    components = connected_components(graph, directed=False)[1]
    weights = None if counted is None else counted[inside].astype(np.int64)
    sizes = np.bincount(components, weights)
    first_points = np.array([np.flatnonzero(components == c)[0] for c in range(len(sizes))], dtype=np.int64)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first_points, -sizes))] = np.arange(1, len(sizes) + 1)
    labels = np.zeros(len(points), dtype=np.int64)
    labels[inside] = rank[components]
    return labels
