"""What a region is called: its code, its name and its colour; and what all files say of the module.

The type is coded in the Uberon ontology, a coding scheme of DICOM (designator UBERON, UID
1.2.840.10008.2.16.6; the code value is the number without its prefix): UBERON 0009834 "dorsolateral
prefrontal cortex". SNOMED CT, DICOM's default, was searched for a concept of this region and none
could be verified, and its code for the frontal lobe would say too little. Category and laterality
are SNOMED CT codes of DICOM's lists (CID 7051 and CID 244) as Slicer's own terminologies have them.

The same codes stand in `Resources/Terminology/DLPFC.term.json`, from which Slicer offers them. A region of other
weights has its own code where `TYPES` holds one, else a private one that says its name.
"""

import re
from dataclasses import dataclass

from .files import as_file_name
from .sentences import say

NOTICE = say("Research use only. Not a medical device; not for diagnosis or treatment.")
"""What every file and picture of the module says of itself."""

DLPFC = "DLPFC"
"""Name of the region that the shipped networks find, and of any whose weights do not say another."""

CONTEXT_NAME = "Segmentation category and type - DLPFC Segmenter"
REGION_CONTEXT_NAME = "Anatomic codes - DICOM master list"


@dataclass(frozen=True)
class Code:
    """A coded concept: scheme designator, value and meaning, as DICOM writes them."""

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        """The triple as Slicer writes it inside a terminology entry."""
        return f"{self.scheme}^{self.value}^{self.meaning}"


CATEGORY = Code("SCT", "123037004", "Anatomical Structure")
TYPES = {
    DLPFC: Code("UBERON", "0009834", "Dorsolateral prefrontal cortex"),
    "insula": Code("SCT", "36169008", "Insula"),
}
"""Region -> its code; the insula's is of DICOM's list of brain structures for volumetric measurement (CID 7151)."""

_PRIVATE = "99DLPFCSEG"
"""Designator of codes that are of no standard: DICOM reserves those that begin with 99."""

_SH, _LO = 16, 64
"""Most characters of a code and of its meaning in DICOM."""

LATERALITY = {"left": Code("SCT", "7771000", "Left"), "right": Code("SCT", "24028007", "Right")}

COLOURS_RGB = {"left": (230, 159, 0), "right": (0, 158, 115)}
"""0..255. Orange and bluish green of Okabe and Ito's palette, told apart by colour-blind readers."""


def region_called(name: object) -> str:
    """What a person calls the region that a file names: one line, and 'DLPFC' where it names none or that."""
    called = " ".join("".join(c if c.isprintable() else " " for c in str(name or "")).split())
    return DLPFC if called.lower() in ("", DLPFC.lower()) else called


def type_of(region: str) -> Code:
    """The code of a region by its name; a private one, which says the name, where none is known."""
    known = {name.lower(): code for name, code in TYPES.items()}.get(region.lower())
    plain = re.sub(r"[\^~|\\]", " ", region)
    return known or Code(_PRIVATE, label_of_region(region)[:_SH], plain[:_LO])


def stem_of_region(region: str = DLPFC) -> str:
    """The beginning of the names of a region's files: 'dlpfc', 'inferior-parietal'."""
    return as_file_name(region).lower()


def label_of_region(region: str) -> str:
    """The name of a region in letters and digits alone, as BIDS and codes take it: 'inferiorParietal'."""
    words = re.findall(r"[A-Za-z0-9]+", region)
    return "".join([*words[:1], *(word[:1].upper() + word[1:] for word in words[1:])]) or "region"


def segment_terminology(hemisphere: str, region: str = DLPFC) -> str:
    """Slicer's terminology entry for a region of 'left' or 'right', one line.

    Form: context~category~type~modifier~region context~region~region modifier. An anatomical
    structure names its own place, so its region stays empty.
    """
    parts = (CONTEXT_NAME, CATEGORY, type_of(region), LATERALITY[hemisphere], REGION_CONTEXT_NAME, "^^", "^^")
    return "~".join(map(str, parts))


def segment_name(hemisphere: str, region: str = DLPFC) -> str:
    """Name of the segment of 'left' or 'right': 'Left DLPFC'."""
    return f"{LATERALITY[hemisphere].meaning} {region}"


def segment_colour(hemisphere: str) -> tuple[float, float, float]:
    """Colour of the segment of 'left' or 'right', RGB in 0..1."""
    red, green, blue = COLOURS_RGB[hemisphere]
    return red / 255, green / 255, blue / 255
