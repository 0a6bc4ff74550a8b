"""What a person reads of a plan that other weights made names the region that these find, and the DLPFC nowhere."""

import gzip
import json
import re
from dataclasses import replace

import pytest
from matplotlib.text import Text

from DLPFCSegmenterLib import plan as plan_module
from DLPFCSegmenterLib.batch import named_batch, row_in, write_table
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.doubts import doubt, of_region
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.bids_derivatives import BidsPlace, publish
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.result_folder import read_plan
from DLPFCSegmenterLib.export.result_json import result_fields
from DLPFCSegmenterLib.plan_record import record_of
from DLPFCSegmenterLib.report import overview
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.terminology import DLPFC, segment_terminology, type_of
from hand_made_plans import make_plan, with_everything
from synthetic_head import bright_ball_model, plain_grid, synthetic_head

pytestmark = pytest.mark.slow  # networks are asked

OWN_NAMES = r"^dlpfc: |DLPFC ?Segmenter\w*|99DLPFCSEG|`dlpfc \w+`|'dlpfc \w+'|data:image/png;base64,[^\"]*"
"""The program's own name, its commands and its codes, and pictures, in which letters come by chance."""


def named(plan, region):
    """The plan as weights of a region would have made it."""
    sides = {
        side: replace(each, region=replace(each.region, name=region, warnings=(doubt("by_hand", side, region=region),)))
        for side, each in plan.sides.items()
    }
    return replace(plan, sides=sides, model=replace(plan.model, region=region))


def mentions(text):
    """Where a text says DLPFC beside the program's own names."""
    return [text[max(hit.start() - 60, 0) : hit.end() + 20] for hit in re.finditer("dlpfc", _bare(text), re.IGNORECASE)]


def _bare(text):
    return re.sub(OWN_NAMES, "", text, flags=re.MULTILINE)


def mentions_in(folder):
    found = {}
    for path in filter(lambda each: each.is_file(), folder.rglob("*")):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        found[path.name] = mentions(path.name) + mentions(content.decode("latin-1"))
    assert found
    return {name: hits for name, hits in found.items() if hits}


@pytest.fixture(scope="module")
def insula(tmp_path_factory):
    """A whole plan of the insula, and its folder."""
    plan = named(with_everything(make_plan(hemispheres=("left", "right"))), "insula")
    folder = tmp_path_factory.mktemp("of_insula") / "out"
    write_plan(plan, folder, report=True)
    return plan, folder


def test_no_file_of_the_plan_and_no_file_name_says_another(insula):
    _, folder = insula
    assert mentions_in(folder) == {}
    assert {"insula_left.nii.gz", "insula_right.seg.nrrd"} <= {path.name for path in folder.iterdir()}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "insula target plan</h1>" in page and "Left insula: target and landmarks" in page
    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["model"]["region"] == "insula"


def test_the_picture_names_the_region(insula):
    plan, _ = insula
    words = [text.get_text() for text in overview._overview(plan).findobj(Text)]
    assert not [word for word in words if mentions(word)]
    assert any("LEFT insula" in word for word in words) and "insula outline" in words and "insula" in words


def test_no_export_says_another_name(insula, tmp_path, capsys):
    _, folder = insula
    assert main(["export", str(folder), "--format", "all", "--output", str(tmp_path / "files")]) == 0
    assert mentions(capsys.readouterr().out) == []
    assert mentions_in(tmp_path / "files") == {}
    labels = json.loads((tmp_path / "files" / "insula.json").read_text(encoding="utf-8"))["targets"]
    assert labels[0]["label"] == "insula target (left)"


def test_the_folder_is_read_back_as_what_it_is(insula):
    plan, folder = insula
    read = read_plan(folder)
    assert read.model.region == "insula" and all(side.region.name == "insula" for side in read.sides.values())
    assert all(
        side.region.mask_kji.sum() == plan.sides[name].region.mask_kji.sum() for name, side in read.sides.items()
    )


def test_derivatives_are_labelled_by_the_region_and_another_regions_go(insula, tmp_path):
    _, folder = insula
    place = BidsPlace("sub-01/anat/sub-01_T1w.nii.gz", tmp_path)
    other = tmp_path / "plan"
    write_plan(with_everything(make_plan(hemispheres=("left", "right"))), other)
    publish(other, place)
    assert (place.folder / "anat" / "sub-01_space-T1w_hemi-L_label-DLPFC_mask.nii.gz").exists()
    publish(folder, place)
    assert mentions_in(place.folder) == {}
    assert (place.folder / "anat" / "sub-01_space-T1w_hemi-R_label-insula_mask.nii.gz").exists()


def test_a_plan_of_another_region_takes_the_earlier_ones_masks_away_and_no_file_of_a_persons(insula, tmp_path):
    plan, _ = insula
    dlpfc = with_everything(make_plan(hemispheres=("left", "right")))
    write_plan(dlpfc, tmp_path)
    (tmp_path / "amygdala_left.nii.gz").write_bytes(b"mine")
    with pytest.raises(UserError, match=r"holds results already \(dlpfc_left\.nii\.gz"):
        write_plan(plan, tmp_path)
    write_plan(plan, tmp_path, overwrite=True)
    assert (tmp_path / "amygdala_left.nii.gz").read_bytes() == b"mine"
    assert not list(tmp_path.glob("dlpfc*")) and (tmp_path / "insula_left.nii.gz").exists()
    write_plan(dlpfc, tmp_path, overwrite=True)
    assert not list(tmp_path.glob("insula*")) and (tmp_path / "dlpfc_right.seg.nrrd").exists()


def test_a_mask_of_this_name_that_is_no_result_of_ours_stays(insula, tmp_path):
    (tmp_path / "insula_left.nii.gz").write_bytes(b"mine")
    with pytest.raises(UserError, match=r"holds results already \(insula_left\.nii\.gz\)"):
        write_plan(insula[0], tmp_path)
    assert (tmp_path / "insula_left.nii.gz").read_bytes() == b"mine"


def test_what_the_dlpfc_leaves_in_files_is_as_it_was():
    plan = with_everything(make_plan())
    assert "region" not in result_fields(plan, None)["model"] and "region" not in record_of(plan)["model"]
    assert "name" not in record_of(plan)["sides"]["left"]["region"] and of_region(DLPFC) == {}
    assert doubt("network_unsure", "left").numbers == {} and "where the DLPFC lies" in doubt("network_unsure", "left")


def insula_segmenter(options=None, kept=None):
    model = bright_ball_model()
    return Segmenter(replace(model, card={**model.card, "region": {"name": "insula"}}))


def test_the_terminal_names_the_region_also_where_it_is_not_found(tmp_path, capsys, monkeypatch):
    nibabel = pytest.importorskip("nibabel")
    monkeypatch.setattr(plan_module, "_segmenter", insula_segmenter)
    volume, scan = synthetic_head(*plain_grid()), tmp_path / "T1.nii.gz"
    nibabel.save(nibabel.Nifti1Image(volume.array_kji.transpose(2, 1, 0), volume.ijk_to_ras), scan)
    code = main(["segment", str(scan), "--hemisphere", "both", "--output", str(tmp_path / "out")])
    told = capsys.readouterr()
    assert code == 3 and "Left insula: " in told.out and "the right insula lies on the other side" in told.err
    assert mentions(told.out + told.err) == [] and mentions_in(tmp_path / "out") == {}


def test_the_table_of_a_batch_says_which_region_was_not_found(tmp_path):
    plan = make_plan()
    for region, scan in zip(("insula", DLPFC), named_batch([("one", "1"), ("two", "2")], tmp_path), strict=True):
        lost = replace(named(plan, region), sides={}, not_found={"left": f"no left {region} was found"})
        write_plan(lost, scan.folder)
        write_table([row_in(scan, "done")], tmp_path)
        line = (tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()[1]
        assert f",no {region} found,left," in line


@pytest.mark.parametrize(
    "region, code",
    [
        (DLPFC, "UBERON^0009834^Dorsolateral prefrontal cortex"),
        ("Insula", "SCT^36169008^Insula"),
        ("inferior parietal", "99DLPFCSEG^inferiorParietal^inferior parietal"),
        ("dorsomedial prefrontal", "99DLPFCSEG^dorsomedialPrefr^dorsomedial prefrontal"),
        ("a~b^c|d", "99DLPFCSEG^aBCD^a b c d"),
        ("前頭", "99DLPFCSEG^region^前頭"),
    ],
)
def test_a_region_is_coded_where_a_code_is_known_and_else_by_a_private_one_that_says_it(region, code):
    assert str(type_of(region)) == code and len(type_of(region).value) <= 16
    assert segment_terminology("left", region).split("~")[2] == code
