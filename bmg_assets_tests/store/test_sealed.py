"""A sealed file comes back, and any change of it is noticed."""

import pytest

from bmg_assets.store.sealed import sealed, unsealed

CONTENT = {"name": "größer", "rows": 3, "part": None}


def test_what_was_sealed_comes_back() -> None:
    assert unsealed(sealed(CONTENT)) == CONTENT


def test_every_changed_bit_and_every_cut_is_noticed() -> None:
    data = sealed(CONTENT)
    for place in range(len(data)):
        for changed in (data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], data[:place]):
            with pytest.raises(ValueError, match="not what was written"):
                unsealed(changed)
