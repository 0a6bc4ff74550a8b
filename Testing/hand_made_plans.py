"""Plans made by hand on small synthetic scans, in any order of the voxel axes."""

from dataclasses import replace

import nibabel
import numpy as np

from DLPFCSegmenterLib.doubts import Doubt
from DLPFCSegmenterLib.geometry.poses import pose_from_axes
from DLPFCSegmenterLib.plan import HemispherePlan, ModelInfo, Plan, PlanOptions
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.nibabel_reader import forms_of
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.region import Region, SliceScore
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures, beam_sites
from DLPFCSegmenterLib.targeting.coil import ScalpEntry
from DLPFCSegmenterLib.targeting.cortex import DepthInformation
from DLPFCSegmenterLib.targeting.distances import landmark_distances
from DLPFCSegmenterLib.targeting.mni_targets import literature_targets
from DLPFCSegmenterLib.targeting.placing import named_distances_mm
from DLPFCSegmenterLib.targeting.point import Method, Place, Point, Role
from DLPFCSegmenterLib.targeting.target import find_target

SHAPE_RAS = (40, 48, 36)
MODEL = ModelInfo("hand-made", "0" * 64, "anterior two thirds of the middle frontal gyrus")


def oblique_matrix() -> np.ndarray:
    """IJK-to-RAS, mm, of a tilted, anisotropic grid centred at the origin."""
    angle_a, angle_b = np.radians(20), np.radians(-12)
    around_s = np.array([[np.cos(angle_a), -np.sin(angle_a), 0], [np.sin(angle_a), np.cos(angle_a), 0], [0, 0, 1]])
    around_r = np.array([[1, 0, 0], [0, np.cos(angle_b), -np.sin(angle_b)], [0, np.sin(angle_b), np.cos(angle_b)]])
    matrix = np.eye(4)
    matrix[:3, :3] = around_s @ around_r @ np.diag([4.0, 4.5, 5.0])
    matrix[:3, 3] = -matrix[:3, :3] @ (np.array(SHAPE_RAS) - 1) / 2
    return matrix


def reordered(voxels_ijk: np.ndarray, ijk_to_ras: np.ndarray, code: str) -> tuple[np.ndarray, np.ndarray]:
    """The same image with its voxel axes in the order and direction of `code`."""
    wanted = nibabel.orientations.axcodes2ornt(code)
    change = nibabel.orientations.ornt_transform(nibabel.orientations.axcodes2ornt("RAS"), wanted)
    moved = nibabel.orientations.apply_orientation(voxels_ijk, change)
    return moved, ijk_to_ras @ nibabel.orientations.inv_ornt_aff(change, voxels_ijk.shape)


def nifti_origin(path: str, shape_ijk: tuple[int, ...], ijk_to_ras: np.ndarray, *codes: int) -> Origin:
    """Of a NIfTI file whose two forms both say `ijk_to_ras`; codes of qform and sform."""
    header = nibabel.Nifti1Header()
    header.set_data_shape(shape_ijk)
    header.set_qform(ijk_to_ras, codes[0])
    header.set_sform(ijk_to_ras, codes[1])
    return Origin(path, ScanKind.NIFTI, nifti=forms_of(header))


def _grid(code: str) -> tuple[Volume, np.ndarray]:
    """A scan of noise and the RAS mm coordinates of its voxels, shape (K, J, I, 3)."""
    matrix = oblique_matrix() if code == "oblique" else np.diag([4.0, 4.0, 4.0, 1.0])
    if code != "oblique":
        matrix[:3, 3] = (-78.0, -94.0, -70.0)
    voxels = np.random.default_rng(7).integers(0, 255, SHAPE_RAS).astype(np.int16)
    if code != "oblique":
        voxels, matrix = reordered(voxels, matrix, code)
    volume = Volume(voxels.transpose(), matrix, nifti_origin("person.nii.gz", voxels.shape, matrix, 1, 4))
    ijk = np.indices(volume.shape_ijk).reshape(3, -1).T
    points = (ijk @ matrix[:3, :3].T + matrix[:3, 3]).reshape(*volume.shape_ijk, 3)
    return volume, points.transpose(2, 1, 0, 3)


def _side(volume: Volume, points: np.ndarray, hemisphere: str) -> HemispherePlan:
    sign = -1.0 if hemisphere == "left" else 1.0
    mask = np.linalg.norm(points - (sign * 36.0, 40.0, 28.0), axis=-1) < 14.0
    scores = (SliceScore("axial", 12, 0.91, 28.0), SliceScore("coronal", 30, 0.85, 40.0))
    region = Region(volume, hemisphere, mask, mask.astype(np.float32), 0.93, scores, (Doubt("thin mask"),))
    target = find_target(volume, mask, hemisphere)
    doubt = (15.0, 20.0)
    places = np.array([sign * 40.0, -18.0, 70.0]), np.array([sign * 40.0, 28.0, 62.0])
    hotspot = Point("hotspot", hemisphere, Role.HOTSPOT, places[0], Method.ESTIMATED, Place.SCAN, True, doubt)
    length = {"length_mm": 50.0}
    five_cm = Point("five_cm", hemisphere, Role.RULE, places[1], Method.RULE, Place.SCAN, True, doubt, length)
    return HemispherePlan(
        region, target, (hotspot, five_cm), {"five_cm_to_target": 36.0}, None, (Doubt("hotspot estimated"),)
    )


def make_plan(code: str = "RAS", hemispheres: tuple[str, ...] = ("left",)) -> Plan:
    """A plan on a scan whose voxel axes are in the order of `code`; 'oblique' is an order too."""
    volume, points = _grid(code)
    sides = {name: _side(volume, points, name) for name in hemispheres}
    options = PlanOptions(hemispheres=hemispheres)
    said = (Doubt("low contrast"),)
    return Plan(volume, MODEL, options, sides, {}, {"segmentation": 1.25}, said, fingerprint=volume.fingerprint)


def with_everything(plan: Plan) -> Plan:
    """The same plan with coils and all that fiducials, tapes and a registration add."""
    registration = HeadFrame(_placed((3.0, -14.0, 2.0)), 1.7)
    options = replace(plan.options, tapes=HeadMeasures(57.0, 36.5, 37.0))
    sides = {name: _with_everything(side, registration, options) for name, side in with_coil(plan).sides.items()}
    return replace(plan, options=options, sides=sides, registration=registration, fiducials=_fiducials())


def _placed(move_mm: tuple[float, float, float]) -> np.ndarray:
    matrix = np.diag([0.9, 0.9, 0.9, 1.0])
    matrix[:3, 3] = move_mm
    return matrix


def _fiducials() -> tuple[Point, ...]:
    places = {
        "nasion": (0.0, 80.0, -12.0), "inion": (0.0, -90.0, -20.0),
        "left_tragus": (-70.0, -8.0, -30.0), "right_tragus": (70.0, -8.0, -30.0),
    }  # fmt: skip
    moved = {"moved_mm": 0.0}
    return tuple(
        Point(key, "", Role.FIDUCIAL, np.array(at), Method.ON_SCALP, numbers=moved) for key, at in places.items()
    )


def _with_everything(side: HemispherePlan, registration: HeadFrame, options: PlanOptions) -> HemispherePlan:
    hemisphere = side.region.hemisphere
    literature = literature_targets(registration, hemisphere)
    landmarks = side.landmarks + _marked(hemisphere)
    distances = {"target_to_scalp": 20.0}
    for mark in (*landmarks, *literature):
        named = landmark_distances(mark.position_ras_mm, side.target.position_ras_mm, None)
        distances |= named_distances_mm(mark.key, replace(named, along_scalp_mm=30.0, from_cortex_mm=12.0))
    return replace(
        side, landmarks=landmarks, literature=literature, distances_mm=distances, depth=DepthInformation(20.0, 14.0),
        tape_sites=beam_sites(options.tapes, hemisphere),
    )  # fmt: skip


def _marked(hemisphere: str) -> tuple[Point, ...]:
    """What fiducials add: F3 or F4 and the variants of Beam's."""
    name, sign = ("f3", -1.0) if hemisphere == "left" else ("f4", 1.0)
    places = {
        name: (50.0, 52.0, 52.0), f"beam_{name}": (46.0, 50.0, 58.0), f"beam_{name}_adjusted": (49.0, 53.0, 55.0),
        "beam_2022_anterior": (52.0, 60.0, 44.0), "beam_2022_posterior": (58.0, 40.0, 46.0),
    }  # fmt: skip
    numbers = {"x_cm": 6.5, "y_cm": 9.7, "nasion_inion_cm": 36.5, "tragus_tragus_cm": 37.0, "circumference_cm": 57.0}
    methods = {name: Method.TEN_TWENTY}
    return tuple(
        Point(
            key, hemisphere, Role.MEASURED, np.array([sign * r, a, s]), methods.get(key, Method.BEAM), numbers=numbers
        )
        for key, (r, a, s) in places.items()
    )  # fmt: skip


def with_coil(plan: Plan) -> Plan:
    """The same plan with a coil over every target, 20 mm straight above it, standoff 4 mm."""
    return replace(plan, sides={name: _with_coil(side) for name, side in plan.sides.items()})


def _with_coil(side: HemispherePlan) -> HemispherePlan:
    place = side.target.position_ras_mm + (0.0, 0.0, 20.0)
    entry = ScalpEntry(place, np.array([0.0, 0.0, 1.0]), 20.0, 20.0)
    pose = pose_from_axes((-0.8, 0.6, 0.0), (0.6, 0.8, 0.0), (0.0, 0.0, -1.0), place + (0.0, 0.0, 4.0))
    return replace(side, entry=entry, coil_pose_ras_mm=pose)


def without_side(plan: Plan, hemisphere: str) -> Plan:
    """The same plan, had one side not been found."""
    sides = {name: side for name, side in plan.sides.items() if name != hemisphere}
    return replace(plan, sides=sides, not_found={hemisphere: "no slice scored above 0.8"})
