"""The systems of each split: drawn once from the published sets together by the rule of split_rule.py, and fixed.

A rule alone would move systems from one split to another whenever the literature grows, and figures could not be
compared from version to version. Systems of the release split are in no figure until a version is released.
"""

from bmg_assets.science.evidence.splits import Split


def _systems(text: str) -> frozenset[str]:
    return frozenset(text.split())


SEEN_SYSTEMS = _systems(
    """
    Ag-Mg-Y Ag-Pd-Si Al-Ca Al-Ca-Mg Al-Ca-Mg-Zn Al-Ce-Co Al-Ce-Cu Al-Co-Zr Al-Cu-Hf Al-Cu-La Al-Cu-Ni-Ti-Zr
    Al-Cu-Ni-Zr Al-Fe-Zr Al-Gd-Ni Al-La-Ni Al-Ni-Sm Al-Ni-Zr Au-Pd-Si B-C-Fe-P B-Co-Nb B-Co-Zr B-Fe-Nb
    B-Fe-Nb-Si Be-Ti-Zr C-Fe-P Ca-Cu-Mg Ca-Mg-Zn Cu-Hf Cu-Mg-Y Cu-Ni-Ti Cu-Pd-Si Cu-Ti-Zr Cu-Zr Mg-Nd-Ni Nb-Ni
    Nb-Ni-Ta Nb-Ni-Zr Ni-P-Pd Pd-Si
    """
)
"""The 22 and 17 systems of version 0.1.0, which have guided choices."""

QUALIFYING_NEWCOMERS = _systems(
    """
    Al-Co-Cr-Cu-Fe-Ni Al-Co-Cr-Cu-Fe-Ni-Ti Al-Fe-Nd-Y Ni-Pd-S
    """
)
"""Systems that the paper's literature lacks."""

KEPT_SYSTEMS = _systems(
    """
    Ag-Ce-Cu Ag-Cu-Fe Ag-Cu-Gd-Mg Al-Ce-Ni Al-Cu-Zr Al-Nb-Ni Au-Pb-Sb B-Co-Si B-Fe B-Fe-Ni-Y B-Fe-Si Cr-Fe-P
    Cu-Mg-Nd Cu-P-Pd Cu-Ti Fe-Ni-P Mg-Ni Mg-Ni-Y Ni-P-Pt Ni-Ti-Zr Ni-Zr Ti-Zr
    """
)
"""The half of the others that may guide choices from now on."""

RELEASE_SYSTEMS = _systems(
    """
    Ag-Cu-Ti-Zr Al-Ce Al-Cu-La-Ni Al-Ni-Pr Al-Ni-Y Au-Ge-Si B-Fe-Mo-Y B-Fe-Nb-Ni B-Fe-Nb-Zr B-Fe-Nd B-Fe-Ni
    B-Fe-Zr B-Ni-Si Cu-Mg Cu-Mg-Y-Zn Cu-Ni-Ti-Zr Fe-Mn-P Fe-Pd-Si La-Mg-Ni Nd-Ni Ni-P
    """
)
"""The half that may not."""

SYSTEMS_WITHOUT_BULK = _systems(
    """
    Al-B-Co Al-B-Fe Al-B-Ni Al-Ce-Fe Al-Co-Fe Al-Co-Ni Al-Cr-Si Al-Cu-Nd Al-Cu-Ti Al-Cu-V Al-Fe-Ni Al-Ge-V
    Al-Mg-Zn Al-Mn-Ni Al-Mn-Si Al-Nd-Ni B-C-Co B-C-Fe B-C-Ni B-Co-Fe B-Co-Mn B-Co-Ti B-Cr-Fe B-Cu-Fe B-Cu-Zr
    B-Fe-Mn B-Fe-Mo B-Fe-P B-Fe-V B-Mo-Si Ba-Cu-La C-Co-Cr C-Co-Mo C-Co-W C-Fe-Si C-Fe-W C-Mo-Ni C-Ni-Si
    Ce-Cu-Mg Co-Cr-Zr Co-Mo-Zr Co-Ni-P Co-V-Zr Co-W-Zr Cr-Ni-P Cu-Hf-Ni Cu-La-Mg Cu-La-Sr Cu-Ni-P Cu-Ni-Zr
    Fe-Ni-Zr Hf-Nb-Si Hf-Si-V Mg-Mn-Y Nb-Si-Ti Nb-Si-Zr Ni-Pd-Si Ni-Si-Ti Ni-V-Zr Pd-Sb-Si Si-Ti-Zr
    """
)
"""Ternaries of twenty alloys or more and no bulk glass."""

DEVELOPMENT_SYSTEMS = SEEN_SYSTEMS | QUALIFYING_NEWCOMERS | KEPT_SYSTEMS
SYSTEMS_OF = {
    Split.DEVELOPMENT: DEVELOPMENT_SYSTEMS,
    Split.RELEASE: RELEASE_SYSTEMS,
    Split.WITHOUT_BULK: SYSTEMS_WITHOUT_BULK,
}
