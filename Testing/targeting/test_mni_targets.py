import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS, doubt_of_all, literature_targets
from DLPFCSegmenterLib.words import method_of

AFFINE = np.array([[0.9, 0.1, 0, 4], [-0.1, 0.95, 0.05, -12], [0, -0.05, 0.88, 30], [0, 0, 0, 1]])

PUBLISHED_LEFT_MM = {
    "mni_five_cm": (-41, 16, 54),
    "mni_f3": (-37, 26, 49),
    "mni_ba9": (-36, 39, 43),
    "mni_ba46": (-44, 40, 29),
    "mni_anti_subgenual": (-44, 38, 34),
    "mni_efficacy_seed": (-38, 44, 26),
    "mni_weigand_cash": (-42, 44, 30),
    "mni_fitzgerald": (-46, 45, 38),
    "mni_rusjan": (-50, 30, 36),
    "mni_herbsman": (-46, 23, 49),
}


def test_the_table_holds_the_published_coordinates():
    assert {target.key: target.left_mni_mm for target in MNI_TARGETS} == PUBLISHED_LEFT_MM
    away = np.linalg.norm(np.subtract(PUBLISHED_LEFT_MM["mni_weigand_cash"], PUBLISHED_LEFT_MM["mni_five_cm"]))
    assert away == pytest.approx(36.9, abs=0.05)


@pytest.mark.parametrize(("hemisphere", "sign"), [("left", 1), ("right", -1)])
def test_each_target_is_an_estimate_that_tells_its_way_and_its_doubt(hemisphere, sign):
    landmarks = literature_targets(HeadFrame(AFFINE, 1.7), hemisphere)
    for landmark in landmarks:
        x, y, z = PUBLISHED_LEFT_MM[landmark.key]
        np.testing.assert_allclose(landmark.position_ras_mm, transform_points(AFFINE, [sign * x, y, z]))
        assert landmark.estimated and landmark.uncertainty_mm == (5.0, 15.0) and landmark.warnings == ()
        assert method_of(landmark).endswith("brought in by an affine registration.")
        assert ("mirrored" in method_of(landmark)) == (hemisphere == "right")


def test_what_holds_of_all_is_said_once_and_in_no_method():
    registration = HeadFrame(AFFINE, 1.7)
    sentence = doubt_of_all(registration)
    assert (
        "as well as on good scans (the brain's parts disagree by 1.7 mm" in sentence and "5 to 15 mm away" in sentence
    )
    assert not any("gyri" in method_of(landmark) for landmark in literature_targets(registration, "left"))


def test_a_poor_registration_is_told_with_every_target():
    assert "worse than on good scans" in doubt_of_all(HeadFrame(AFFINE, 3.0))
    for landmark in literature_targets(HeadFrame(AFFINE, 3.0), "left"):
        assert "less certain than on good scans" in landmark.warnings[0]
