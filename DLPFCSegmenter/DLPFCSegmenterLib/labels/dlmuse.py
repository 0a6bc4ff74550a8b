"""Names of what lies in and below the cortex in a DLMUSE parcellation.

Gyri: even numbers are on the right, the next one is its left twin.

Source: MUSE's list of regions (the BrainCOLOR protocol).
"""

_GYRI = {
    100: "anterior cingulate gyrus", 102: "anterior insula", 104: "anterior orbital gyrus", 106: "angular gyrus",
    108: "calcarine cortex", 112: "central operculum", 114: "cuneus", 116: "entorhinal area",
    118: "frontal operculum", 120: "frontal pole", 122: "fusiform gyrus", 124: "gyrus rectus",
    128: "inferior occipital gyrus", 132: "inferior temporal gyrus", 134: "lingual gyrus",
    136: "lateral orbital gyrus", 138: "middle cingulate gyrus", 140: "medial frontal cortex",
    142: "middle frontal gyrus", 144: "middle occipital gyrus", 146: "medial orbital gyrus",
    148: "postcentral gyrus, medial", 150: "precentral gyrus, medial", 152: "superior frontal gyrus, medial",
    154: "middle temporal gyrus", 156: "occipital pole", 160: "occipital fusiform gyrus",
    162: "inferior frontal gyrus, opercular", 164: "inferior frontal gyrus, orbital",
    166: "posterior cingulate gyrus", 168: "precuneus", 170: "parahippocampal gyrus", 172: "posterior insula",
    174: "parietal operculum", 176: "postcentral gyrus", 178: "posterior orbital gyrus", 180: "planum polare",
    182: "precentral gyrus", 184: "planum temporale", 186: "subcallosal area", 190: "superior frontal gyrus",
    192: "supplementary motor cortex", 194: "supramarginal gyrus", 196: "superior occipital gyrus",
    198: "superior parietal lobule", 200: "superior temporal gyrus", 202: "temporal pole",
    204: "inferior frontal gyrus, triangular", 206: "transverse temporal gyrus",
}  # fmt: skip

_BELOW = {
    1: "cerebrospinal fluid", 81: "right frontal white matter", 82: "left frontal white matter",
    83: "right occipital white matter", 84: "left occipital white matter", 85: "right parietal white matter",
    86: "left parietal white matter", 87: "right temporal white matter", 88: "left temporal white matter",
}  # fmt: skip


def label_name(label: int) -> str:
    """The name of a label with its side and number; the number alone where it is none of these."""
    if label == 0:
        return "outside the brain"
    gyrus = _GYRI.get(label - label % 2)
    name = f"{'left' if label % 2 else 'right'} {gyrus}" if gyrus else _BELOW.get(label)
    return f"{name} ({label})" if name else f"label {label}"
