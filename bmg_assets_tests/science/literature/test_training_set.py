"""Training sets: which alloys go in, that own casts win, and what cannot be described."""

import numpy as np
import pandas as pd
import pytest

from bmg_assets.science.alloys.compositions import composition_key
from bmg_assets.science.alloys.systems import parse_system
from bmg_assets.science.descriptors.elements import element_tables
from bmg_assets.science.descriptors.table import ALL_DESCRIPTORS, PAPER_DESCRIPTORS
from bmg_assets.science.literature.pruning import SubDatasetError
from bmg_assets.science.literature.training_set import (
    CONTEXT_COLUMNS,
    TrainingSetError,
    assemble_training_set,
    check_describable,
    learning_data,
)
from bmg_assets.store.tables.training import TRAINING_SET
from bmg_assets.store.tables.validation import examined

TARGET = parse_system("Zr-Al-Cu")
MEAN_X, DELTA = "PymatgenData mean X", "Yang delta"
CHOSEN = (MEAN_X, DELTA)


def alloys(*rows):
    """Alloys from (amounts, D_max in mm); the table `alloys` of the literature has further columns, so this has one."""
    return pd.DataFrame(
        {
            "composition": [composition_key(amounts) for amounts, _ in rows],
            "elements": [sorted(amounts) for amounts, _ in rows],
            "at_pct": [[float(amounts[element]) for element in sorted(amounts)] for amounts, _ in rows],
            "dmax_mm": [dmax for _, dmax in rows],
            "glass_class": ["bulk" if dmax >= 1 else "ribbon" for _, dmax in rows],
            "n_reports": 1,
        }
    ).astype({"dmax_mm": "float64", "composition": object, "glass_class": object})


LITERATURE = alloys(
    ({"Mg": 65, "Zn": 30, "Ca": 5}, 5.0),
    ({"Fe": 75, "B": 15, "Al": 10}, 1.0),
    ({"Cu": 50, "Zr": 50}, 2.0),
    ({"Cu": 60, "Zr": 30, "Ti": 10}, 4.0),
    ({"Cu": 40, "Zr": 45, "Al": 7, "Ni": 8}, 12.0),
    ({"Cu": 45, "Zr": 50, "Al": 5}, 3.0),
)
CATEGORIES = ["unrelated", "I", "II", "III", "IV", "V"]
NO_CASTS = alloys()
CASTS = alloys(({"Zr": 55, "Al": 5, "Cu": 40}, 1.5), ({"Cu": 50, "Zr": 50}, 2.5))


def described(table, **gaps):
    """Descriptors that are easily told apart: 1000 plus the row; in another order than the alloys."""
    values = {name: 1000.0 * (place + 1) + np.arange(len(table)) for place, name in enumerate(CHOSEN)}
    frame = pd.DataFrame({"composition": table["composition"], **values, "failure": None})
    for row in gaps.values():
        frame.loc[row, DELTA] = np.nan
    return frame[::-1]


def assembled(sub_dataset, lab=NO_CASTS, literature=LITERATURE, descriptors=None, chosen=CHOSEN):
    descriptors = described(literature) if descriptors is None else descriptors
    return assemble_training_set(TARGET, literature, descriptors, lab, element_tables("current"), sub_dataset, chosen)


@pytest.mark.parametrize("sub_dataset", [1, 2, 3, 4, 5])
def test_each_sub_dataset_keeps_the_categories_of_the_paper_in_the_order_of_the_literature(sub_dataset):
    table = assembled(sub_dataset)
    kept = 6 - sub_dataset
    assert table["category"].tolist() == CATEGORIES[:kept]
    assert table["composition"].tolist() == LITERATURE["composition"].tolist()[:kept]
    assert table["dmax_mm"].tolist() == LITERATURE["dmax_mm"].tolist()[:kept]
    assert (table["sub_dataset"] == sub_dataset).all()


def test_the_table_has_its_columns_and_each_alloy_its_own_descriptors():
    table = assembled(1, CASTS)
    assert list(table.columns) == [*CONTEXT_COLUMNS, *CHOSEN]
    assert examined(TRAINING_SET, table).faults == []
    literature = table[table["category"] != "lab"]
    place = dict(zip(LITERATURE["composition"], range(6), strict=True))
    assert literature[MEAN_X].tolist() == [1000 + place[key] for key in literature["composition"]]
    assert literature[DELTA].tolist() == [2000 + place[key] for key in literature["composition"]]
    assert set(table["target_system"]) == {"Zr-Al-Cu"}
    assert set(table["element_tables"]) == {"current"}
    assert set(table["weight"]) == {1.0}
    assert {type(category) for category in table["category"]} == {str}


def test_own_casts_come_last_are_never_pruned_and_win_over_the_literature():
    table = assembled(3, CASTS)
    assert table["category"].tolist() == ["unrelated", "I", "lab", "lab"]
    own = table[table["category"] == "lab"]
    assert own["composition"].tolist() == ["Al5Cu40Zr55", "Cu50Zr50"]
    assert own["dmax_mm"].tolist() == [1.5, 2.5]
    assert table["composition"].is_unique


def test_own_casts_are_described_by_their_composition():
    own = assembled(3, CASTS).query("category == 'lab'")
    # Pauling's electronegativities: Zr 1.33, Al 1.61, Cu 1.90.
    assert own[MEAN_X].tolist() == pytest.approx([0.55 * 1.33 + 0.05 * 1.61 + 0.4 * 1.90, (1.33 + 1.90) / 2])
    assert own[DELTA].iloc[1] == pytest.approx(16 / 142)


def test_only_own_casts_are_a_training_set_too():
    table = assembled(5, CASTS, literature=LITERATURE[1:])
    assert table["category"].tolist() == ["lab", "lab"]
    assert examined(TRAINING_SET, table).faults == []
    assert learning_data(table).y.tolist() == [1.5, 2.5]


def test_an_own_cast_without_a_label_is_as_if_it_had_not_been_cast():
    casts = CASTS.assign(dmax_mm=[1.5, np.nan], glass_class=["bulk", None])
    table = assembled(3, casts)
    assert table["category"].tolist() == ["unrelated", "I", "II", "lab"]
    assert table.loc[table["category"] == "II", "composition"].tolist() == ["Cu50Zr50"]
    nothing = casts.assign(dmax_mm=np.nan, glass_class=None)
    assert assembled(3, nothing)["composition"].tolist() == assembled(3)["composition"].tolist()


def test_own_casts_have_a_weight_of_their_own():
    descriptors = described(LITERATURE)
    arguments = (TARGET, LITERATURE, descriptors, CASTS, element_tables("current"), 3, CHOSEN)
    assert assemble_training_set(*arguments)["weight"].tolist() == [1, 1, 1, 1]
    assert assemble_training_set(*arguments, own_weight=5)["weight"].tolist() == [1, 1, 5, 5]


def test_alloys_without_a_label_or_a_chosen_descriptor_are_left_out_but_not_for_a_descriptor_that_was_not_chosen():
    literature = LITERATURE.copy()
    literature.loc[0, "dmax_mm"] = np.nan
    descriptors = described(LITERATURE, gap=1)
    assert assembled(3, literature=literature, descriptors=descriptors)["category"].tolist() == ["II"]
    only_x = assembled(3, literature=literature, descriptors=descriptors, chosen=(MEAN_X,))
    assert only_x["category"].tolist() == ["I", "II"]


def test_a_sub_dataset_that_does_not_exist_is_refused():
    with pytest.raises(SubDatasetError, match="choose one of 1 to 5"):
        assembled(0)


def test_an_empty_training_set_is_refused_with_what_to_do():
    with pytest.raises(TrainingSetError, match=r"Sub-dataset 5 of Zr-Al-Cu has no alloys: choose one that prunes less"):
        assembled(5, literature=LITERATURE[2:])


def test_a_cast_that_cannot_be_described_is_named_with_the_reason_and_what_to_do():
    lab = alloys(({"Zr": 55, "Al": 5, "Cu": 40}, 1.5), ({"Zr": 50, "Cu": 40, "He": 10}, 2.0))
    with pytest.raises(TrainingSetError, match=r"own cast Cu40He10Zr50 cannot be described.*He.*withdraw it"):
        assembled(3, lab)


def test_learning_data_are_the_columns_of_the_table():
    table = assembled(3, CASTS).assign(weight=[1.0, 2.0, 3.0, 4.0])
    data = learning_data(table)
    assert data.descriptors == CHOSEN
    assert data.X.tolist() == table[list(CHOSEN)].to_numpy().tolist()
    assert data.y.tolist() == table["dmax_mm"].tolist()
    assert data.weight.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_the_identity_of_the_rows_notices_what_a_model_would():
    table = assembled(3, CASTS)
    identities = [
        learning_data(changed).fingerprint
        for changed in (
            table,
            table[::-1],
            table[:-1],
            table.assign(weight=2.0),
            table.assign(dmax_mm=table["dmax_mm"] + 0.5),
            table.assign(**{DELTA: 0.1}),
        )
    ]
    assert len(set(identities)) == len(identities)
    assert learning_data(table.assign(category="I")).fingerprint == identities[0]


def test_a_target_whose_elements_are_known_can_be_described():
    check_describable(TARGET, element_tables("current"), PAPER_DESCRIPTORS)


@pytest.mark.parametrize("key", ["Zr-Al-He", "Zr-Al-Og"])
def test_a_target_with_an_element_without_data_is_refused_before_anything_is_trained(key):
    element = key[-2:]
    with pytest.raises(TrainingSetError, match=rf"{key} cannot be described .*{element}.*choose elements"):
        check_describable(parse_system(key), element_tables("current"), PAPER_DESCRIPTORS)


def test_a_descriptor_without_a_value_for_the_target_is_named():
    # Phosphorus has data for the paper's descriptors, but no thermal expansion.
    expansion = "PymatgenData mean coefficient_of_linear_thermal_expansion"
    assert expansion in ALL_DESCRIPTORS
    target = parse_system("Zr-Al-P")
    with pytest.raises(TrainingSetError, match=f"no value for {expansion}"):
        check_describable(target, element_tables("current"), [MEAN_X, expansion])
    check_describable(target, element_tables("current"), [MEAN_X])
