"""Names of the descriptors in words, as a metallurgist says them."""

STATISTICS_IN_WORDS = {
    "minimum": "lowest",
    "maximum": "highest",
    "range": "range of",
    "mean": "mean",
    "std_dev": "spread of",
}
PROPERTIES_IN_WORDS = {
    "X": "electronegativity",
    "row": "period",
    "group": "group of the periodic table",
    "block": "block of the periodic table",
    "atomic_mass": "atomic mass (g/mol)",
    "atomic_radius": "atomic radius (Å)",
    "mendeleev_no": "Mendeleev number",
    "electrical_resistivity": "electrical resistivity (10⁻⁸ Ω m)",
    "velocity_of_sound": "velocity of sound (m/s)",
    "thermal_conductivity": "thermal conductivity (W/(m K))",
    "melting_point": "melting point of the elements (K)",
    "bulk_modulus": "bulk modulus (GPa)",
    "coefficient_of_linear_thermal_expansion": "thermal expansion (1/K)",
}
OTHERS_IN_WORDS = {
    "mean simul. packing efficiency": "misfit of atomic packing, mean over the atoms",
    "mean abs simul. packing efficiency": "misfit of atomic packing, mean of its size",
    "Miedema_deltaH_inter": "formation enthalpy of the ordered compound (eV/atom)",
    "Miedema_deltaH_amor": "formation enthalpy of the amorphous phase (eV/atom)",
    "Miedema_deltaH_ss_min": "formation enthalpy of the solid solution (eV/atom)",
    "Miedema_deltaH_ami": "enthalpy of the amorphous phase above the compound (eV/atom)",
    "Miedema_deltaH_ams": "enthalpy of the amorphous phase above the solid solution (eV/atom)",
    "Miedema_deltaH_am_min": "enthalpy of the amorphous phase above its rival, the lower of both (eV/atom)",
    "Yang omega": "Ω, mixing entropy against mixing enthalpy",
    "Yang delta": "δ, mismatch of atomic sizes",
}


def descriptor_in_words(name: str) -> str:
    """What a descriptor is, with its unit; one that nobody put in words keeps its name."""
    if name in OTHERS_IN_WORDS:
        return OTHERS_IN_WORDS[name]
    words = name.split()
    if name.startswith("PymatgenData") and words[1] in STATISTICS_IN_WORDS and words[-1] in PROPERTIES_IN_WORDS:
        return f"{STATISTICS_IN_WORDS[words[1]]} {PROPERTIES_IN_WORDS[words[-1]]}"
    if name.startswith("dist from"):
        clusters = "the nearest efficiently packed cluster" if words[2] == "1" else f"the {words[2]} nearest such ones"
        return f"distance in composition to {clusters}"
    if name.endswith("valence electrons"):
        kind = {"frac": "share of {} electrons among the valence electrons", "avg": "{} valence electrons per atom"}
        return kind[words[0]].format(words[1])
    return name
