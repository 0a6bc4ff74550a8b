"""Annotated pictures reach the network at its scale, side up as it sees them, or are refused for what is not said."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.order import fingerprint_of
from DLPFCSegmenterLib.training.pictures import Told, picture_slice, read_pictures
from DLPFCSegmenterLib.training.slice_data import read_training_data
from DLPFCSegmenterLib.training.via import AnnotatedPicture, write_via
from small_config import SMALL

CONFIG = replace(SMALL, context=1, planes=("axial", "coronal", "sagittal"))
"""96 x 96 pixels of 2 mm."""

SAID = Told(pixel_mm="1", left_on="left", person=r"P\d")
LEFT, RIGHT = slice(40, 60), slice(120, 140)
"""Columns of what is outlined in a picture of 180: 20 mm wide, in the left half and mirrored in the right one."""


def grey_head(*outlined, shape=(200, 180), value=250) -> np.ndarray:
    """A head whose middle column is 89.5, with bright boxes in rows 50 to 90."""
    grey = np.zeros(shape, np.uint8)
    grey[20:180, 20:160] = 100
    for columns in outlined:
        grey[50:90, columns] = value
    return grey


def annotate(folder, pictures, label="dlpfc", **attributes):
    """A VIA project of pictures, name -> grey values; what is brighter than 200 is outlined."""
    written = []
    for name, grey in pictures.items():
        Image.fromarray(grey).save(folder / name)
        written.append(AnnotatedPicture(folder / name, grey > 200, attributes))
    write_via(folder / "via.json", written, label, "test")
    return folder / "via.json"


def write_table(folder, rows) -> None:
    with (folder / "slices.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in rows for name in row}), restval="")
        writer.writeheader()
        writer.writerows(rows)


def box(shown) -> tuple[int, int, float]:
    """Height and width of the region in pixels, and how far its middle lies from the middle column."""
    rows, columns = np.nonzero(shown.region.numpy())
    return np.ptp(rows) + 1, np.ptp(columns) + 1, float(columns.mean() - 47.5)


@pytest.mark.parametrize("pixel_mm, height, width", [("1", 20, 10), ("2", 40, 20), ("0.5", 10, 5), ("1 2", 40, 10)])
def test_a_picture_is_shown_at_the_networks_scale(tmp_path, pixel_mm, height, width):
    path = annotate(tmp_path, {"P1_a.png": grey_head(LEFT)})
    (picture,) = read_pictures(path, CONFIG, replace(SAID, pixel_mm=pixel_mm))
    shown = picture_slice(picture, CONFIG)
    assert box(shown)[:2] == pytest.approx((height, width), abs=1)
    assert abs(box(shown)[2]) < 1, "the window lies about the region, as in a scan"


@pytest.mark.parametrize("left_on", ["left", "right"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_wanted_side_lies_on_the_left_however_the_picture_shows_it(tmp_path, left_on, side):
    columns = LEFT if left_on == side else RIGHT
    grey = grey_head(columns)
    inward = slice(columns.start, columns.start + 6) if columns is RIGHT else slice(columns.stop - 6, columns.stop)
    grey[95:105, inward] = 180  # beside the region, towards the head's middle
    (picture,) = read_pictures(annotate(tmp_path, {"P1.png": grey}), CONFIG, replace(SAID, left_on=left_on))
    shown = picture_slice(picture, CONFIG)
    mark = (shown.image[0] > shown.image[0].median() + 0.3).numpy() & ~shown.region.numpy()
    assert np.nonzero(mark)[1].mean() > 48, "the middle of the head lies to the right of the region"


def test_a_person_with_both_sides_is_shown_twice_and_each_time_the_region_of_one(tmp_path):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT, RIGHT), "P2.png": grey_head(LEFT)})
    pictures = read_pictures(path, CONFIG, SAID)
    assert [(p.subject, p.flipped) for p in pictures] == [("P1", False), ("P1", True), ("P2", False)]
    shown = [picture_slice(p, CONFIG) for p in pictures]
    assert all(box(each)[1] == pytest.approx(10, abs=1) for each in shown)
    assert np.array_equal(shown[0].region, shown[1].region), "the head is symmetric"


def test_a_slice_without_an_outline_shows_no_region_of_the_sides_that_are_known(tmp_path):
    path = annotate(tmp_path, {"P1_a.png": grey_head(LEFT), "P1_b.png": grey_head(LEFT, value=190)})
    pictures = read_pictures(path, CONFIG, SAID)
    assert [bool(p.region.any()) for p in pictures] == [True, False]
    assert pictures[0].middle == pictures[1].middle


def test_a_shape_in_the_middle_of_the_head_needs_its_side_told(tmp_path):
    path = annotate(tmp_path, {"P1.png": grey_head(slice(80, 101))})
    with pytest.raises(UserError, match=r"entry 'P1\.png', region 0 lies in the middle of the head; .*--hemisphere"):
        read_pictures(path, CONFIG, SAID)
    (picture,) = read_pictures(path, CONFIG, replace(SAID, hemisphere="right"))
    assert picture.flipped and picture.region.sum() == 40 * 21


@pytest.mark.parametrize("left_on, plane", [("left", "axial"), ("right", "coronal")])
def test_a_side_that_the_picture_shows_to_be_the_other_is_refused(tmp_path, left_on, plane):
    """It was learnt from mirrored, or as of the wrong hemisphere."""
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT)})
    said = replace(SAID, left_on=left_on, plane=plane)
    sides = ("left", "right") if left_on == "left" else ("right", "left")
    assert len(read_pictures(path, CONFIG, replace(said, hemisphere=sides[0]))) == 1
    with pytest.raises(UserError, match=rf"region 0 lies 40 mm on the {sides[0]} of the head, and is said to be of"):
        read_pictures(path, CONFIG, replace(said, hemisphere=sides[1]))


def test_a_window_that_shows_no_whole_head_has_the_side_that_is_said(tmp_path):
    path = annotate(tmp_path, {"P1.png": grey_head(RIGHT)[:, 60:]})
    (picture,) = read_pictures(path, CONFIG, replace(SAID, hemisphere="left"))
    assert not picture.flipped


def test_a_slice_of_the_crown_may_be_small_beside_others(tmp_path):
    crown = grey_head(LEFT)
    crown[:, :40] = crown[:, 70:] = 0
    path = annotate(tmp_path, {"P1_a.png": crown, "P1_b.png": grey_head(LEFT)})
    assert len(read_pictures(path, CONFIG, SAID)) == 2
    path.unlink()
    with pytest.raises(UserError, match=r"P1_a\.png: shows a head 30 mm wide"):
        read_pictures(annotate(tmp_path, {"P1_a.png": crown}), CONFIG, SAID)


@pytest.mark.parametrize("pixel_mm, width", [("0.1", 14), ("0.4", 56), ("2.5", 350), ("5", 700)])
def test_pixels_of_a_size_that_no_head_has_are_refused(tmp_path, pixel_mm, width):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT)})
    with pytest.raises(UserError, match=rf"P1\.png: shows a head {width} mm wide, if its pixels are {pixel_mm} mm"):
        read_pictures(path, CONFIG, replace(SAID, pixel_mm=pixel_mm))


@pytest.mark.parametrize(
    "unsaid, reason",
    [
        ({"pixel_mm": ""}, "P1.png: the size of its pixels is not known; say it with --pixel-mm"),
        ({"pixel_mm": "0"}, "'0' is no size of a pixel in mm"),
        ({"pixel_mm": "0.0009"}, "'0.0009' is no size"),
        ({"pixel_mm": "wide"}, "'wide' is no size"),
        ({"pixel_mm": "1 1 1"}, "'1 1 1' is no size"),
        ({"left_on": ""}, "the person's left lies is not known; say it with --left-on"),
        ({"left_on": "up"}, "'up' is neither left nor right"),
        ({"person": ""}, "whom it shows is not known"),
        ({"person": "Q"}, "whom it shows is not known"),
        ({"person": "(P"}, "is no regular expression"),
        ({"plane": "oblique"}, "shows oblique slices, and this network is shown axial"),
        ({"plane": "sagittal"}, "the front of the head lies is not known; say it with --front-on"),
        ({"plane": "sagittal", "front_on": "left"}, "which hemisphere it shows is not known"),
    ],
)
def test_what_is_not_said_is_asked_for_and_never_guessed(tmp_path, unsaid, reason):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT)})
    with pytest.raises(UserError) as told:
        read_pictures(path, CONFIG, replace(SAID, **unsaid))
    assert reason in str(told.value)


def test_the_table_goes_before_the_attributes_and_these_before_what_is_told_of_all(tmp_path):
    about = {"subject": "A", "pixel_mm": "2", "left_on": "right"}
    path = annotate(tmp_path, {"P1.png": grey_head(RIGHT), "P2.png": grey_head(RIGHT)}, **about)
    write_table(tmp_path, [{"file": "P1.png", "scan": "x/sub-7_ses-1_T1w.nii.gz", "subject": "B", "pixel_mm": "0.5"}])
    first, second = read_pictures(path, CONFIG, SAID)
    assert (first.subject, first.pixel_mm) == ("B", (0.5, 0.5)) and (second.subject, second.pixel_mm) == ("A", (2, 2))
    assert first.flipped and second.flipped


def test_the_person_is_that_of_the_scan_where_the_table_names_no_other(tmp_path):
    path = annotate(tmp_path, {"1.png": grey_head(LEFT)})
    (tmp_path / "mine.tsv").write_text("file\tscan\tpixel_mm\tleft_on\n1.png\tsub-7_ses-1_T1w.nii.gz\t1\tleft\n")
    (picture,) = read_pictures(path, CONFIG, Told(table=tmp_path / "mine.tsv"))
    assert picture.subject == "sub-7"


@pytest.mark.parametrize("text", ["", "name,pixel_mm\nP1.png,1\n"])
def test_a_table_that_names_no_files_is_refused_by_name(tmp_path, text):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT)})
    (tmp_path / "slices.csv").write_text(text)
    with pytest.raises(UserError, match=r"slices\.csv: has no column 'file'"):
        read_pictures(path, CONFIG, SAID)


def with_ventricle(folder, label="ventricle"):
    """Two people, each with a region of one class on the left and another class beside it."""
    path = annotate(folder, {f"P{n}.png": grey_head(LEFT) for n in (1, 2)})
    shape = {"name": "rect", "x": 70, "y": 100, "width": 10, "height": 10}
    text = path.read_text().replace(
        '"regions": [', f'"regions": [{{"shape_attributes": {str(shape)}, "region_attributes": {label}}}, '
    )
    path.write_text(text.replace("'", '"'))
    return path


def test_of_several_classes_the_one_to_learn_is_asked_for(tmp_path):
    path = with_ventricle(tmp_path, {"region": "ventricle"})
    with pytest.raises(UserError, match=r"classes dlpfc, ventricle; name the one to learn with --class"):
        read_pictures(path, CONFIG, SAID)
    with pytest.raises(UserError, match=r"no shape is of the class 'insula'; it has dlpfc, ventricle"):
        read_pictures(path, CONFIG, replace(SAID, label="insula"))
    areas = [p.region.sum() for p in read_pictures(path, CONFIG, replace(SAID, label="DLPFC"))]
    assert areas == [40 * 20] * 2
    areas = [p.region.sum() for p in read_pictures(path, CONFIG, replace(SAID, label="ventricle"))]
    assert areas == [100] * 2


def test_a_shape_without_a_class_is_not_taken_for_one_of_several(tmp_path):
    path = with_ventricle(tmp_path, {"region": "ventricle"})
    path.write_text(path.read_text().replace('{"region": "ventricle"}', "{}", 1))
    with pytest.raises(UserError, match=r"entry 'P1\.png', region 0 has no class"):
        read_pictures(path, CONFIG, replace(SAID, label="dlpfc"))


@pytest.mark.parametrize("attributes", [{}, {"region": ""}, {"region": {"dlpfc": False}}])
def test_a_shape_without_a_class_is_not_taken_for_the_only_one(tmp_path, attributes):
    """A box that was not ticked says that it is something else."""
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT), "P2.png": grey_head(LEFT)})
    path.write_text(path.read_text().replace('{"region": "dlpfc"}', json.dumps(attributes), 1))
    with pytest.raises(UserError, match=r"entry 'P1\.png', region 0 has no class, where others have one"):
        read_pictures(path, CONFIG, SAID)


def test_classes_that_are_numbers_are_several(tmp_path):
    path = with_ventricle(tmp_path, {"region": "ventricle"})
    path.write_text(path.read_text().replace('"ventricle"', "2").replace('"region": "dlpfc"', '"region": 1'))
    with pytest.raises(UserError, match=r"has shapes of the classes 1, 2; name the one to learn"):
        read_pictures(path, CONFIG, SAID)


def test_neighbours_are_the_nearest_slices_of_the_same_person_and_plane(tmp_path):
    levels = {f"P1_{mm}.png": grey_head(LEFT, value=210 + mm) for mm in (0, 3, 6, 30)}
    path = annotate(tmp_path, levels | {"P2_0.png": grey_head(LEFT, value=255)})
    rows = [{"file": name, "position_mm": name[3:].removesuffix(".png")} for name in levels]
    write_table(tmp_path, rows)
    config = replace(CONFIG, context=5, slice_mm=2.2)
    pictures = {
        p.grey[2].max() - 210: (p.grey.max(axis=(1, 2)) - 210).tolist() for p in read_pictures(path, config, SAID)
    }
    assert pictures[3] == [0, 0, 3, 6, 6]
    assert pictures[30] == [30] * 5 and pictures[45] == [45] * 5


def stacked(folder, **columns):
    """Two slices of one person at one place, with more columns of the table, two values each."""
    names = ("P1_a.png", "P1_b.png")
    path = annotate(folder, {names[0]: grey_head(LEFT), names[1]: grey_head(LEFT, value=220)})
    told = [{name: values[i] for name, values in columns.items()} for i in range(2)]
    write_table(folder, [{"file": name, "position_mm": "3", **more} for name, more in zip(names, told, strict=True)])
    return path


@pytest.mark.parametrize(
    "columns",
    [{"scan": ("P1_ses-1_T1w.nii.gz", "P1_ses-2_T1w.nii.gz")}, {"pixel_mm": ("1", "0.9")}],
    ids=["sessions", "scales"],
)
def test_slices_of_two_scans_of_a_person_are_no_neighbours(tmp_path, columns):
    """They were shown as one head's, and the window lay between their regions."""
    pictures = read_pictures(stacked(tmp_path, **columns), replace(CONFIG, context=3), SAID)
    assert [len(np.unique(picture.grey.max(axis=(1, 2)))) for picture in pictures] == [1, 1]
    assert {picture.subject for picture in pictures} == {"P1"}


@pytest.mark.parametrize("places", [("3", "3"), ("3", "3.003")])
def test_two_slices_at_one_place_are_refused(tmp_path, places):
    with pytest.raises(UserError, match=r"P1_a\.png and P1_b\.png: lie at one place of one person's slices"):
        read_pictures(stacked(tmp_path, position_mm=places), CONFIG, SAID)


def test_a_table_that_says_two_things_of_a_picture_is_refused(tmp_path):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT)})
    write_table(tmp_path, [{"file": "P1.png", "left_on": side} for side in ("left", "left")])
    assert len(read_pictures(path, CONFIG, replace(SAID, left_on=""))) == 1
    write_table(tmp_path, [{"file": "P1.png", "left_on": side} for side in ("left", "right")])
    with pytest.raises(UserError, match=r"slices\.csv: says different things of P1\.png"):
        read_pictures(path, CONFIG, SAID)


def test_a_right_hemispheres_sagittal_slices_follow_each_other_as_in_a_mirrored_head(tmp_path):
    levels = {f"P1_{mm}.png": grey_head(LEFT, value=210 + mm) for mm in (0, 2, 4)}
    path = annotate(tmp_path, levels)
    write_table(tmp_path, [{"file": name, "position_mm": name[3:].removesuffix(".png")} for name in levels])
    config = replace(CONFIG, context=3, slice_mm=2.0)
    for hemisphere, expected in (("left", [0, 2, 4]), ("right", [4, 2, 0])):
        told = replace(SAID, plane="sagittal", front_on="left", hemisphere=hemisphere)
        middle = read_pictures(path, config, told)[1]
        assert (middle.grey.max(axis=(1, 2)) - 210).tolist() == expected and not middle.flipped


@pytest.mark.parametrize("label, name", [("insula", "insula"), ("dlpfc", None)])
def test_weights_learn_the_name_of_the_one_class_that_was_outlined(tmp_path, label, name):
    path = annotate(tmp_path, {f"P{n}.png": grey_head(LEFT) for n in (1, 2)}, label=label)
    data = read_training_data(path, CONFIG, told=SAID)
    assert (data.region and data.region.name) == name
    assert data.label_definition.startswith("insula, as outlined" if name else "as outlined")


def test_annotations_are_known_again_until_a_picture_an_outline_or_what_is_told_of_them_changes(tmp_path):
    path = annotate(tmp_path, {"P1.png": grey_head(LEFT), "P2.png": grey_head(LEFT)})
    first = fingerprint_of(path, SAID)
    assert fingerprint_of(path, SAID) == first != fingerprint_of(path, replace(SAID, pixel_mm="0.5"))
    for name, changed in (("P1.png", b"another picture"), ("via.json", path.read_bytes().replace(b"50", b"51"))):
        before = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(changed)
        assert fingerprint_of(path, SAID) != first
        (tmp_path / name).write_bytes(before)
    assert fingerprint_of(path, SAID) == first
    write_table(tmp_path, [{"file": "P1.png", "subject": "other"}])
    assert fingerprint_of(path, SAID) != first
