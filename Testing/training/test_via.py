"""VIA files of every form are read, broken ones refused by name, and ours read back the same."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.via import AnnotatedPicture, fill_shape, outline_polygons, read_via, write_via

SQUARE = (40, 60)


def polygon(points) -> dict:
    xs, ys = np.transpose(points).tolist()
    return {"name": "polygon", "all_points_x": xs, "all_points_y": ys}


def centroid(mask):
    y, x = np.argwhere(mask).mean(axis=0) + 0.5
    return x, y


def refilled(mask):
    result = np.zeros(mask.shape, bool)
    for points in outline_polygons(mask):
        result |= fill_shape(polygon(points), mask.shape)
    return result


def test_a_rect_covers_exactly_its_pixels():
    mask = fill_shape({"name": "rect", "x": 10, "y": 5, "width": 7, "height": 4}, SQUARE)
    assert mask.sum() == 28
    assert centroid(mask) == (13.5, 7.0)
    assert mask[5, 10] and not mask[4, 10] and not mask[9, 10] and not mask[5, 17]


def test_a_polygon_with_the_corners_of_a_rect_is_that_rect():
    mask = fill_shape(polygon([(10, 5), (17, 5), (17, 9), (10, 9)]), SQUARE)
    assert np.array_equal(mask, fill_shape({"name": "rect", "x": 10, "y": 5, "width": 7, "height": 4}, SQUARE))


def test_a_polyline_is_filled_as_the_closed_polygon():
    shape = polygon([(10, 5), (17, 5), (17, 9), (10, 9)])
    assert np.array_equal(fill_shape(shape | {"name": "polyline"}, SQUARE), fill_shape(shape, SQUARE))


def test_a_circle_has_its_area_and_its_centre():
    mask = fill_shape({"name": "circle", "cx": 30, "cy": 20, "r": 12}, SQUARE)
    assert mask.sum() == pytest.approx(np.pi * 144, rel=0.02)
    assert centroid(mask) == pytest.approx((30, 20), abs=1e-9)


def test_an_ellipse_turns_clockwise_on_the_screen():
    shape = {"name": "ellipse", "cx": 30, "cy": 20, "rx": 14, "ry": 3, "theta": np.pi / 6}
    mask = fill_shape(shape, SQUARE)
    assert mask.sum() == pytest.approx(np.pi * 42, rel=0.03)
    y, x = np.argwhere(mask).T
    assert np.corrcoef(x, y)[0, 1] > 0.5
    assert mask[25, 39] and not mask[14, 39]
    del shape["theta"]
    assert fill_shape(shape, SQUARE)[19, 17:43].all()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=3, max_size=8))
@settings(max_examples=60, deadline=None)
def test_mirrored_polygons_give_mirrored_masks(points):
    mirrored = [(60 - x, y) for x, y in points]
    mask = fill_shape(polygon(points), SQUARE)
    assert np.array_equal(fill_shape(polygon(mirrored), SQUARE), mask[:, ::-1])


def test_parts_outside_the_picture_are_cut_off():
    mask = fill_shape(polygon([(-10, -10), (5, -10), (5, 5), (-10, 5)]), SQUARE)
    assert mask.sum() == 25 and mask[:5, :5].all()


@given(arrays(bool, (9, 11)))
@settings(max_examples=200, deadline=None)
def test_outlines_give_any_mask_back(mask):
    assert np.array_equal(refilled(mask), mask)


def test_holes_and_components_survive_the_outline():
    mask = np.zeros(SQUARE, bool)
    mask[5:30, 5:30] = True
    mask[8:12, 8:12] = mask[18:25, 10:20] = False
    mask[20:22, 14:16] = True
    mask[10:15, 40:45] = True
    assert len(outline_polygons(mask)) == 3
    assert np.array_equal(refilled(mask), mask)


def test_straight_edges_carry_no_extra_vertices():
    mask = np.zeros(SQUARE, bool)
    mask[5:30, 5:30] = True
    assert len(outline_polygons(mask)[0]) == 8


@pytest.mark.parametrize(
    "shape, reason",
    [
        ({"name": "point", "cx": 1, "cy": 2}, "'point' has no area"),
        ({"name": "blob"}, "unknown"),
        ({}, "unknown"),
        ({"name": "rect", "x": 1, "y": 2, "width": 3}, "no 'height'"),
        ({"name": "rect", "x": 1, "y": 2, "width": 0, "height": 3}, "'width' = 0"),
        ({"name": "circle", "cx": 1, "cy": "two", "r": 3}, "'cy' that is not a number"),
        ({"name": "circle", "cx": 1, "cy": float("nan"), "r": 3}, "'cy' that is not a number"),
        ({"name": "circle", "cx": 1, "cy": [2, 3], "r": 3}, "several values for 'cy'"),
        ({"name": "ellipse", "cx": 1, "cy": 1, "rx": 3, "ry": -1}, "'ry' = -1"),
        ({"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1, 2]}, "3 points"),
        ({"name": "polygon", "all_points_x": [1, 2, 3], "all_points_y": [1, 2]}, "3 x and 2 y"),
    ],
)
def test_a_broken_shape_is_refused_with_the_reason(shape, reason):
    with pytest.raises(ValueError, match=reason):
        fill_shape(shape, SQUARE)


RECT = {"name": "rect", "x": 4, "y": 6, "width": 5, "height": 3}
DISC = {"name": "circle", "cx": 20, "cy": 10, "r": 4}
SHAPE = (24, 32)


def region(shape, attributes=None) -> dict:
    return {"shape_attributes": shape, "region_attributes": attributes or {}}


def picture(folder, name="a.png"):
    path = folder / name
    Image.fromarray(np.arange(24 * 32, dtype=np.uint8).reshape(SHAPE)).save(path)
    return path


def via_file(folder, regions, wrap=False, filename="a.png"):
    """An annotation file with one entry, in the words of VIA."""
    entry = {"filename": filename, "size": 99, "file_attributes": {"subject": "P1"}, "regions": regions}
    entries = {f"{filename}99": entry}
    content = {"_via_settings": {}, "_via_img_metadata": entries} if wrap else entries
    path = folder / "via.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("regions", [{"0": region(RECT), "1": region(DISC)}, [region(RECT), region(DISC)]])
def test_dict_and_list_regions_and_projects_read_the_same(tmp_path, wrap, regions):
    picture(tmp_path)
    (image,) = read_via(via_file(tmp_path, regions, wrap))
    assert image.path == tmp_path / "a.png"
    assert image.attributes == {"subject": "P1"}
    mask = image.mask(SHAPE)
    assert mask[6:9, 4:9].all() and mask[10, 20]
    assert 15 + 40 < mask.sum() < 15 + 60


def test_pictures_may_lie_in_another_folder(tmp_path):
    (tmp_path / "pictures").mkdir()
    picture(tmp_path / "pictures")
    (image,) = read_via(via_file(tmp_path, [region(RECT)]), tmp_path / "pictures")
    assert image.picture().shape == SHAPE and image.picture()[0, 5] == 5


REGION = region(RECT, {"region": "dlpfc"}), region(DISC, {"region": "dlpfc"})


def table_of_via(entries, header="filename,") -> str:
    """Annotations as VIA exports them to CSV: JSON in quotes that are doubled, a row a region."""

    def quoted(value) -> str:
        return '"' + json.dumps(value, separators=(",", ":")).replace('"', '""') + '"'

    lines = [f"{header}file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes"]
    for name, regions in entries.items():
        about = f"{name},99,{quoted({'subject': 'P1'})},{len(regions)}"
        rows = enumerate(regions or [region({}, {})])
        lines += [f"{about},{n},{quoted(r['shape_attributes'])},{quoted(r['region_attributes'])}" for n, r in rows]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("header", ["filename,", "#filename,"])
def test_an_export_as_csv_reads_as_the_json_does(tmp_path, header):
    for name in ("a.png", "b.png"):
        picture(tmp_path, name)
    (tmp_path / "via.csv").write_text(table_of_via({"a.png": REGION, "b.png": []}, header), encoding="utf-8")
    first, empty = read_via(tmp_path / "via.csv", keep_empty=True)
    (expected,) = read_via(via_file(tmp_path, list(REGION)))
    assert (first.attributes, first.regions) == (expected.attributes, expected.regions)
    assert empty.path.name == "b.png" and not empty.regions
    assert [image.path.name for image in read_via(tmp_path / "via.csv")] == ["a.png"]


def test_a_table_that_is_not_vias_and_a_coco_export_are_refused_by_name(tmp_path):
    (tmp_path / "via.csv").write_text("name,x\na.png,3\n")
    with pytest.raises(UserError, match=r"via\.csv: cannot be read as a VIA"):
        read_via(tmp_path / "via.csv")
    (tmp_path / "coco.json").write_text('{"info": {}, "images": [], "annotations": [], "categories": []}')
    with pytest.raises(UserError, match=r"coco\.json: is a COCO file"):
        read_via(tmp_path / "coco.json")


@pytest.mark.parametrize(
    "name, content",
    [
        ("project.json", '{"project": {}, "config": {}, "attribute": {}, "file": {}, "metadata": {}, "view": {}}'),
        ("export.csv", '# Exported\n# CSV_HEADER = metadata_id,file_list,flags\n"1_a","[""a.png""]",0\n'),
    ],
)
def test_what_via_3_writes_is_refused_by_its_version(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match=rf"{name}: is of VIA 3; outline in VIA 2"):
        read_via(tmp_path / name)


def project_with_core(tmp_path, core) -> None:
    path = via_file(tmp_path, list(REGION), wrap=True)
    project = json.loads(path.read_text())
    project["_via_settings"] = {"core": core}
    path.write_text(json.dumps(project))


@pytest.mark.parametrize(
    "core",
    [
        {"default_filepath": "./pictures/"},
        {"default_filepath": "pictures\\", "filepath": {}},
        {"default_filepath": "", "filepath": {"gone/": 1, "pictures/": 2}},
    ],
)
def test_pictures_are_found_where_the_project_says(tmp_path, core):
    (tmp_path / "pictures").mkdir()
    there = picture(tmp_path / "pictures")
    project_with_core(tmp_path, core)
    (image,) = read_via(tmp_path / "via.json")
    assert image.path == there and image.name == "a.png"


def test_the_projects_folder_goes_before_the_files_own_as_in_via(tmp_path):
    (tmp_path / "pictures").mkdir()
    there = picture(tmp_path / "pictures")
    picture(tmp_path)
    project_with_core(tmp_path, {"default_filepath": "pictures/"})
    assert read_via(tmp_path / "via.json")[0].path == there


def test_several_shapes_of_one_class_are_one_mask_and_can_be_had_alone(tmp_path):
    picture(tmp_path)
    (image,) = read_via(via_file(tmp_path, [*REGION, region(RECT | {"x": 20}, {"region": "ventricle"})]))
    rect, disc = image.masks(SHAPE, "dlpfc")
    assert not (rect & disc).any() and np.array_equal(rect | disc, image.mask(SHAPE, "DLPFC"))
    assert len(image.masks(SHAPE)) == 3


@pytest.mark.parametrize(
    "attributes, is_dlpfc",
    [
        ({"region": "dlpfc"}, True),
        ({"name": " DLPFC "}, True),
        ({"any": {"dlpfc": True, "other": False}}, True),
        ({"any": {"dlpfc": False, "other": True}}, False),
        ({"any": {"dlpfc": "false", "other": "true"}}, False),
        ({"any": ["dlpfc"]}, True),
        ({"any": "insula"}, False),
        ({"any": 7}, False),
        ({"any": ""}, True),
        ({}, True),
    ],
)
def test_the_class_is_read_from_any_attribute(tmp_path, attributes, is_dlpfc):
    picture(tmp_path)
    (image,) = read_via(via_file(tmp_path, [region(RECT, attributes)]))
    assert image.mask(SHAPE, "dlpfc").any() == is_dlpfc
    assert image.mask(SHAPE).any()


@pytest.mark.parametrize("regions", [[], {}, None])
def test_entries_without_regions_are_skipped_unless_asked_for(tmp_path, regions):
    picture(tmp_path)
    path = via_file(tmp_path, regions)
    assert read_via(path) == []
    (image,) = read_via(path, keep_empty=True)
    assert not image.mask(SHAPE).any()


@pytest.mark.parametrize(
    "shape, reason",
    [
        ({"name": "point", "cx": 3, "cy": 3}, "'point' has no area"),
        ({"name": "rect", "x": 1, "y": 1}, "rect has no 'width'"),
        ({"name": "rect", "x": 90, "y": 1, "width": 4, "height": 4}, "rect covers no pixel"),
    ],
)
def test_a_region_that_cannot_be_drawn_is_refused_with_file_entry_and_number(tmp_path, shape, reason):
    picture(tmp_path)
    (image,) = read_via(via_file(tmp_path, [region(RECT), region(shape)]))
    with pytest.raises(UserError, match=rf"via\.json: entry 'a\.png', region 1: .*{reason}"):
        image.mask(SHAPE)


@pytest.mark.parametrize(
    "content, reason",
    [
        ("not json", "cannot be read as a VIA"),
        ("[]", "holds no VIA image entries"),
        ("{}", "holds no VIA image entries"),
        ('{"x": 3}', "entry 'x' has no 'filename'"),
        ('{"x": {"filename": "gone.png", "regions": []}}', "picture of entry 'x' is missing"),
        ('{"x": {"filename": "a.png", "regions": [{}]}}', "region 0 has no 'shape_attributes'"),
    ],
)
def test_a_file_that_is_not_from_via_is_refused_by_name(tmp_path, content, reason):
    picture(tmp_path)
    path = tmp_path / "via.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=rf"via\.json: .*{reason}"):
        read_via(path, keep_empty=True)


def test_a_missing_annotation_file_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match=r"none\.json: cannot be read"):
        read_via(tmp_path / "none.json")


def test_a_picture_that_is_none_is_refused_by_name(tmp_path):
    (tmp_path / "a.png").write_text("text")
    (image,) = read_via(via_file(tmp_path, [region(RECT)]))
    with pytest.raises(UserError, match=r"a\.png: cannot be read as a picture"):
        image.picture()


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_picture_is_turned_as_a_browser_shows_it_to_whoever_outlines(tmp_path, ending):
    """What a camera or scanner noted of the way up; read as stored, outlines lay elsewhere."""
    stored = np.zeros(SHAPE, np.uint8)
    stored[:8, :8] = 200
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by 90 degrees, clockwise
    Image.fromarray(stored).save(tmp_path / f"a.{ending}", exif=turned)
    (image,) = read_via(via_file(tmp_path, [region(RECT)], filename=f"a.{ending}"))
    assert np.allclose(image.picture(), np.rot90(stored, -1), atol=8)


@pytest.mark.parametrize("highest, seen", [(65535, 255), (4095, 255), (200, 200)])
def test_deep_greys_are_shown_and_not_cut_off(tmp_path, highest, seen):
    """Pillow makes all above 255 white."""
    deep = np.linspace(0, highest, 24 * 32).reshape(SHAPE).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png")
    (image,) = read_via(via_file(tmp_path, [region(RECT)]))
    assert image.picture().max() == seen and np.allclose(image.picture(), deep * (seen / highest), atol=1)


def test_what_is_ticked_of_a_pictures_attribute_is_said(tmp_path):
    picture(tmp_path)
    path = via_file(tmp_path, [region(RECT)])
    said = {"left_on": {"left": True, "right": False}, "pixel_mm": 0.9, "subject": None}
    path.write_text(path.read_text().replace('{"subject": "P1"}', json.dumps(said)))
    assert read_via(path)[0].attributes == {"left_on": "left", "pixel_mm": "0.9", "subject": ""}


def annotated(folder) -> list[AnnotatedPicture]:
    ring = np.zeros(SHAPE, bool)
    ring[3:20, 3:20] = True
    ring[8:12, 8:12] = False
    ring[5:9, 25:30] = True
    first = AnnotatedPicture(picture(folder, "a.png"), ring, {"subject": "P1", "slice": "4"})
    return [first, AnnotatedPicture(picture(folder, "b.png"), ~ring & False, {"subject": "P2"})]


def test_what_is_written_is_read_back_with_the_same_masks(tmp_path):
    pictures = annotated(tmp_path)
    write_via(tmp_path / "via.json", pictures, "dlpfc", "test")
    images = read_via(tmp_path / "via.json", keep_empty=True)
    for image, expected in zip(images, pictures, strict=True):
        assert image.path == expected.path and image.attributes == expected.attributes
        assert np.array_equal(image.mask(SHAPE, "dlpfc"), expected.mask)
    assert {label for r in images[0].regions for label in r.labels} == {"dlpfc"}


def test_the_project_has_the_parts_that_via_opens(tmp_path):
    write_via(tmp_path / "via.json", annotated(tmp_path), "dlpfc", "my project")
    project = json.loads((tmp_path / "via.json").read_text())
    assert set(project) >= {"_via_settings", "_via_img_metadata", "_via_attributes"}
    assert project["_via_image_id_list"] == list(project["_via_img_metadata"])
    key = f"a.png{(tmp_path / 'a.png').stat().st_size}"
    assert project["_via_image_id_list"][0] == key
    assert project["_via_settings"]["project"]["name"] == "my project"
    assert set(project["_via_attributes"]["file"]) == {"subject", "slice"}
    assert project["_via_attributes"]["region"]["region"]["options"] == {"dlpfc": "dlpfc"}


def test_an_existing_project_is_not_overwritten(tmp_path):
    (tmp_path / "via.json").write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        write_via(tmp_path / "via.json", annotated(tmp_path), "dlpfc", "test")
    assert (tmp_path / "via.json").read_text() == "mine"
