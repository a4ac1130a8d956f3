"""What a system learns from the casts of others: which of them, and that they count as literature."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.literature.other_casts import CastSystems, casts_fingerprint, with_other_casts
from bmg_assets.science.literature.training_set import assemble_training_set

ZR = "Zr-Al-Cu"
MEAN_X = "PymatgenData mean X"
CHOSEN = (MEAN_X,)
CAST = {ZR: "own", "Cu-Al-Zr": "own", "Cu-Ti-Be": "I", "Zr-Al-Ni": "III", "Zr-Al-Cu-Ni": "IV", "Mg-Zn-Ca": "unrelated"}


def alloys(*rows: tuple[dict[str, float], float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "composition": [composition_key(amounts) for amounts, _ in rows],
            "elements": [sorted(amounts) for amounts, _ in rows],
            "at_pct": [[float(amounts[element]) for element in sorted(amounts)] for amounts, _ in rows],
            "dmax_mm": [dmax for _, dmax in rows],
            "glass_class": "bulk",
        }
    ).astype({"dmax_mm": "float64", "composition": object, "glass_class": object})


LITERATURE = alloys(({"Cu": 40, "Ti": 30, "Be": 30}, 1.0), ({"Fe": 75, "B": 15, "Al": 10}, 2.0))
DESCRIPTORS = pd.DataFrame({"composition": LITERATURE["composition"], MEAN_X: [1.5, 2.5], "failure": None})
CASTS = alloys(({"Cu": 40, "Ti": 30, "Be": 30}, 5.0), ({"Cu": 20, "Ti": 40, "Be": 40}, 3.0))


@pytest.mark.parametrize(
    ("sub_dataset", "kept"), [(1, {"I", "III", "IV"}), (2, {"I", "III"}), (3, {"I"}), (4, {"I"}), (5, set())]
)
def test_a_system_learns_from_those_that_share_elements_and_are_not_pruned(sub_dataset: int, kept: set[str]) -> None:
    assert set(CastSystems(CAST).to_learn_from(ZR, sub_dataset).values()) == kept


def test_they_come_in_the_order_of_the_casts() -> None:
    cast = {"Zr-Ni-Ti": "b", "Cu-Ti-Be": "a", "Al-Fe-Mg": "c"}
    assert list(CastSystems(cast).to_learn_from(ZR, 3)) == list(cast)


def test_the_identity_of_casts_follows_from_all_of_them_in_any_order() -> None:
    both = {"Cu-Ti-Be": "a", "Zr-Al-Ni": "b"}
    assert casts_fingerprint({}) == ""
    assert casts_fingerprint(dict(reversed(both.items()))) == casts_fingerprint(both)
    others = [{"Cu-Ti-Be": "a"}, both | {"Zr-Al-Ni": "c"}, {"Cu-Ti-Be": "ab", "Zr-Al-Ni": ""}]
    assert len({casts_fingerprint(one) for one in [both, *others]}) == 4


def test_a_cast_wins_over_the_literature_and_is_pruned_like_it() -> None:
    tables = element_tables("current")
    both = with_other_casts(LITERATURE, DESCRIPTORS, CASTS, tables, CHOSEN)
    rows = assemble_training_set(parse_system(ZR), *both, alloys(), tables, 3, CHOSEN)
    assert dict(zip(rows["composition"], rows["dmax_mm"], strict=True)) == {
        LITERATURE["composition"][1]: 2.0,
        CASTS["composition"][0]: 5.0,
        CASTS["composition"][1]: 3.0,
    }
    assert rows["category"].tolist() == ["I", "I", "I"]
    assert np.isfinite(rows[MEAN_X]).all()
    pruned = assemble_training_set(parse_system("Cu-Ti-Zr"), *both, alloys(), tables, 3, CHOSEN)
    assert pruned["composition"].tolist() == [LITERATURE["composition"][1]]


def test_casts_without_a_label_change_nothing() -> None:
    unlabelled = CASTS.assign(dmax_mm=np.nan)
    for casts in (unlabelled, CASTS[:0]):
        found = with_other_casts(LITERATURE, DESCRIPTORS, casts, element_tables("current"), CHOSEN)
        pd.testing.assert_frame_equal(found[0], LITERATURE)
        pd.testing.assert_frame_equal(found[1], DESCRIPTORS)
