"""What a DLPFC segment is called: its code, its name and its colour; and what all files say of the module.

The type is coded in the Uberon ontology, a coding scheme of DICOM (designator UBERON, UID
1.2.840.10008.2.16.6; the code value is the number without its prefix): UBERON 0009834 "dorsolateral
prefrontal cortex". SNOMED CT, DICOM's default, was searched for a concept of this region and none
could be verified, and its code for the frontal lobe would say too little. Category and laterality
are SNOMED CT codes of DICOM's lists (CID 7051 and CID 244) as Slicer's own terminologies have them.

The same codes stand in `Resources/Terminology/DLPFC.term.json`, from which Slicer offers them.
"""

from dataclasses import dataclass

from .sentences import say

NOTICE = say("Research use only. Not a medical device; not for diagnosis or treatment.")
"""What every file and picture of the module says of itself."""

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
TYPE = Code("UBERON", "0009834", "Dorsolateral prefrontal cortex")
LATERALITY = {"left": Code("SCT", "7771000", "Left"), "right": Code("SCT", "24028007", "Right")}

COLOURS_RGB = {"left": (230, 159, 0), "right": (0, 158, 115)}
"""0..255. Orange and bluish green of Okabe and Ito's palette, told apart by colour-blind readers."""


def segment_terminology(hemisphere: str) -> str:
    """Slicer's terminology entry for the DLPFC of 'left' or 'right', one line.

    Form: context~category~type~modifier~region context~region~region modifier. An anatomical
    structure names its own place, so its region stays empty.
    """
    return "~".join(
        (CONTEXT_NAME, str(CATEGORY), str(TYPE), str(LATERALITY[hemisphere]), REGION_CONTEXT_NAME, "^^", "^^")
    )


def segment_name(hemisphere: str) -> str:
    """Name of the segment of 'left' or 'right': 'Left DLPFC'."""
    return f"{LATERALITY[hemisphere].meaning} DLPFC"


def segment_colour(hemisphere: str) -> tuple[float, float, float]:
    """Colour of the segment of 'left' or 'right', RGB in 0..1."""
    red, green, blue = COLOURS_RGB[hemisphere]
    return red / 255, green / 255, blue / 255
