"""How far from the planted place a target by connectivity lies, over length, tSNR, seed and rule.

    python Testing/benchmark_circuit.py draw ROWS.csv PLAN_FOLDER ... --draws 20 --tsnr 40 60 80
    python Testing/benchmark_circuit.py table ROWS.csv [PLOT.png]
    python Testing/benchmark_circuit.py time PLAN_FOLDER

PLAN_FOLDER is what `dlpfc plan` wrote: its scan, left mask and registration are the head on which fMRI is made
(`synthetic_bold.py`), 20 minutes at 3 mm and a TR of 2 s; shorter data are its first minutes. Draws that ROWS.csv holds
already are not made again. The rows 'no effect' have nothing planted: how often their target is called reliable counts.
`time` is `dlpfc circuit` on such a run, from its files to table, map and picture.
"""

import argparse
import csv
import gzip
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

LIBRARY = Path(__file__).resolve().parents[1] / "DLPFCSegmenter"
sys.path.insert(0, str(LIBRARY))

from DLPFCSegmenterLib.circuit import circuit as rooms  # noqa: E402
from DLPFCSegmenterLib.circuit.choice import SearchRegion  # noqa: E402
from DLPFCSegmenterLib.circuit.places import linear_to_mni, places_in  # noqa: E402
from DLPFCSegmenterLib.circuit.seeds import sgc_places  # noqa: E402
from DLPFCSegmenterLib.circuit.trust import MOST_RADIUS_MM, block_sums, blocks_of, trust_in  # noqa: E402
from DLPFCSegmenterLib.export.result_folder import read_findings, read_plan, read_scan_of  # noqa: E402
from DLPFCSegmenterLib.options import CircuitChoices  # noqa: E402
from DLPFCSegmenterLib.progress import SILENT  # noqa: E402
from synthetic_bold import Person, Recipe, make_bold  # noqa: E402

COLUMNS = ("person", "draw", "effect", "tsnr", "minutes", "seed", "rule", "off_mm", "z", "radius_mm", "reliable")
MINUTES = (5.0, 10.0, 15.0, 20.0)
METHODS = [(seed, rule) for seed in ("map", "sphere") for rule in ("cluster", "searchlight", "minimum")]


def person_of(folder: Path) -> Person:
    """The head of a plan."""
    scan = read_scan_of(folder, read_findings(folder))
    plan = read_plan(folder, scan)
    return Person(scan, plan.sides["left"].region.mask_kji, plan.registration.ras_from_mni)


def rows_of(person: Person, recipe: Recipe) -> list[tuple]:
    """Minutes, seed, rule, mm off, z, radius and whether it is reliable, of one draw."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_bold(person, recipe, Path(folder))
        asked = rooms.Asked(person.scan, {"left": person.mask_kji}, person.ras_from_mni)
        choices = CircuitChoices(bold=(made.bold,), confounds=(made.confounds,))
        places = places_in(person.scan, {"left": person.mask_kji}, linear_to_mni(person.ras_from_mni))
        sgc = sgc_places(places)
        data = rooms._data(asked, choices, places, sgc, SILENT)
    rows = []
    for minutes in MINUTES:
        count = min(len(data.series), round(minutes * 60 / recipe.tr_s))
        part = replace(data, series=data.series[:count], runs=(replace(data.runs[0], kept=count),))
        methods = METHODS if recipe.effect else METHODS[:1]
        rows += [
            (minutes, *method, *_judged(part, method, places, sgc, person, made.spot_ras_mm)) for method in methods
        ]
    return rows


def _judged(data, method, places, sgc, person, spot_ras_mm) -> tuple:
    choices = CircuitChoices(seed=method[0], rule=method[1])
    seed = rooms._seed(data, choices, places, sgc)
    series = data.series[:, places.masks["left"]]
    region = SearchRegion(person.scan, person.mask_kji, data.seen[places.masks["left"]])
    sums = block_sums(seed.series, series, blocks_of([(len(series), data.runs[0].tr_s)]))
    found = region.choose(sums.z(np.ones(len(sums.n))), method[1], 1)
    trust = None
    if found and method == METHODS[0]:
        trust = trust_in(seed.series, series, sums, region, method[1])
    off = float(np.linalg.norm(found[0].position_ras_mm - spot_ras_mm)) if found else np.nan
    reliable = method == METHODS[0] and not rooms._reasons("left", data, trust)
    return f"{off:.2f}", f"{found[0].z:.3f}" if found else "", f"{trust.radius_mm:.2f}" if trust else "", int(reliable)


def draw(arguments: argparse.Namespace) -> None:
    """Make the draws that the file does not hold yet; one that was begun and not ended is made again."""
    path = arguments.rows
    old = list(csv.reader(path.open())) if path.exists() else [COLUMNS]
    done = {tuple(row[:4]) for row in old}
    with path.open("a", newline="") as stream:
        if not path.stat().st_size:
            csv.writer(stream).writerow(COLUMNS)
        for number in range(arguments.first, arguments.first + arguments.draws):
            for folder in arguments.folders:
                for tsnr in arguments.tsnr:
                    key = (folder.name, str(number), str(int(not arguments.no_effect)), f"{tsnr:g}")
                    if key in done:
                        continue
                    recipe = Recipe(MINUTES[-1], tsnr, not arguments.no_effect, seed=number)
                    rows = rows_of(person_of(folder), recipe)
                    csv.writer(stream).writerows([(*key, *row) for row in rows])
                    stream.flush()


def table(arguments: argparse.Namespace) -> None:
    """Print the tables of BENCHMARKS.md, and draw the plot."""
    rows = list(
        {tuple(row[name] for name in COLUMNS[:7]): row for row in csv.DictReader(arguments.rows.open())}.values()
    )
    planted = [row for row in rows if row["effect"] == "1"]
    own = [row for row in planted if (row["seed"], row["rule"]) == METHODS[0]]
    tsnrs = sorted({float(row["tsnr"]) for row in planted})
    print("| minutes | " + " | ".join(f"tSNR {tsnr:g}" for tsnr in tsnrs) + " | called reliable | off by, of those |")
    for minutes in MINUTES:
        here = [row for row in own if float(row["minutes"]) == minutes]
        cells = [_median(row for row in here if float(row["tsnr"]) == tsnr) for tsnr in tsnrs]
        sure = list(filter(_is_reliable, here))
        print(f"| {minutes:g} | {' | '.join(cells)} | {len(sure)} of {len(here)} | {_median(sure)} |")
    for seed, rule in METHODS:
        same = [row for row in planted if (row["seed"], row["rule"]) == (seed, rule)]
        print(
            f"| {seed} | {rule} | " + " | ".join(_median(r for r in same if float(r["minutes"]) == m) for m in MINUTES)
        )
    for minutes in MINUTES:
        none = [row for row in rows if row["effect"] == "0" and float(row["minutes"]) == minutes]
        print(f"no effect, {minutes:g} minutes: {sum(map(_is_reliable, none))} of {len(none)} reliable")
    if arguments.plot:
        _plot(planted, arguments.plot)


def _is_reliable(row) -> bool:
    """Whether a draw was called reliable, and by today's limit would be."""
    return row["reliable"] == "1" and float(row["radius_mm"]) <= MOST_RADIUS_MM


def _median(rows) -> str:
    off = [float(row["off_mm"]) for row in rows]
    return f"{np.median(off):.1f} ({np.quantile(off, 0.9):.1f})" if off else "-"


def _plot(rows, path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.2), layout="tight")
    axes = figure.subplots()
    for seed, rule in METHODS:
        off = [
            np.median(
                [float(r["off_mm"]) for r in rows if (r["seed"], r["rule"], float(r["minutes"])) == (seed, rule, m)]
            )
            for m in MINUTES
        ]
        axes.plot(MINUTES, off, "o-" if seed == "map" else "s--", label=f"{seed}, {rule}")
    axes.set(xlabel="minutes of data", ylabel="median mm from the planted place", ylim=(0, None))
    axes.legend(fontsize=7, ncols=2, loc="lower right")
    figure.savefig(path, dpi=130)


def time_of(arguments: argparse.Namespace) -> None:
    """Seconds, processor seconds and memory of `dlpfc circuit` on 20 minutes at 3 mm, as fMRIPrep writes them."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_bold(person_of(arguments.folder), Recipe(), Path(folder))
        packed = made.bold.with_name(made.bold.name + ".gz")
        with made.bold.open("rb") as plain, gzip.open(packed, "wb", 1) as stream:
            shutil.copyfileobj(plain, stream)
        command = [sys.executable, "-m", "DLPFCSegmenterLib.cli", "circuit", str(arguments.folder)]
        started = time.perf_counter()
        subprocess.run([*command, "--bold", str(packed), "--output", f"{folder}/out"], check=True, cwd=LIBRARY)
        seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_s, gib = used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20
    print(f"{seconds:.0f} s, {processor_s:.0f} processor s, {gib:.2f} GiB")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("rows", type=Path)
    drawing.add_argument("folders", type=Path, nargs="+")
    drawing.add_argument("--draws", type=int, default=20)
    drawing.add_argument("--first", type=int, default=0)
    drawing.add_argument("--tsnr", type=float, nargs="+", default=[40.0, 60.0, 80.0])
    drawing.add_argument("--no-effect", action="store_true")
    drawing.set_defaults(run=draw)
    tables = commands.add_parser("table")
    tables.add_argument("rows", type=Path)
    tables.add_argument("plot", type=Path, nargs="?")
    tables.set_defaults(run=table)
    timing = commands.add_parser("time")
    timing.add_argument("folder", type=Path)
    timing.set_defaults(run=time_of)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
