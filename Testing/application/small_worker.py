"""The real worker around a small planner: brightest voxels in place of a network and a registration.

    python small_worker.py JOBFOLDER
    python small_worker.py

What it does besides is told by the environment variable SMALL_WORKER: "slow" takes an hour, "user", "crash"
and "memory" end in these ways, "kill" dies without a word, "two networks" has a window before its slices,
"sure" gives a mask without doubt, "calibrated" one that says how far it may be off, and "count" tells how many
plans this process has begun. "uniform" finds nothing, in a sentence with values.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "DLPFCSegmenter"))

import numpy as np

from DLPFCSegmenterLib import tasks, worker
from DLPFCSegmenterLib.errors import NoScalpError, NotFoundError, UserError
from DLPFCSegmenterLib.files import file_sha256
from DLPFCSegmenterLib.networks.registry import SHIPPED, head_sha256
from DLPFCSegmenterLib.plan import HemispherePlan, ModelInfo, Plan, aim
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.segmentation.region import Agreement, Region, SliceScore
from DLPFCSegmenterLib.sentences import say
from DLPFCSegmenterLib.targeting import placing
from DLPFCSegmenterLib.targeting.five_cm import given_hotspot, walk_forward
from DLPFCSegmenterLib.targeting.mni_targets import literature_targets
from DLPFCSegmenterLib.targeting.placing import Head, as_sure_as, place_marks, with_fiducials
from DLPFCSegmenterLib.targeting.point import Method, Place, Point, Role
from DLPFCSegmenterLib.targeting.target import find_target, target_nearest_scalp

SLICES = 12
PLANS: list[int] = []
"""One for each plan of this process."""
REGISTRATION = HeadFrame(np.eye(4), 1.7)
"""The head of the tests has the size and place of MNI's."""


def plan_of_brightest_voxels(volume, options, progress):
    """A plan whose region is every voxel over 200 on the asked side of x = 0 mm."""
    progress.tell_device("cpu")
    misbehave(os.environ.get("SMALL_WORKER", ""), progress)
    for done in range(SLICES + 1):
        progress.report(done, SLICES, "Axial slices")
    progress.report(0, 1, "placing target and landmarks")
    found = {name: region(volume, name) for name in options.hemispheres}
    scalp = scalp_or_none(volume)
    sides = {name: side(each, scalp, options) for name, each in found.items() if each.mask_kji.any()}
    missing = {name: f"No DLPFC was found on the {name}." for name in found if name not in sides}
    model = ModelInfo("small", file_sha256(options.weights or SHIPPED), "voxels over 200", head_sha256())
    return Plan(
        volume, model, options, sides, missing, {"all": 0.1}, (), scalp, REGISTRATION, fingerprint=volume.fingerprint
    )


def region(volume, hemisphere):
    bright = volume.array_kji > 200
    k, j, i = np.indices(bright.shape)
    x_mm = np.tensordot(volume.ijk_to_ras[0], np.stack([i, j, k, np.ones_like(i)]), 1)
    mask = bright & ((x_mm < 0) if hemisphere == "left" else (x_mm > 0))
    probability = mask.astype("float32")
    if os.environ.get("SMALL_WORKER") != "sure":
        probability *= 1 - 0.4 * np.linspace(0, 1, len(mask), dtype="float32")[:, None, None]  # less sure above
    slices = (SliceScore("axial", 5, 0.97, 10.0),)
    doubt = Agreement(1.5, 4.2, True, 0.4) if os.environ.get("SMALL_WORKER") == "calibrated" else None
    return Region(volume, hemisphere, mask, probability, 0.93, slices, agreement=doubt)


def side(found, scalp, options):
    target = find_target(found.volume, found.mask_kji, found.hemisphere)
    literature = literature_targets(REGISTRATION, found.hemisphere)
    if scalp is None:
        return HemispherePlan(found, target, literature=literature)
    if options.target == "nearest-scalp":
        target = target_nearest_scalp(found.volume, found.mask_kji, scalp, found.hemisphere)
    hotspot = estimated_hotspot(scalp, found.hemisphere)
    if options.hotspot_ras_mm is not None:
        hotspot = given_hotspot(scalp, options.hotspot_ras_mm, found.hemisphere, None)
    rule = walk_forward(scalp, hotspot.position_ras_mm, options.rule_mm)
    entry, pose, doubts = aim(Head(scalp, None), found.hemisphere, target.position_ras_mm, options)
    marks = measured(scalp, found.hemisphere, options)
    return HemispherePlan(
        found, target, (hotspot, as_sure_as(hotspot, replace(rule.landmark, hemisphere=found.hemisphere)), *marks),
        entry=entry, coil_pose_ras_mm=pose, literature=literature, warnings=doubts,
    )  # fmt: skip


def measured(scalp, hemisphere, options):
    if options.fiducials is None:
        return ()
    return place_marks(with_fiducials(Head(scalp, None), options.fiducials), hemisphere)[0]


def scalp_or_none(volume):
    try:
        return placing.find_scalp(HeadScan(volume))
    except NoScalpError:
        return None


def estimated_hotspot(scalp, hemisphere):
    x_mm = -37.0 if hemisphere == "left" else 37.0
    place = scalp.nearest([x_mm, -21.0, 58.0]).position_ras_mm
    doubt = (15.0, 20.0)
    return Point("hotspot", hemisphere, Role.HOTSPOT, place, Method.ESTIMATED, Place.SCAN, True, doubt)


def misbehave(how, progress):
    if how == "user":
        raise UserError("scan.nii: every voxel is 0; give a T1 scan.")
    if how == "uniform":
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found, since the tissue in its place is uniform; check that the"
            " scan is a T1 of a head.",
            source="scan.nii",
            hemisphere=say("left"),
            region="DLPFC",
        )
    if how == "crash":
        raise ZeroDivisionError("seventeen")
    if how == "memory":
        raise MemoryError("64 GiB")
    if how == "kill":
        progress.report(1, SLICES, "Axial slices")
        os.abort()
    if how == "two networks":
        progress.report(0, 1, "3-D window")
        progress.report(1, 1, "3-D window")
    if how == "count":
        PLANS.append(1)
        progress.report(len(PLANS), 1000, f"plan of process {os.getpid()}")
    if how == "slow":
        print("libraries may chatter")
        progress.report(1, SLICES, "Axial slices")
        time.sleep(3600)


if __name__ == "__main__":
    tasks.plan_on_device = plan_of_brightest_voxels
    worker.get_ready = lambda: iter(())
    worker._IDLE_S = float(os.environ.get("SMALL_WORKER_IDLE_S", "600"))
    sys.exit(worker.main(sys.argv[1:]))
