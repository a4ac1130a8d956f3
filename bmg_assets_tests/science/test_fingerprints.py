"""Identities: equal for equal rows, different for anything that a model would notice."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.fingerprints import fingerprint_arrays, fingerprint_frame, fingerprint_parts, fingerprint_table

X, Y = np.arange(6.0).reshape(3, 2), np.array([0.0, 0.2, 5.0])
FRAME = pd.DataFrame({"composition": ["Cu50Zr50", "Al10Zr90"], "dmax_mm": [2.0, np.nan]})


def test_the_identity_is_the_same_in_every_process():
    assert fingerprint_arrays(np.array([1.0, 2.0])) == "f2942cc692d15d57"
    assert fingerprint_frame(pd.DataFrame({"a": [1]})) == "309b0e45a73d3fc5"
    assert fingerprint_parts("Zr-Al-Cu", 3, (0.9, None)) == fingerprint_parts("Zr-Al-Cu", "3", "(0.9, None)")
    assert fingerprint_parts("Zr-Al-Cu", 3) == "5a063f7f598e6381"


def test_parts_are_told_apart_by_order_and_by_where_they_end():
    assert len({fingerprint_parts(*parts) for parts in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""))}) == 4


def test_values_count_not_how_they_are_stored():
    assert fingerprint_arrays(X, Y) == fingerprint_arrays(np.asfortranarray(X), Y.copy())
    assert fingerprint_arrays(X) == fingerprint_arrays(X.astype(np.int64))
    assert fingerprint_arrays(X[::2]) == fingerprint_arrays(X[::2].copy())


def test_values_order_shape_and_grouping_count():
    changed = Y.copy()
    changed[1] = np.nextafter(0.2, 1)
    identities = [
        fingerprint_arrays(X, Y),
        fingerprint_arrays(X, changed),
        fingerprint_arrays(Y, X),
        fingerprint_arrays(X[::-1], Y[::-1]),
        fingerprint_arrays(X.reshape(2, 3), Y),
        fingerprint_arrays(X),
        fingerprint_arrays(np.concatenate([X.ravel(), Y])),
    ]
    assert len(set(identities)) == len(identities)
    assert all(len(identity) == 16 for identity in identities)


@pytest.mark.parametrize("fingerprint", [fingerprint_frame, fingerprint_table])
def test_of_a_frame_the_index_does_not_count_but_columns_rows_and_their_order_do(fingerprint):
    assert fingerprint(FRAME) == fingerprint(FRAME.set_index(np.array([7, 3])))
    identities = [
        fingerprint(FRAME),
        fingerprint(FRAME[::-1]),
        fingerprint(FRAME[["dmax_mm", "composition"]]),
        fingerprint(FRAME.rename(columns={"dmax_mm": "dmax"})),
        fingerprint(FRAME.assign(dmax_mm=[2.5, np.nan])),
        fingerprint(FRAME.assign(composition=["Cu50Zr50", "Al10Zr91"])),
        fingerprint(FRAME[:1]),
        fingerprint(FRAME[:0]),
    ]
    assert len(set(identities)) == len(identities)
