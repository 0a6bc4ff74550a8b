"""The command line: exit codes, one line for a mistake, nothing half-written."""

import ast
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib import plan, sentences
from DLPFCSegmenterLib.cli import main as main_module
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.files import write_whole
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.targeting.beam_f3 import beam_sites
from hand_made_plans import make_plan, with_everything
from synthetic_head import BALL_RAS_MM, bright_ball_model, plain_grid, synthetic_head


@pytest.fixture
def bright_ball(monkeypatch):
    """The main job with a network whose answer is known; everything else is real."""
    monkeypatch.setattr(plan, "_segmenter", lambda options, kept: Segmenter(bright_ball_model()))


@pytest.fixture
def scan(tmp_path):
    return save_nifti(synthetic_head(*plain_grid()), tmp_path / "T1.nii.gz")


def save_nifti(volume, path, codes=(1, 1)):
    image = nib.Nifti1Image(volume.array_kji.transpose(2, 1, 0), volume.ijk_to_ras)
    image.set_qform(volume.ijk_to_ras, codes[0])
    image.set_sform(volume.ijk_to_ras, codes[1])
    nib.save(image, path)
    return path


def one_line(capsys) -> str:
    text = capsys.readouterr().err.strip()
    assert text and "\n" not in text and "Traceback" not in text
    return text


def test_segment_writes_mask_target_picture_and_result(bright_ball, scan, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["segment", str(scan), "--output", str(out)]) == 0
    assert {"dlpfc_left.nii.gz", "dlpfc_left.seg.nrrd", "targets.mrk.json", "overview.png", "result.json"} <= {
        path.name for path in out.iterdir()
    }
    result = json.loads((out / "result.json").read_text())
    assert result["detected"] and result["hemisphere"] == "left"
    assert np.linalg.norm(np.array(result["target_ras_mm"]) - BALL_RAS_MM) < 0.7
    mask = nib.load(out / "dlpfc_left.nii.gz")
    assert mask.shape == nib.load(scan).shape
    assert np.allclose(mask.affine, nib.load(scan).affine)
    assert "Left DLPFC" in capsys.readouterr().out


def test_earlier_results_are_refused_without_overwrite_and_replaced_with_it(bright_ball, scan, tmp_path, capsys):
    arguments = ["segment", str(scan), "--output", str(tmp_path / "out")]
    assert main(arguments) == 0
    capsys.readouterr()
    assert main(arguments) == 2
    assert "overwrite" in one_line(capsys)
    assert main([*arguments, "--overwrite"]) == 0


def test_scan_without_the_region_exits_with_3_and_makes_no_mask(bright_ball, tmp_path, capsys):
    head = synthetic_head(*plain_grid())
    rng = np.random.default_rng(0)
    plain = head.with_array(np.minimum(head.array_kji, 100) + rng.normal(0, 1, head.array_kji.shape).astype("f"))
    path = save_nifti(plain, tmp_path / "plain.nii.gz")
    out = tmp_path / "out"
    assert main(["segment", str(path), "--output", str(out)]) == 3
    assert "no left DLPFC" in capsys.readouterr().err
    assert not list(out.glob("dlpfc_*"))
    assert json.loads((out / "result.json").read_text())["detected"] is False


def changed(name, array, codes=(1, 1), spacing=2.0):
    return pytest.param(array, codes, spacing, id=name)


HEAD = synthetic_head(*plain_grid()).array_kji
with_nan = HEAD.copy()
with_nan[40, 40, 40] = np.nan


@pytest.mark.parametrize(
    ("array", "codes", "spacing"),
    [
        changed("all zero", np.zeros_like(HEAD)),
        changed("NaN", with_nan),
        changed("no orientation", HEAD, (0, 0)),
        changed("coarse", HEAD, spacing=3.6),
        changed("small field of view", HEAD[:, :, :30]),
        changed("2-D", HEAD[:1]),
    ],
)
def test_bad_scans_exit_with_2_and_one_line_that_names_the_file(array, codes, spacing, tmp_path, capsys):
    matrix = np.diag([spacing, spacing, spacing, 1.0])
    volume = synthetic_head(*plain_grid())
    path = save_nifti(type(volume)(array, matrix), tmp_path / "bad.nii.gz", codes)
    assert main(["segment", str(path), "--output", str(tmp_path / "out")]) == 2
    assert "bad.nii.gz" in one_line(capsys)
    assert not (tmp_path / "out").exists()


def test_four_dimensional_scan_asks_for_a_frame_and_takes_it(bright_ball, tmp_path, capsys):
    head = synthetic_head(*plain_grid())
    stack = np.stack([head.array_kji.transpose(2, 1, 0)] * 2, axis=-1)
    nib.save(nib.Nifti1Image(stack, head.ijk_to_ras), tmp_path / "run.nii.gz")
    arguments = ["segment", str(tmp_path / "run.nii.gz"), "--output", str(tmp_path / "out")]
    assert main(arguments) == 2
    assert "--frame" in one_line(capsys)
    assert main([*arguments, "--frame", "1"]) == 0
    assert main([*arguments, "--frame", "0", "--overwrite"]) == 0
    export = ["export", str(tmp_path / "out"), "--output", str(tmp_path / "files"), "--format", "brainsight"]
    assert main(export) == 0  # the result knows the frame


def test_a_scan_that_was_named_from_its_own_folder_is_found_from_another(bright_ball, scan, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["segment", "T1.nii.gz", "--output", "out"]) == 0
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["export", "../out", "--output", "files", "--format", "brainsight"]) == 0
    assert json.loads((tmp_path / "out" / "result.json").read_text())["volume"]["path"] == str(scan)


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        (["--threshold", "1.5"], "threshold"),
        (["--weights", "missing.pt"], "missing.pt"),
        (["--hemisphere", "top"], "hemisphere"),
        (["--device", "tpu"], "device"),
    ],
)
def test_bad_arguments_exit_with_2_and_name_themselves(extra, word, scan, tmp_path, capsys):
    try:
        code = main(["segment", str(scan), "--output", str(tmp_path / "out"), *extra])
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert word in one_line(capsys)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--coil-angle", "400"], "coil angle is 400 degrees"),
        (["--standoff-mm", "-2"], "standoff is -2 mm"),
        (["--rule-mm", "500"], "rule length is 500 mm"),
    ],
)
def test_lengths_and_angles_that_make_no_sense_on_a_head_are_refused(extra, words, scan, tmp_path, capsys):
    assert main(["plan", str(scan), "--output", str(tmp_path / "out"), *extra]) == 2
    assert words in one_line(capsys)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--target", "top"], "'top': use centroid or nearest-scalp"),
        (["--target", "1", "2"], "'nearest-scalp', 'circuit' or three numbers R A S"),
        (["--target", "1", "2", "up"], "--target 1 2 up: give"),
        (["--target", "-30", "40", "20", "--hemisphere", "both"], "picked target belongs to one side"),
        (["--tapes-cm", "20", "36", "36"], "head circumference of 20 cm is not human"),
        (["--fiducials", "missing.csv"], "missing.csv"),
    ],
)
def test_targets_tapes_and_fiducials_that_cannot_be_are_refused(extra, words, scan, tmp_path, capsys):
    assert main(["plan", str(scan), "--output", str(tmp_path / "out"), *extra]) == 2
    assert words in one_line(capsys)
    assert not (tmp_path / "out").exists()


def _with_an_odd_landmark(plan):
    *landmarks, last = plan.sides["left"].landmarks
    odd = replace(last, warnings=("the tape is short",))
    return replace(plan, sides={"left": replace(plan.sides["left"], landmarks=(*landmarks, odd))})


@pytest.fixture
def asked(monkeypatch):
    """The options that the command asks a plan with; a plan made by hand is the answer."""
    options = []

    def planned(volume, given, progress):
        options.append(given)
        return _with_an_odd_landmark(with_everything(make_plan()))

    monkeypatch.setattr(plan, "make_plan", planned)
    return options


@pytest.mark.parametrize(
    ("extra", "target", "picked"),
    [
        ([], "centroid", None),
        (["--target", "nearest-scalp"], "nearest-scalp", None),
        (["--target", "-30.5", "40", "20"], "centroid", (-30.5, 40.0, 20.0)),
    ],
)
def test_the_target_is_chosen_by_word_or_by_coordinates(asked, extra, target, picked, scan, tmp_path):
    assert main(["plan", str(scan), "--output", str(tmp_path / "out"), *extra]) == 0
    assert (asked[0].target, asked[0].picked_ras_mm, asked[0].fiducials, asked[0].tapes) == (target, picked, None, None)


def test_fiducials_and_tapes_reach_the_plan_and_its_words_reach_the_terminal(asked, scan, tmp_path, capsys):
    places = {"nasion": (0, 80, -10), "inion": (0, -90, -20), "lpa": (-70, 0, -30), "rpa": (70.5, 0, -30)}
    points = tmp_path / "points.fcsv"
    write_targets("fcsv", [PlannedTarget(name, np.array(at, float)) for name, at in places.items()], points)
    extra = ["--fiducials", str(points), "--tapes-cm", "57", "36.5", "37"]
    assert main(["plan", str(scan), "--output", str(tmp_path / "out"), *extra]) == 0
    np.testing.assert_allclose(asked[0].fiducials.right_tragus_ras_mm, (70.5, 0, -30))
    assert asked[0].tapes.mean_arc_cm == 36.75
    said = capsys.readouterr().out
    site = beam_sites(asked[0].tapes, "left")["adjusted"]
    assert f"Beam F3/F4 by tape (adjusted): X {site.x_cm:.1f} cm, Y {site.y_cm:.1f} cm" in said
    assert "A 40.0  S 28.0 mm in the scan's own space, centroid of the mask" in said
    for warning in ("thin mask", "hotspot estimated", "the tape is short"):
        assert said.count(f"  warning: {warning}\n") == 1
    targets = read_targets(tmp_path / "out" / "targets.mrk.json")
    assert "Nasion" in {target.label for target in targets}


def test_what_the_hotspot_s_file_warns_of_stands_in_the_results_and_in_what_they_are_exported_to(
    asked, scan, tmp_path, capsys
):
    points = tmp_path / "points.json"
    warned = PlannedTarget("M1", np.array((-38.0, -20.0, 90.0)), warnings=("measured with a coil that slipped",))
    write_targets("json", [warned], points)
    out = tmp_path / "out"
    assert main(["plan", str(scan), "--output", str(out), "--hotspot", str(points)]) == 0
    assert asked[0].hotspot_ras_mm == (-38.0, -20.0, 90.0)
    sentence = "points.json: measured with a coil that slipped"
    assert capsys.readouterr().out.count(f"warning: {sentence}\n") == 1
    assert sentence in json.loads((out / "result.json").read_text())["warnings"]
    for target in read_targets(out / "targets.mrk.json"):
        assert sentence in target.warnings


def test_missing_file_and_text_file_are_named(tmp_path, capsys):
    text = tmp_path / "notes.nii.gz"
    text.write_text("not a scan")
    for path in (tmp_path / "none.nii.gz", text):
        assert main(["segment", str(path), "--output", str(tmp_path / "out")]) == 2
        assert path.name in one_line(capsys)


@pytest.mark.skipif(os.name != "posix", reason="read-only folders by mode are a POSIX thing")
def test_output_that_cannot_be_written_is_told_before_the_work(scan, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["segment", str(scan), "--output", str(tmp_path / "file")]) == 2
    assert "file" in one_line(capsys)


def test_no_arguments_tell_how_to_go_on(capsys):
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "--help" in one_line(capsys)


def test_a_scene_that_could_not_be_written_is_told_on_the_terminal(scan, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(plan, "make_plan", lambda volume, options, progress: make_plan())
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["plan", str(scan), "--output", str(tmp_path / "out")]) == 0
    assert "warning: scene.mrb was not written: the package slicer-core is not installed." in capsys.readouterr().out


def test_the_commands_help_loads_nothing_heavy():
    code = "import sys\nfrom DLPFCSegmenterLib.cli.main import main\ntry: main(['--help'])\n" + (
        "except SystemExit: print({name.split('.')[0] for name in sys.modules})"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(answer.stdout.splitlines()[-1])
    assert "argparse" in loaded
    assert not loaded & {"torch", "torchvision", "vtk", "vtkmodules", "SimpleITK", "matplotlib", "nibabel"}


@pytest.fixture
def stopped_by_hand():
    """Ctrl-C and a closed terminal reach this process, also where the suite was put into the background."""
    handlers = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {sent: signal.signal(sent, handler) for sent, handler in handlers.items()}
    yield
    for sent, handler in before.items():
        signal.signal(sent, handler)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_command_that_is_ended_from_outside_leaves_nothing_half_written(
    name, stopped_by_hand, tmp_path, monkeypatch, capsys
):
    sent = getattr(signal, name)

    def killed(arguments):
        with write_whole(arguments.output) as fresh:
            (fresh / "mask").write_text("a patient's")
            os.kill(os.getpid(), sent)
            time.sleep(5)

    before = signal.getsignal(sent)
    monkeypatch.setattr(main_module, "_run_plan", killed)
    assert main(["plan", "scan.nii.gz", "--output", str(tmp_path / "out")]) == 128 + sent
    assert capsys.readouterr().err == "dlpfc: stopped.\n" and not (tmp_path / "out").exists()
    assert signal.getsignal(sent) == before


def test_a_command_goes_on_where_it_was_told_to_outlive_its_terminal(tmp_path, monkeypatch):
    def hung_up(arguments):
        os.kill(os.getpid(), signal.SIGHUP)
        return 0

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr(main_module, "_run_plan", hung_up)
        assert main(["plan", "scan.nii.gz", "--output", str(tmp_path / "out")]) == 0
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_nobody_foresaw_is_one_line_that_names_file_fault_and_log(
    bright_ball, scan, tmp_path, capsys, monkeypatch
):
    def broken(*_):
        raise IndexError("index 3 is out of bounds\nfor axis 0")

    monkeypatch.setattr(plan, "check_scan", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert main(["plan", str(scan), "--output", str(tmp_path / "out")]) == 4
    said = one_line(capsys)
    assert said.startswith(
        f"dlpfc: plan {scan}: stopped by a fault of this program (IndexError: index 3 is out of bounds"
    )
    (log,) = tmp_path.glob("dlpfc-error-*.log")
    assert str(log) in said and "in broken" in log.read_text() and log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "error",
    (
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"
        ),
        RuntimeError("Exception thrown in SimpleITK: Failed to allocate memory for image."),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    ),
)
def test_too_little_memory_is_said_as_such_and_is_no_fault(error, bright_ball, scan, tmp_path, capsys, monkeypatch):
    def short(*_):
        raise error

    monkeypatch.setattr(plan, "check_scan", short)
    assert main(["plan", str(scan), "--output", str(tmp_path / "out")]) == 2
    assert "there is not enough memory" in one_line(capsys)


def test_a_disk_without_room_is_no_fault_of_the_program(bright_ball, scan, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(plan, "check_scan", full)
    assert main(["plan", str(scan), "--output", str(tmp_path / "out")]) == 2
    assert one_line(capsys) == "dlpfc: a file: No space left on device."


def test_work_goes_on_when_nobody_reads_what_is_said(scan, tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "DLPFCSegmenterLib.cli", "convert", str(tmp_path / "in.mrk.json")]
    target = PlannedTarget("DLPFC", np.array([-38.0, 42.0, 26.0]))
    write_targets("markups", [target], tmp_path / "in.mrk.json")
    done = subprocess.run(
        [*command, str(tmp_path / "out.fcsv"), "--format", "fcsv"], stdout=write_end, stderr=subprocess.PIPE, text=True
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.fcsv").is_file()


@pytest.mark.parametrize("name", ("Müller", "左", "\udcff"))
@pytest.mark.parametrize("encoding", ("ascii", "iso8859-1", "utf-8"))
def test_names_that_the_terminal_cannot_show_end_no_command(name, encoding, tmp_path):
    if name == "\udcff" and sys.platform != "linux":
        pytest.skip("names that are no UTF-8 are Linux's")
    place = os.fsencode(tmp_path / f"{name}.mrk.json")
    with open(place, "wb") as file:
        write_targets("markups", [PlannedTarget("DLPFC", np.array([-38.0, 42.0, 26.0]))], tmp_path / "in.mrk.json")
        file.write((tmp_path / "in.mrk.json").read_bytes())
    command = [
        sys.executable,
        "-m",
        "DLPFCSegmenterLib.cli",
        "convert",
        place,
        tmp_path / "out.fcsv",
        "--format",
        "fcsv",
    ]
    done = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"read " in done.stdout and (tmp_path / "out.fcsv").is_file()


@pytest.fixture
def english_again():
    """What these tests leave behind is English."""
    yield
    sentences.speak("")


@pytest.mark.parametrize("arguments", [["--language", "de"], ["--language=de_DE.UTF-8"]])
def test_an_error_is_told_in_the_language_that_is_asked_for(arguments, tmp_path, capsys, english_again):
    missing = tmp_path / "left.nii"
    assert main(["plan", str(missing), "--output", str(tmp_path / "out"), *arguments]) == 2
    assert one_line(capsys) == f"dlpfc: {missing}: Diese Datei oder diesen Ordner gibt es nicht; bitte den Pfad prüfen."
    assert main(["plan", str(missing), "--output", str(tmp_path / "out")]) == 2
    assert one_line(capsys) == f"dlpfc: {missing}: no such file or folder; check the path."


def test_the_environment_asks_for_a_language_and_help_is_told_in_it(monkeypatch, capsys, english_again):
    monkeypatch.setenv("LANGUAGE", "de:en")
    with pytest.raises(SystemExit):
        main(["plan", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Ordner für die Ergebnisse" in told and "Konfidenz, 0 bis 1" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["plan"], "es fehlen: t1, --output"),
        (["plan", "a", "--output", "b", "--rule-mm", "long"], "'long'"),
        (["plan", "a", "--output", "b", "--hemisphere", "up"], "keine der Möglichkeiten"),
        (["plan", "a", "--output", "b", "--tapes-cm", "56"], "verlangt 3 Angaben"),
        (["plan", "a", "b", "--output", "c"], "unbekannt: b"),
    ],
)
def test_what_is_wrong_with_arguments_is_told_in_one_line_of_that_language(arguments, told, capsys, english_again):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--language", "de"])
    line = capsys.readouterr().err
    assert ended.value.code == 2 and told in line and line.count("\n") == 1
    assert not re.search("argument|expected|invalid|see|usage", line)


def test_a_language_that_nobody_wrote_is_english(tmp_path, capsys, english_again):
    assert main(["--language", "xx", "plan", str(tmp_path / "no.nii"), "--output", str(tmp_path / "out")]) == 2
    assert one_line(capsys).endswith("no such file or folder; check the path.")
