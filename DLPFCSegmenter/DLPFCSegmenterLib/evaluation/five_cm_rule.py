"""How far the 5-cm rule points from the centre of the labelled region: what a lab without an image would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..labels.splits import LabelledScan
from ..progress import Progress
from ..scan.head_scan import HeadScan
from ..scan.readers import read_volume
from ..scan.volume import voxel_points_ras_mm
from ..targeting.placing import PlacedLandmarks, place_landmarks, read_head
from .evaluate import EvaluationOptions, reference_of

_NAN = float("nan")


@dataclass(frozen=True)
class RuleDistance:
    """Distances in mm from the 5-cm landmark to the reference's centroid in one scan; NaN where there is none.

    straight_mm     in 3-D
    axial_mm        in the scan's axial plane (x and y of RAS)
    along_scalp_mm  along the scalp, to the point over the centroid
    from_cortex_mm  in 3-D from the landmark's projection onto the cortex
    missing         why the landmark could not be placed, '' where it was
    """

    scan: str
    straight_mm: float = _NAN
    axial_mm: float = _NAN
    along_scalp_mm: float = _NAN
    from_cortex_mm: float = _NAN
    missing: str = ""


def rule_distances(
    scans: Sequence[LabelledScan], options: EvaluationOptions, progress: Progress
) -> tuple[RuleDistance, ...]:
    """The rule in every scan, from a hotspot that is estimated from anatomy (no motor threshold was measured).

    A scan without a scalp (skull-stripped, defaced, cut off) has no distance but a reason.
    """
    distances = []
    for done, scan in enumerate(scans, start=1):
        distances.append(_rule_distance(scan, options))
        progress.report(done, len(scans), f"5-cm rule in {scan.name}")
    return tuple(distances)


def _rule_distance(scan: LabelledScan, options: EvaluationOptions) -> RuleDistance:
    t1 = read_volume(scan.t1)
    centroid_ras_mm = voxel_points_ras_mm(t1, reference_of(t1, scan, options).mask).mean(axis=0)
    head = read_head(HeadScan(t1))
    placed = place_landmarks(head, options.hemisphere, centroid_ras_mm)
    if "five_cm_to_target" not in placed.distances_mm:
        return RuleDistance(scan.name, missing=_reason(head.warnings, placed).replace(f"{t1.source}: ", ""))
    manners = ("", "_axial", "_along_scalp", "_from_cortex")
    straight, axial, along, cortex = (placed.distances_mm.get(f"five_cm_to_target{each}", _NAN) for each in manners)
    return RuleDistance(scan.name, straight, axial, along, cortex)


def _reason(warnings: tuple[str, ...], placed: PlacedLandmarks) -> str:
    return " ".join(warnings + placed.warnings) or "the 5-cm landmark could not be placed"
