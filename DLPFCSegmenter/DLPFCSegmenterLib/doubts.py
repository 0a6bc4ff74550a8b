"""`Doubt`: a warning that knows what it is about, and the one table of the sentences that warnings are made of."""

import math
from collections.abc import Iterable, Mapping

from .errors import UserError
from .sentences import Sentence, Texts, place_in_words, say
from .terminology import DLPFC

REFUSALS: Texts = {
    "mask_other_side": (
        "{source}: the mask lies in the {other} hemisphere, but the {planned} one is planned; choose the other"
        " hemisphere, or check the orientation in the file's header."
    ),
    "mask_off_brain": (
        "{source}: {outside:.0%} of the mask lies off the brain, so it is not of this scan; check which file belongs"
        " to which scan."
    ),
    "target_far": (
        "The target at {point} lies {away:.0f} mm from the mask of {source}; it belongs on the side that is planned,"
        " in RAS mm of this scan."
    ),
    "hotspot_no_point": (
        "The hotspot ({r:.1f}, {a:.1f}, {s:.1f}) is no point; give three numbers, RAS mm of {source}."
    ),
    "hotspot_far": (
        "The hotspot at {point} lies {away:.0f} mm from the scalp of {source}; give a point on the scalp, in RAS mm of"
        " this scan."
    ),
    "hotspot_other_side": (
        "The hotspot at {point} lies on the {other} side of the head, but the {planned} hemisphere is planned; give"
        " the hotspot of that side (RAS: x grows to the right)."
    ),
    "hotspot_off_motor": (
        "The hotspot at {point} lies {place} the motor cortex's part of the head; give a point on the upper scalp, in"
        " RAS mm of this scan."
    ),
}
"""Key of a doubt so grave that no plan is made of what was given -> its sentence. A person's edit is only told it."""

SENTENCES: Texts = REFUSALS | {
    "forms_apart": (
        "{name}: qform (code {qform_code}) and sform (code {sform_code}) place the same voxel up to {away:.1f} mm"
        " apart; the sform was used, and a navigator may use the other. Slicer shows the scan by its {slicer}, and its"
        " files are written for that."
    ),
    "sizes_apart": (
        "{name}: its sform contradicts the voxel sizes in its header by up to {away:.1f} mm; the sform was used, Slicer"
        " shows the scan by the sizes, and its files are written for that."
    ),
    "no_mr": "{name}: the DICOM modality is {modality}, not MR.",
    "voxels_not_cubic": ("Voxels of {size} are far from cubic: the target is less certain along the thick direction."),
    "axes_sheared": (
        "The axes are {degrees:.1f} degrees off a right angle (sheared); other programs may straighten the grid and"
        " show the target elsewhere."
    ),
    "scan_noisy": (
        "The scan is noisy ({noise:.0%} of the contrast in the brain), so mask and target are less certain: look at"
        " the outline slice by slice, or use a better scan."
    ),
    "scan_blurred": (
        "The scan shows little detail ({detail:.0%} of what changes over 8 mm does so over 2 mm), as with movement,"
        " smoothing or thick slices, so mask and target are less certain: look at the outline slice by slice, or use a"
        " better scan."
    ),
    "scan_ghosts": (
        "Ghosts lie in the air around the head ({ghosts:.0%} of the brain's brightness), as of movement, so mask and"
        " target are less certain: look at the outline slice by slice, or use a better scan."
    ),
    "few_greys": "The scan has fewer than {least} grey values: is it a label map?",
    "network_unsure": (
        "The network is not sure where the {region} lies, so the target is unreliable:"
        " check the outline slice by slice, or choose the target yourself."
    ),
    "contrast_turned": (
        "Fluid is brighter than white matter in this scan, as in a T2, so the network, which knows T1 scans alone, was"
        " shown its grey values turned round: check the outline, or use a T1."
    ),
    "region_cut_off": (
        "The {region} reaches the border of the scan, so part of it was not scanned and the target is the centroid of"
        " the rest: use a scan of the whole head, or choose the target yourself."
    ),
    "by_hand": "No network found the {region} on this side: its mask is drawn, or its target placed, by hand.",
    "tissue_missing": (
        "Brain is missing in or beside the {region} ({missing:.0f} ml are empty, uniform or noise, as where a face was"
        " erased too far or the head cut off), so mask and target are unreliable: use the scan from before, or choose"
        " the target yourself."
    ),
    "mask_edited": "The mask was edited by hand: what was said of its certainty holds for the network's own mask.",
    "off_brain": "{outside:.0%} of the mask lies off the brain; check its outline.",
    "centroid_outside": "The centroid lies outside the curved mask; the target is the nearest point of the mask.",
    "target_no_scalp": "There is no scalp, so the target is the centroid of the mask.",
    "picked_outside": "The target lies outside the mask, {away:.0f} mm from its nearest voxel.",
    "target_out_of_head": "The target lies outside the head, {away:.0f} mm from the scalp; check it.",
    "target_other_side": "The target lies in the {other} hemisphere, but the {planned} one is planned; check it.",
    "scalp_rough": (
        "The scalp is told badly from the air around it (noise, or air as bright as skin), so its landmarks, the entry"
        " and the coil may lie a centimetre off: look at it in 3-D, or use a scan whose air is dark."
    ),
    "side_unknown": (
        "Whether '{target}' is left or right is not known, so no coil is placed over it; let its name say its side."
    ),
    "hotspot_unused": "The given hotspot was not used, as there is no scalp.",
    "hotspot_off_scalp": "The given hotspot lies {away:.0f} mm from the scalp; the rule starts at the nearest scalp.",
    "hotspot_unchecked": "The hotspot's side and place could not be checked, as no head was found in the scan.",
    "hotspot_unusual": "The given hotspot lies {away:.0f} mm from where anatomy suggests it; check it.",
    "entry_place": "The scalp entry lies {place}, where no coil belongs; check the target and the scan.",
    "entry_near_cut": (
        "The scalp entry lies {away:.0f} mm from where the scan cuts off the head, so the true scalp may be nearer to"
        " the target and the coil's tilt is uncertain; use a scan of the whole head."
    ),
    "entry_erased": (
        "Skin and bone seem to be erased over the target or beside its entry, so entry, depth and coil are wrong; use"
        " the scan from before."
    ),
    "mark_erased": "Skin and bone seem to be erased at the {name}, so its place is wrong; use the scan from before.",
    "mark_near_cut": (
        "The {name} lies {away:.0f} mm from where the scan cuts off the head, so its place is uncertain; use a scan of"
        " the whole head."
    ),
    "depth_unusual": ("The target lies {depth:.0f} mm below the scalp, {manner} ({low:g} to {high:g} mm); check both."),
    "no_tape_lengths": (
        "There are no lengths by tape: they need a scalp, and nasion, inion and tragi that were placed or, where MNI"
        " space could be laid on the scan, estimated."
    ),
    "fiducials_unused": "The given nasion, inion and tragi were not used, as there is no scalp.",
    "fiducial_off_scalp": "The {name} was given {away:.0f} mm away from the scalp; check it.",
    "tape_cut": "The border of the scan cuts into the head under a tape, so its length is up to 4 mm too short.",
    "tape_unusual": "The {name} of {value:.1f} cm is unusual for an adult ({low:g} to {high:g} cm); check it.",
    "registration_doubtful": (
        "Where MNI space lies in this scan is less certain than on good scans (the brain's parts disagree by"
        " {spread:.1f} mm, two looks at it by {moved:.1f} mm; {seen:.0%} of the brain was scanned), so an estimated"
        " hotspot and the literature targets may be far off."
    ),
    "published_off_brain": (
        "The published target {name} falls {away:.0f} mm from any brain tissue of this scan; do not use it unchecked."
    ),
    "bold_raw": (
        "{name}: is raw fMRI, aligned here in a simple way (no correction of distortion and slice times); fMRIPrep is"
        " better."
    ),
    "bold_whose": "{name}: fits the T1 no better than its mirror image does; check that it is of this person and side.",
    "bold_off": "{name}: lies {away:.0f} mm off the T1; check that both are of one person and day.",
    "bold_transform": (
        "{name}: puts the mask {apart:.0f} mm from where the head's own affine has it; check that it is of this person."
    ),
    "bold_no_compcor": (
        "{name}: its table of confounds has no aCompCor columns, so {count:g} means of white matter and CSF stand for"
        " them; what breath and pulse leave in is taken for activity."
    ),
    "bold_by_affine": (
        "{name}: lies in MNI space and was brought to the T1 by the head's affine, 5 to 15 mm off in places; give"
        " fMRIPrep's transform (--mni-transform), or its run in space-T1w."
    ),
    "circuit_no_scalp": "No scalp is known, so the target by connectivity may lie deeper than a coil reaches.",
    "circuit_deep": (
        "Hardly any of the mask lies within {depth:g} mm of the scalp, so the target by connectivity may lie deeper"
        " than a coil reaches."
    ),
    "circuit_short": (
        "The target by connectivity is not reliable: {minutes:.1f} minutes of clean fMRI, at least {least:g} are"
        " needed."
    ),
    "circuit_whose": (
        "The target by connectivity is not reliable: the fMRI fits the T1 no better than its mirror image does, so it"
        " may be another person's."
    ),
    "circuit_off": (
        "The target by connectivity is not reliable: the fMRI lies so far off the T1 that the target would too."
    ),
    "circuit_old_mask": (
        "The target by connectivity is not reliable: the mask was changed since the fMRI was looked at."
    ),
    "circuit_tsnr": (
        "The target by connectivity is not reliable: the subgenual cingulate has a tSNR of {tsnr:.0f}, at least"
        " {least:g} is needed."
    ),
    "circuit_mask": (
        "The target by connectivity is not reliable: {lost:.0%} of the mask lies outside what the fMRI shows, at most"
        " {most:.0%} may."
    ),
    "circuit_nothing": "There is no target by connectivity: nothing in the mask goes against the subgenual cingulate.",
    "circuit_chance": (
        "The target by connectivity is not reliable: {chance:.0%} of seeds moved in time gave one as strong by chance."
    ),
    "circuit_radius": (
        "The target by connectivity is not reliable: 90 % of random blocks of the data put it within {radius:.0f} mm,"
        " at most {most:g} is accepted."
    ),
    "circuit_halves": (
        "The target by connectivity is not reliable: both halves of the data put it {away:.0f} mm apart, at most"
        " {most:g} is accepted."
    ),
    "circuit_not_chosen": "There is no reliable target by connectivity, so the target is the centroid of the mask.",
    "published_doubtful": (
        "Where MNI space lies in this scan is less certain than on good scans; check the literature targets against"
        " the anatomy."
    ),
}
"""Key of a doubt -> its sentence, with a place for each of its numbers."""

NOTES = ("centroid_outside", "by_hand", "mask_edited")
"""Keys of doubts that tell how a plan came about and ask for nothing: they are said, and do not look like warnings."""

Number = float | int | str


NAMES: Texts = {
    "nasion": "nasion",
    "inion": "inion",
    "left_tragus": "left tragus",
    "right_tragus": "right tragus",
    "circumference": "head circumference",
    "sagittal": "nasion-inion",
    "coronal": "tragus-tragus",
    "web": "web calculator",
    "linear": "linear",
    "adjusted": "adjusted",
    "anterior": "2022 anterior",
    "posterior": "2022 posterior",
    "modality": "missing",
}
"""What points, measures and variants are called within a sentence."""

_WORDS = ("other", "planned", "place", "manner", "modality")
"""Numbers that are words of ours, and no names of files."""
_OF_A_POINT = ("mark_near_cut", "mark_erased", "fiducial_off_scalp", "tape_unusual", "published_off_brain")
"""Keys of doubts whose name is one of ours too."""

_OF_A_REGION = ("network_unsure", "region_cut_off", "by_hand", "tissue_missing")
"""Keys of doubts that name the region, which is the DLPFC where their numbers do not say another."""


class Doubt(Sentence):
    """One sentence, which is the text itself, and beside it what a program wants to know.

    key         which sentence of the table it is, or which step said it in words of its own; else ''
    numbers     what stands in its places, unrounded
    hemisphere  'left' or 'right', or '' where it concerns no side alone
    """

    key: str
    numbers: dict[str, Number]
    hemisphere: str

    def __new__(
        cls, text: str, key: str = "", numbers: Mapping[str, Number] | None = None, hemisphere: str = ""
    ) -> "Doubt":
        """The sentence `text` as it is."""
        if isinstance(text, Sentence):  # another's words
            made = super().__new__(cls, text, text.source, text.values)
        else:
            made = super().__new__(cls, text, SENTENCES.get(key, ""), _values(key, numbers or {}))
        made.key, made.numbers, made.hemisphere = key, dict(numbers or {}), hemisphere
        return made

    @property
    def refuses(self) -> bool:
        """Whether no plan would be made of what it is about."""
        return self.key in REFUSALS


def doubt(key: str, hemisphere: str = "", **numbers: Number) -> Doubt:
    """The sentence of the table with its numbers. Raises KeyError for a key or a number that is missing."""
    return Doubt(str.__str__(say(SENTENCES[key], **_values(key, numbers))), key, numbers, hemisphere)


def of_region(region: str) -> dict[str, Number]:
    """The name of a region as a number of a doubt; what concerns the DLPFC does not say so."""
    return {} if region == DLPFC else {"region": region}


def _values(key: str, numbers: Mapping[str, Number]) -> dict[str, Number]:
    """What stands in the sentence's places, our own words to be translated."""
    words = (*_WORDS, "name") if key in _OF_A_POINT else _WORDS
    derived: dict[str, Number] = {"region": DLPFC} if key in _OF_A_REGION else {}
    if all(axis in numbers for axis in "ras"):
        derived["point"] = _point_in_words([float(numbers[axis]) for axis in "ras"])
    return derived | {
        name: say(each) if name in words and isinstance(each, str) else each for name, each in numbers.items()
    }


def _point_in_words(point_ras_mm: list[float]) -> str:
    """What is no number has no direction."""
    if all(map(math.isfinite, point_ras_mm)):
        return place_in_words(point_ras_mm)
    return "({})".format(", ".join(f"{value:.1f}" for value in point_ras_mm))


def told(error: Exception, key: str, hemisphere: str = "") -> Doubt:
    """What kept a step from being done, in the words of its error; `key` says which step."""
    return Doubt(str(error), key, None, hemisphere)


def key_of(warning: str) -> str:
    """The key of a doubt, '' for a plain sentence."""
    return warning.key if isinstance(warning, Doubt) else ""


def is_note(warning: str) -> bool:
    """Whether a doubt only tells how a plan came about; one that a file kept as text is known by its words."""
    return key_of(warning) in NOTES or str.__str__(warning) in _NOTES_AS_TEXT


def notes_apart(doubts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that warn, and those that are notes (`is_note`)."""
    told = list(doubts)
    warnings, notes = ([text for text in told if is_note(text) is noted] for noted in (False, True))
    return warnings, notes


def unless_refused(doubts: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    """The doubts. Raises UserError with the first one that is so grave that no plan is made."""
    for each in doubts:
        if key_of(each) in REFUSALS:
            raise UserError(each)
    return doubts


_NOTES_AS_TEXT = {str.__str__(doubt(key)) for key in NOTES}
