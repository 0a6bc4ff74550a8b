"""The main job: from a T1 scan to a plan. Command line, panel and cohort runs all call it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .circuit.circuit import Asked, Circuit, CircuitSide, find_circuit, fmri_files
from .doubts import Doubt, doubt, of_region, told, unless_refused
from .errors import NoScalpError, NotFoundError, UserError
from .files import file_sha256
from .geometry.spaces import ijk_to_ras_points
from .networks.registry import head_sha256, region_in_card
from .options import DEFAULT_OPTIONS, CircuitChoices, PlanOptions, check_options
from .progress import SILENT, Progress
from .scan.channels import channel_file
from .scan.checks import check_scan
from .scan.head_frame import HeadFrame, require_plausible
from .scan.head_scan import HeadScan
from .scan.quality import quality_doubts
from .scan.readers import grid_of
from .scan.volume import Volume, is_same_grid, is_same_scan
from .segmentation.region import Region
from .sentences import say
from .serial import UNTOLD
from .targeting import placing
from .targeting.beam_f3 import BeamSite, beam_sites
from .targeting.by_tape import ByTape, tape_plan
from .targeting.coil import ScalpEntry, coil_pose, scalp_entry
from .targeting.cortex import DepthInformation, depth_information
from .targeting.five_cm import given_hotspot
from .targeting.mni_targets import literature_targets
from .targeting.placing import NO_EDITS, Edits, Head, place_landmarks, read_head, with_fiducials
from .targeting.point import TARGET, Method, Point, Role
from .targeting.scalp import Scalp
from .targeting.stimulation import Stimulation
from .targeting.target import Target, find_target, mask_doubts, place_doubts, target_by_hand, target_nearest_scalp
from .terminology import DLPFC

if TYPE_CHECKING:
    from .networks.weights import Model
    from .segmentation.segmenter import Segmenter


@dataclass(frozen=True)
class ModelInfo:
    """Which networks made a plan of which region: id and SHA-256 of the weights, what their label means, the head's."""

    id: str
    sha256: str
    label_definition: str
    head_sha256: str = ""
    region: str = field(default=DLPFC, metadata={UNTOLD: True})


@dataclass(frozen=True)
class InputFile:
    """A file beside the scan that a plan was made from: fMRI, its tables, a transform, a map."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class HemispherePlan:
    """The plan for one side.

    landmarks      on the scalp, where the scan shows one: motor hotspot and 5-cm landmark; with fiducials
                   F3/F4 and Beam F3/F4 too
    literature     published targets brought in from MNI space
    distances_mm   named distances, such as 'five_cm_to_target'
    rule_path_ras_mm  the walk of the 5-cm rule along the scalp, shape (N, 3), or None
    entry          the scalp over the target, where the scan shows it, else None
    coil_pose_ras_mm  4x4 pose of the coil over it in the library's axes (`geometry.poses`), or None
    depth          how deep the cortex lies under the entry and under the hotspot, or None
    by_tape        the entry by tape measure, where it was asked for and can be had
    tape_sites     name of a variant -> Beam F3/F4 by the tape measures alone, in cm
    circuit        what resting-state fMRI says of the side, where it was given
    """

    region: Region
    target: Target
    landmarks: tuple[Point, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[Doubt, ...] = ()
    entry: ScalpEntry | None = None
    coil_pose_ras_mm: np.ndarray | None = None
    literature: tuple[Point, ...] = ()
    depth: DepthInformation | None = None
    tape_sites: dict[str, BeamSite] = field(default_factory=dict)
    by_tape: ByTape | None = None
    circuit: CircuitSide | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that files, pictures and MRML nodes are made from.

    sides       hemisphere name -> its plan; a side that was not found is missing
    not_found   hemisphere name -> why nothing was found there
    timing_s    step name -> seconds
    fingerprint  that of the scan (`Volume.fingerprint`), by which it is known wherever it lies
    scalp       the head surface, where the scan shows one
    registration  MNI space laid on the scan, whatever its quality
    fiducials   nasion, inion and tragi on the scalp, where the user placed them
    circuit     the fMRI that was given, and its map
    stimulated  where the coil was held since, under a tracker
    inputs      the files beside the scan that it was made from
    """

    volume: Volume
    model: ModelInfo
    options: PlanOptions
    sides: dict[str, HemispherePlan]
    not_found: dict[str, str]
    timing_s: dict[str, float]
    warnings: tuple[Doubt, ...] = ()
    scalp: Scalp | None = None
    registration: HeadFrame | None = None
    fiducials: tuple[Point, ...] = ()
    fingerprint: str = ""
    circuit: Circuit | None = None
    stimulated: tuple[Stimulation, ...] = ()
    inputs: tuple[InputFile, ...] = ()

    def is_of(self, scan: Volume) -> bool:
        """Whether this is the scan that was planned on, where it lay; a result of version 1 knows its grid alone."""
        is_another = bool(self.fingerprint) and not scan.has_fingerprint(self.fingerprint)
        return not is_another and is_same_grid(self.volume.shape_ijk, self.volume.ijk_to_ras, scan)


class Kept:
    """What one plan leaves to the next: the model, and what no choice changes of the scan that was looked at last.

    A scan is known again by all of its voxels, its place and its origin; of any other nothing is taken.
    """

    def __init__(self) -> None:
        self.file: Path | None = None
        """That from which the scan was loaded, where it has one."""
        self._model: tuple[tuple, Model] | None = None
        self._head_scan: HeadScan | None = None
        self._scalp: Scalp | NoScalpError | None = None
        self._head: Head | None = None

    def model(self, weights: Path | None, device: str) -> "Model":
        """The networks of a weights file, or those shipped. Raises UserError as `load_model`."""
        from .networks.weights import SHIPPED, load_model

        path = weights or SHIPPED
        written = path.stat() if path.is_file() else None
        key = (path, device, written and (written.st_mtime_ns, written.st_size))
        if self._model is None or self._model[0] != key:
            self._model = None
            self._model = (key, load_model(weights, device))
        return self._model[1]

    def head_scan(self, scan: Volume) -> HeadScan:
        """A checked scan with its grid and frame as far as they are known."""
        if self._head_scan is None or not is_same_scan(scan, self._head_scan.scan):
            self._head_scan = HeadScan(scan, _frame_by_networks)
            self._scalp = self._head = None
        return self._head_scan

    def scalp(self, scan: Volume) -> Scalp:
        """The scalp of a checked scan, which asks no network. Raises NoScalpError where there is none."""
        head_scan = self.head_scan(scan)
        if self._scalp is None:
            try:
                self._scalp = placing.find_scalp(head_scan)
            except NoScalpError as error:
                self._scalp = error
        if isinstance(self._scalp, NoScalpError):
            raise self._scalp
        return self._scalp

    def head(self, scan: Volume) -> Head:
        """What a checked scan shows of the head, before anybody placed fiducials on it."""
        head_scan = self.head_scan(scan)
        if self._head is None:
            self._head = read_head(head_scan, find=lambda _: self.scalp(scan))
        return self._head

    def get_ready(self) -> Iterator[None]:
        """What every plan on the scan that was looked at last will want, in steps."""
        if self._head_scan is not None:
            self.head(self._head_scan.scan)
            yield
            _ = self._head_scan.scan.fingerprint
            yield
        if self.file is not None:
            with suppress(UserError, OSError, ImportError):  # told when it is asked for
                grid_of(self.file)
            yield


def make_plan(
    volume: Volume, options: PlanOptions = DEFAULT_OPTIONS, progress: Progress = SILENT, kept: Kept | None = None
) -> Plan:
    """Do the main job on a scan: outline, target and, where the scan shows a scalp, landmarks and coil.

    Masks are bool arrays of shape (K, J, I) on the scan's own grid; points are RAS mm in its world space, shape (3,).
    A side that the network does not find is named in `not_found`; the plan then has no mask for it. `kept` is what
    an earlier plan left; the plan is the same without it.
    Raises UserError for a scan, hotspot, fiducials, device or weights file that cannot be used, before the
    long work where that can be known.
    """
    clock, kept = _Clock(progress), kept or Kept()
    check_options(options)
    scan = check_scan(volume)
    inputs = input_files(Path(scan.source), options)
    head_scan = kept.head_scan(scan)
    scan = head_scan.scan  # its fingerprint may be known already
    with clock.step("canonical grid"):
        _ = head_scan.canonical  # before PyTorch is there: its copies of the scan would come on top of that
    with clock.step("load model"):
        segmenter = _segmenter(options, kept)
    with clock.step("registration"):
        _ = head_scan.registration
    seen = segmenter.with_channels(head_scan, options.channels)
    with clock.step("scalp"):
        head = with_fiducials(kept.head(scan), options.fiducials) if options.landmarks else None
    _check_on_head(scan, head, options)
    regions, not_found = {}, {}
    for hemisphere in options.hemispheres:
        with clock.step(f"segment {hemisphere}"):
            try:
                regions[hemisphere] = segmenter.segment(seen, hemisphere, progress)
            except NotFoundError as error:
                not_found[hemisphere] = str(error)
    circuit, of_sides = None, dict[str, CircuitSide]()
    if options.wants_fmri and regions:
        with clock.step("circuit"):
            circuit, of_sides = circuit_in(head_scan, head, regions, options.circuit, progress)
    progress.report(0, 1, say("placing target and landmarks"))
    with clock.step("landmarks"):
        sides = {
            side: place_side(head, region, options, Edits(circuit=of_sides.get(side)))
            for side, region in regions.items()
        }
    for side in sides.values():
        unless_refused(side.warnings)
    weights = segmenter.model
    model = ModelInfo(segmenter.name, weights.sha256, weights.label_definition, head_sha256(), weights.region_name)
    plan = _plan_on(head_scan, head, model, options, sides)
    warnings = plan.warnings + (circuit.warnings if circuit else ())
    return replace(plan, not_found=not_found, timing_s=clock.seconds, warnings=warnings, circuit=circuit, inputs=inputs)


def _plan_on(
    head_scan: HeadScan, head: Head | None, model: ModelInfo, options: PlanOptions, sides: dict[str, HemispherePlan]
) -> Plan:
    scan, of_head = head_scan.scan, head.warnings if head else ()
    of_tapes = options.tapes.warnings if options.tapes else ()
    return Plan(
        scan, model, options, sides, not_found={}, timing_s={},
        warnings=scan.warnings + quality_doubts(head_scan) + of_head + of_tapes,
        scalp=head.scalp if head and sides else None,
        registration=head_scan.registration,
        fiducials=head.fiducials.landmarks if head and head.fiducials else (),
        fingerprint=scan.fingerprint,
    )  # fmt: skip


def input_files(t1: Path, options: PlanOptions) -> tuple[InputFile, ...]:
    """The files beside a scan that its plan is made from. Raises UserError for one that is missing or another's."""
    files = [channel_file(t1, file) for _name, file in options.channels]
    files += fmri_files(t1, options.circuit) if options.wants_fmri else ()
    return tuple(InputFile(path, file_sha256(path)) for path in files if path.is_file())


def circuit_in(
    head_scan: HeadScan,
    head: Head | None,
    regions: Mapping[str, Region],
    choices: CircuitChoices,
    progress: Progress = SILENT,
) -> tuple[Circuit, dict[str, CircuitSide]]:
    """What resting-state fMRI says of masks, beside their centroids and the published sites.

    Raises UserError for fMRI that cannot be used, and for a head in which MNI space was not found.
    """
    registration = head_scan.registration
    scalp, cortex = (None, None) if head is None else (head.scalp, head.cortex)
    require_plausible(registration, head_scan.scan.source)
    sites = {
        side: {point.key: point.position_ras_mm for point in literature_targets(registration, side, cortex)}
        | {"centroid": find_target(region.volume, region.mask_kji).centroid_ras_mm}
        for side, region in regions.items()
    }
    masks = {side: region.mask_kji for side, region in regions.items()}
    return find_circuit(Asked(head_scan.scan, masks, registration.ras_from_mni, scalp, sites), choices, progress)


def plan_by_hand(volume: Volume, options: PlanOptions = DEFAULT_OPTIONS, kept: Kept | None = None) -> Plan:
    """A plan of which no network drew anything: empty masks, with scalp, landmarks and published points as far as the
    scan shows them. Mask or target are a person's to draw and to place; until then no target is to be used.

    Raises UserError for a scan, hotspot or fiducials that cannot be used.
    """
    scan, kept = check_scan(volume), kept or Kept()
    head = with_fiducials(kept.head(scan), options.fiducials)
    _check_on_head(scan, head, options)
    model = ModelInfo("by hand", "", "as the person draws it", head_sha256(), region_in_card(options.weights))
    sides = {name: _side_by_hand(scan, head, name, options, model.region) for name in options.hemispheres}
    return _plan_on(kept.head_scan(scan), head, model, options, sides)


def _side_by_hand(scan: Volume, head: Head, hemisphere: str, options: PlanOptions, called: str) -> HemispherePlan:
    nothing = np.zeros(scan.array_kji.shape, bool)
    told = (doubt("by_hand", hemisphere, **of_region(called)),)
    region = Region(scan, hemisphere, nothing, nothing.astype(np.float32), 0.0, (), told, name=called)
    middle = ijk_to_ras_points(scan.ijk_to_ras, (np.array(scan.shape_ijk) - 1) / 2)
    target = Target(Point(TARGET, hemisphere, Role.TARGET, middle, Method.CENTROID), middle, False)
    placed = place_landmarks(head, hemisphere, middle, options.hotspot_ras_mm, options.rule_mm, along_scalp=False)
    return HemispherePlan(
        region, target, placed.landmarks, {}, placed.rule_path_ras_mm, region.warnings + placed.warnings,
        literature=placed.literature, tape_sites=beam_sites(options.tapes, hemisphere) if options.tapes else {},
    )  # fmt: skip


def place_side(
    head: Head | None, region: Region, options: PlanOptions, edits: Edits = NO_EDITS, along_scalp: bool = True
) -> HemispherePlan:
    """The whole rule for one side: target in the mask, hotspot, 5-cm landmark, scalp entry, coil, distances, doubts.

    head         what the scan shows of the head, or None where no landmarks are wanted
    edits        what a person changed since, judged by the same rule; see `Edits`
    along_scalp  False leaves out the distances along the scalp and by tape, which take most of the time
    What is wrong with a point or mask is told in the warnings; those that `refuses` make no plan. Raises
    NotFoundError for an empty mask.
    """
    hemisphere = region.hemisphere
    target, doubts = _target(region, head, options, edits)
    doubts += edits.circuit.warnings if edits.circuit else ()
    sites = beam_sites(options.tapes, hemisphere) if options.tapes else {}
    warnings = tuple(dict.fromkeys((*region.warnings, *target.warnings, *edits.doubts, *doubts)))
    if head is None:
        return HemispherePlan(region, target, warnings=warnings, tape_sites=sites, circuit=edits.circuit)
    if head.registration is not None:
        warnings += mask_doubts(region.volume, region.mask_kji, hemisphere, head.registration)
    placed = place_landmarks(
        head, hemisphere, target.position_ras_mm, options.hotspot_ras_mm, options.rule_mm, edits, along_scalp
    )
    entry, pose, aim_doubts = aim(head, hemisphere, target.position_ras_mm, options)
    entry_ras_mm = None if entry is None else entry.position_ras_mm
    wants_tape = options.by_tape and along_scalp
    taped, tape_doubts = tape_plan(head, hemisphere, entry_ras_mm, pose) if wants_tape else (None, ())
    return HemispherePlan(
        region, target, placed.landmarks, placed.distances_mm, placed.rule_path_ras_mm,
        tuple(dict.fromkeys((*warnings, *placed.warnings, *aim_doubts, *tape_doubts))), entry, pose,
        placed.literature, cortex_depth(head, entry, placed.landmarks), sites, taped, edits.circuit,
    )  # fmt: skip


def _target(region: Region, head: Head | None, options: PlanOptions, edits: Edits) -> tuple[Target, tuple[Doubt, ...]]:
    """The target, and what is doubtful about where in the head it lies."""
    grid, mask, hemisphere = region.volume, region.mask_kji, region.hemisphere
    scalp = head.scalp if head else None
    by_hand = edits.placed.get(TARGET, options.picked_ras_mm)
    if by_hand is not None:
        method = Method.MOVED if TARGET in edits.placed else Method.PICKED
        target = target_by_hand(grid, mask, np.array(by_hand), method, hemisphere)
        registration = head.registration if head else None
        doubts = place_doubts(target.position_ras_mm, hemisphere, scalp, registration)
        return target, doubts
    if options.target == "circuit":
        if edits.circuit is not None and edits.circuit.reliable:
            return target_by_hand(grid, mask, edits.circuit.targets[0].position_ras_mm, Method.CIRCUIT, hemisphere), ()
        return find_target(grid, mask, hemisphere), (doubt("circuit_not_chosen", hemisphere),)
    if options.target == "centroid":
        return find_target(grid, mask, hemisphere), ()
    if scalp is None:
        return find_target(grid, mask, hemisphere), (doubt("target_no_scalp", hemisphere),)
    return target_nearest_scalp(grid, mask, scalp, hemisphere), ()


def cortex_depth(head: Head, entry: ScalpEntry | None, landmarks: tuple[Point, ...]) -> DepthInformation | None:
    """How deep the cortex lies under the entry and under the hotspot, or None for what the head does not show."""
    hotspot = next((point for point in landmarks if point.role is Role.HOTSPOT), None)
    if head.scalp is None or head.cortex is None or entry is None or hotspot is None:
        return None
    return depth_information(head.scalp, head.cortex, entry.position_ras_mm, hotspot.position_ras_mm)


def aim(
    head: Head, hemisphere: str, target_ras_mm: np.ndarray, options: PlanOptions
) -> tuple[ScalpEntry | None, np.ndarray | None, tuple[Doubt, ...]]:
    """Scalp entry, coil pose and warnings over a target, RAS mm; None for what the scan does not show."""
    scalp = head.scalp
    if scalp is None:
        return None, None, ()
    try:
        ras_from_mni = None if head.registration is None else head.registration.ras_from_mni
        entry = scalp_entry(scalp, target_ras_mm, ras_from_mni, hemisphere)
    except NoScalpError as error:
        return None, None, (told(error, "no_coil", hemisphere),)
    if head.lacks_skin(entry.position_ras_mm, around=True):
        entry = replace(entry, warnings=(*entry.warnings, doubt("entry_erased", hemisphere)))
    try:
        pose = coil_pose(scalp, entry, hemisphere, options.coil_angle_deg, options.standoff_mm)
    except NoScalpError as error:
        return entry, None, (*entry.warnings, told(error, "no_coil", hemisphere))
    return entry, pose, entry.warnings


def _check_on_head(scan: Volume, head: Head | None, options: PlanOptions) -> None:
    """Raise UserError for what the head itself shows to be impossible, whatever mask is found in it."""
    scalp = head.scalp if head else None
    if options.target == "nearest-scalp" and options.picked_ras_mm is None and scalp is None:
        reason = head.warnings[0] if head else say("Landmarks were switched off.")
        raise UserError(
            "{source}: no point is nearest to the scalp, since there is none. {reason}",
            source=scan.source,
            reason=reason,
        )
    if options.hotspot_ras_mm is not None and head is not None and scalp is not None:
        given_hotspot(scalp, np.array(options.hotspot_ras_mm), options.hemispheres[0], head.registration)


GETTING_READY = say("getting ready")
"""The step of a plan's progress before the first slice."""

_READYING = ("canonical grid", "load model", "registration", "scalp")


class _Clock:
    """Seconds that the steps of a plan took; the steps before the first slice are counted for who waits."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside the `with`."""
        if name in _READYING:
            self._progress.report(_READYING.index(name), len(_READYING), GETTING_READY)
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def _frame_by_networks(canonical: Volume) -> HeadFrame:
    """Where MNI space lies in a scan on its canonical grid; PyTorch comes only when somebody asks."""
    from .segmentation.head_finding import frame_by_shipped_networks

    return frame_by_shipped_networks(canonical)


def _segmenter(options: PlanOptions, kept: Kept) -> "Segmenter":
    # torch takes seconds to import, and a plan can be read or drawn without it.
    from .networks.weights import choose_device
    from .segmentation.segmenter import Segmenter

    device = choose_device(options.device)
    return Segmenter(kept.model(options.weights, device), device, options.threshold, options.networks)
