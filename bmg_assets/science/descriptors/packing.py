"""Atomic packing efficiency: matminer's AtomicPackingEfficiency, with clusters counted as multisets.

K.J. Laws, D.B. Miracle, M. Ferry, Nat. Commun. 6 (2015) 8123: a cluster is a central atom with n neighbours; it is
packed efficiently when the ratio of the central radius to the mean radius of the neighbours is near the ideal ratio for
n (D.B. Miracle, E.A. Lord, S. Ranganathan, Mater. Trans. 47 (2006) 1737). APE = 1 - ideal ratio / ratio.

Two ideas make it fast. The shells of n neighbours out of m kinds are the same for any m elements, so they are listed
once; and the efficient clusters of a set of elements do not depend on the alloy's fractions, so all alloys of a set
share them.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bmg_assets.science.descriptors.elements import ElementTables

NEAREST = (1, 3, 5)
THRESHOLD = 0.01
MOST_KINDS = 6
"""Clusters are made of no more than this many elements, the most abundant ones of the alloy."""

SIMULTANEOUS_NAMES = ("mean simul. packing efficiency", "mean abs simul. packing efficiency")
DISTANCE_NAMES = tuple(f"dist from {k} clusters |APE| < {THRESHOLD:.3f}" for k in NEAREST)

NEIGHBOURS = np.arange(3, 25)
"""Coordination numbers of the model."""

IDEAL_RATIOS = np.array([
    0.154701, 0.224745, 0.361654, 0.414214, 0.518145, 0.616517, 0.709914, 0.798907, 0.884003, 0.902113, 0.976006,
    1.04733, 1.11632, 1.18318, 1.2481, 1.31123, 1.37271, 1.43267, 1.49119, 1.5484, 1.60436, 1.65915,
])  # fmt: skip
"""Ideal ratio of the central radius to that of the neighbours, for every number in `NEIGHBOURS`."""

UNMATCHED_DISTANCE = 1.0
"""Distance to a cluster that does not exist, where a set of elements has fewer efficient clusters than asked for."""

TREE_WORTH_ALLOYS = 16
"""From this many alloys of one set on, a search tree is cheaper than looking at every cluster."""

SHELLS_AT_A_TIME = 100_000


def simultaneous_packing(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """Mean APE and mean |APE| of all atoms when every shell has the alloy's composition.

    Every atom has the coordination number that packs it best.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 2) in the order of `SIMULTANEOUS_NAMES`, without unit; nan for alloys with an element without radius.
    """
    weights = fractions / fractions.sum(axis=1)[:, None]
    radii = tables.radius_pm[index]
    mean = (weights * radii).sum(axis=1)
    best = _best_packing(radii / mean[:, None])[1]
    return np.column_stack([(weights * best).sum(axis=1), (weights * np.abs(best)).sum(axis=1)])


def cluster_distances(
    index: NDArray[np.intp], fractions: NDArray[np.float64], tables: ElementTables
) -> NDArray[np.float64]:
    """Mean distances to the 1, 3 and 5 nearest efficient clusters of each alloy's most abundant elements.

    Args:
        index: (n, m) positions of the alloys' elements in `tables.symbols`, in one order for all alloys; elements of
            equal amount are taken into the clusters in this order where there are more than six.
        fractions: (n, m) mole fractions, all above zero.
        tables: element data.

    Returns:
        (n, 3) in the order of `DISTANCE_NAMES`: mean Euclidean distances between mole fractions; nan for alloys with an
        element without radius.
    """
    distances = np.full((len(index), len(NEAREST)), np.nan)
    known = np.flatnonzero(~np.isnan(tables.radius_pm[index]).any(axis=1))
    weights = fractions[known] / fractions[known].sum(axis=1)[:, None]
    distances[known] = _distances_by_set(index[known], weights, tables.radius_pm)
    return distances


def _best_packing(ratios: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The coordination number with the APE nearest to zero for each radius ratio, and that APE."""
    ape = 1 - IDEAL_RATIOS / ratios[..., None]
    best = np.abs(ape).argmin(axis=-1)
    return NEIGHBOURS[best], np.take_along_axis(ape, best[..., None], axis=-1)[..., 0]


def _distances_by_set(
    index: NDArray[np.intp], weights: NDArray[np.float64], radius_pm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean distances (n, 3), with the clusters of every set of elements listed once for all its alloys."""
    kinds, amounts, beyond = _most_abundant(index, weights)
    distances = np.full((len(index), max(NEAREST)), UNMATCHED_DISTANCE)
    sets, member = np.unique(kinds, axis=0, return_inverse=True)
    by_set = np.argsort(member.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(member.ravel(), minlength=len(sets)))
    for elements, end, start in zip(sets, ends, [0, *ends], strict=False):
        alloys = by_set[start:end]
        squares = _nearest_squares(amounts[alloys], radius_pm[elements])
        matched = np.isfinite(squares)
        distances[alloys] = np.where(matched, np.sqrt(squares + beyond[alloys, None]), UNMATCHED_DISTANCE)
    return np.column_stack([distances[:, :k].mean(axis=1) for k in NEAREST])


def _most_abundant(
    index: NDArray[np.intp], weights: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """The elements clusters are made of, their fractions, and the sum of squares of the fractions of all others."""
    if index.shape[1] <= MOST_KINDS:
        return index, weights, np.zeros(len(index))
    order = np.argsort(-weights, axis=1, kind="stable")
    chosen = np.sort(order[:, :MOST_KINDS], axis=1)
    beyond = (np.take_along_axis(weights, order[:, MOST_KINDS:], axis=1) ** 2).sum(axis=1)
    return np.take_along_axis(index, chosen, axis=1), np.take_along_axis(weights, chosen, axis=1), beyond


def _nearest_squares(amounts: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances (n, 5), ascending, from n alloys (n, m) of one set of elements; inf where clusters run out."""
    from scipy.spatial import cKDTree

    count = max(NEAREST)
    nearest = np.full((len(amounts), count), np.inf)
    for clusters in efficient_clusters(radii):
        if len(amounts) < TREE_WORTH_ALLOYS:
            found = np.stack([_smallest(((clusters - alloy) ** 2).sum(axis=1), count) for alloy in amounts])
        else:
            found = cKDTree(clusters, balanced_tree=False).query(amounts, k=count)[0] ** 2
        nearest = np.sort(np.hstack([nearest, found]), axis=1)[:, :count]
    return nearest


def _smallest(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The `count` smallest values, filled up with inf."""
    if len(values) > count:
        values = np.partition(values, count - 1)[:count]
    return np.pad(values, (0, count - len(values)), constant_values=np.inf)


def efficient_clusters(radii: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Mole fractions (c, m) of the clusters with |APE| < 0.01, in blocks of bounded size, central atom included.

    Args:
        radii: (m,) atomic radii of the m kinds of atoms.

    Yields:
        Blocks that are not empty. A composition comes up once for every cluster that has it.
    """
    fewest, most = _best_packing(np.array([radii.min() / radii.max(), radii.max() / radii.min()]))[0]
    shells, sizes = _shells(len(radii))
    start, stop = np.searchsorted(sizes, [fewest, most + 1])
    for begin in range(start, stop, SHELLS_AT_A_TIME):
        block = slice(begin, min(begin + SHELLS_AT_A_TIME, stop))
        yield from _clusters_of_shells(shells[block], sizes[block], radii)


def _clusters_of_shells(
    shells: NDArray[np.uint8], sizes: NDArray[np.intp], radii: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """The efficient clusters with one of these shells: one block, or none."""
    mean_radii = shells @ radii / sizes
    ideal = IDEAL_RATIOS[sizes - NEIGHBOURS[0]]
    blocks = []
    for centre, radius in enumerate(radii):
        fitting = np.flatnonzero(np.abs(1 - ideal / (radius / mean_radii)) < THRESHOLD)
        atoms = shells[fitting].astype(np.float64)
        atoms[:, centre] += 1
        blocks.append(atoms / (sizes[fitting] + 1)[:, None])
    clusters = np.vstack(blocks)
    if len(clusters):
        yield clusters


@lru_cache
def _shells(kinds: int) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """All shells of 3 to 24 neighbours out of `kinds` kinds of atoms: counts (s, kinds) and sizes (s,), ascending."""
    blocks = [_multisets(int(size), kinds) for size in NEIGHBOURS]
    shells = np.vstack(blocks)
    shells.setflags(write=False)
    return shells, np.repeat(NEIGHBOURS, [len(block) for block in blocks])


def _multisets(size: int, kinds: int) -> NDArray[np.uint8]:
    """All ways (s, kinds) to take `size` atoms out of `kinds` kinds, by the gaps between kinds - 1 bars among them."""
    positions = list(combinations(range(size + kinds - 1), kinds - 1))
    bars = np.array(positions, dtype=np.int16).reshape(len(positions), kinds - 1)
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, size + kinds - 1)))
    return (np.diff(edges, axis=1) - 1).astype(np.uint8)
