"""The main job: from a T1 scan to a plan. Command line, panel and cohort runs all call it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import NoScalpError, NotFoundError, UserError
from .progress import Progress
from .segmentation.region import Region
from .targeting.coil import HANDLE_ANGLE_DEG, STANDOFF_MM, ScalpEntry, coil_pose, scalp_entry
from .targeting.landmark import Landmark
from .targeting.placing import Head, place_landmarks, read_head
from .targeting.scalp import Scalp
from .targeting.target import Target, find_target
from .volume.checks import check_scan
from .volume.head_scan import HeadScan
from .volume.registration import Registration
from .volume.volume import Volume

if TYPE_CHECKING:
    from .segmentation.segmenter import Segmenter


RULE_RANGE_MM = (10.0, 120.0)
"""Lengths of the 5-cm rule that make sense on a head; the published ones are 50, 55 and 60 mm."""

COIL_ANGLE_RANGE_DEG = (-180.0, 180.0)
STANDOFF_RANGE_MM = (0.0, 50.0)
"""From a coil on the skin to one over thick hair and electrodes."""


@dataclass(frozen=True)
class PlanOptions:
    """What the user may choose.

    hemispheres      ('left',), ('right',) or both
    threshold        confidence below which a slice's detection is dropped, 0..1
    device           'auto', 'cpu' or 'cuda'
    hotspot_ras_mm   the motor hotspot if it was measured, else None: it is estimated
    rule_mm          length of the 5-cm rule along the scalp
    weights          a weights file, or None for the shipped ones
    landmarks        False: mask and target alone
    coil_angle_deg   the coil's handle from the midline, backwards and to the side (`targeting.coil`)
    standoff_mm      distance of the coil's face from the scalp
    """

    hemispheres: tuple[str, ...] = ("left",)
    threshold: float = 0.8
    device: str = "auto"
    hotspot_ras_mm: tuple[float, float, float] | None = None
    rule_mm: float = 50.0
    weights: Path | None = None
    landmarks: bool = True
    coil_angle_deg: float = HANDLE_ANGLE_DEG
    standoff_mm: float = STANDOFF_MM


@dataclass(frozen=True)
class ModelInfo:
    """Which network made a plan: its id, the SHA-256 of its weights, what its label means."""

    id: str
    sha256: str
    label_definition: str


@dataclass(frozen=True)
class HemispherePlan:
    """The plan for one side.

    landmarks      motor hotspot and 5-cm landmark, where the scan shows a scalp
    distances_mm   named distances, such as 'five_cm_to_target'
    rule_path_ras_mm  the walk of the 5-cm rule along the scalp, shape (N, 3), or None
    entry          the scalp over the target, where the scan shows it, else None
    coil_pose_ras_mm  4x4 pose of the coil over it in the library's axes (`geometry.poses`), or None
    """

    region: Region
    target: Target
    landmarks: tuple[Landmark, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[str, ...] = ()
    entry: ScalpEntry | None = None
    coil_pose_ras_mm: np.ndarray | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that files, pictures and MRML nodes are made from.

    sides       hemisphere name -> its plan; a side that was not found is missing
    not_found   hemisphere name -> why nothing was found there
    timing_s    step name -> seconds
    scalp       the head surface, where the scan shows one
    registration  MNI space laid on the scan, whatever its quality
    """

    volume: Volume
    model: ModelInfo
    options: PlanOptions
    sides: dict[str, HemispherePlan]
    not_found: dict[str, str]
    timing_s: dict[str, float]
    warnings: tuple[str, ...] = ()
    scalp: Scalp | None = None
    registration: Registration | None = None


def make_plan(volume: Volume, options: PlanOptions, progress: Progress) -> Plan:
    """Do the main job on a scan.

    A side that the network does not find is named in `not_found`; the plan then has no mask for it.
    Raises UserError for a scan, hotspot, device or weights file that cannot be used.
    """
    clock = _Clock()
    _check_options(options)
    scan = check_scan(volume)
    with clock.step("load model"):
        segmenter = _segmenter(options)
    head_scan = HeadScan(scan)
    with clock.step("registration"):
        registration = head_scan.registration
    regions, not_found = {}, {}
    for hemisphere in options.hemispheres:
        with clock.step(f"segment {hemisphere}"):
            try:
                regions[hemisphere] = segmenter.segment(head_scan, hemisphere, progress)
            except NotFoundError as error:
                not_found[hemisphere] = str(error)
    with clock.step("landmarks"):
        head = read_head(head_scan) if options.landmarks and regions else None
        sides = {side: _side(region, head, options) for side, region in regions.items()}
    model = segmenter.model
    info = ModelInfo(model.id, model.sha256, model.label_definition)
    warnings = scan.warnings + (head.warnings if head else ())
    scalp = head.scalp if head else None
    return Plan(scan, info, options, sides, not_found, clock.seconds, warnings, scalp, registration)


def _side(region: Region, head: Head | None, options: PlanOptions) -> HemispherePlan:
    target = find_target(region.volume, region.mask_kji)
    warnings = region.warnings
    if not target.centroid_inside:
        warnings += ("The centroid lies outside the curved mask; the target is the nearest point of the mask.",)
    if head is None:
        return HemispherePlan(region, target, warnings=warnings)
    placed = place_landmarks(
        head, region.hemisphere, target.position_ras_mm, options.hotspot_ras_mm, options.rule_mm
    )
    entry, pose, doubts = _aim(head.scalp, region.hemisphere, target, options)
    return HemispherePlan(
        region, target, placed.landmarks, placed.distances_mm, placed.rule_path_ras_mm,
        warnings + placed.warnings + doubts, entry, pose,
    )  # fmt: skip


def _aim(
    scalp: Scalp | None, hemisphere: str, target: Target, options: PlanOptions
) -> tuple[ScalpEntry | None, np.ndarray | None, tuple[str, ...]]:
    """Scalp entry, coil pose and warnings; None for what the scan does not show."""
    if scalp is None:
        return None, None, ()
    try:
        entry = scalp_entry(scalp, target.position_ras_mm)
    except NoScalpError as error:
        return None, None, (str(error),)
    try:
        pose = coil_pose(scalp, entry, hemisphere, options.coil_angle_deg, options.standoff_mm)
    except NoScalpError as error:
        return entry, None, (*entry.warnings, str(error))
    return entry, pose, entry.warnings


def _check_options(options: PlanOptions) -> None:
    if not 0 <= options.threshold <= 1:
        raise UserError(f"The threshold is {options.threshold:g}; give a confidence between 0 and 1.")
    if options.hotspot_ras_mm and len(options.hemispheres) > 1:
        raise UserError("A hotspot belongs to one side of the head; plan the left and the right one after another.")
    _check_range("rule length", options.rule_mm, "mm", RULE_RANGE_MM)
    _check_range("coil angle", options.coil_angle_deg, "degrees", COIL_ANGLE_RANGE_DEG)
    _check_range("standoff", options.standoff_mm, "mm", STANDOFF_RANGE_MM)


def _check_range(name: str, value: float, unit: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise UserError(f"The {name} is {value:g} {unit}; give {low:g} to {high:g} {unit}.")


class _Clock:
    """Seconds that the steps of a plan took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside the `with`."""
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def _segmenter(options: PlanOptions) -> "Segmenter":
    # torch takes seconds to import, and a plan can be read or drawn without it.
    from .model.weights import choose_device, load_model
    from .segmentation.segmenter import Segmenter

    device = choose_device(options.device)
    return Segmenter(load_model(options.weights, device), device, options.threshold)
