"""The report in German: its words, and that numbers, sides and names are those of the English one."""

import re
from datetime import UTC, datetime

import pytest

from DLPFCSegmenterLib.report.page import write_report
from DLPFCSegmenterLib.sentences import CONTEXT, TRANSLATIONS, read_translations, speak
from hand_made_plans import make_plan, with_everything

CREATED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    """The page of one plan in both languages, without its pictures."""
    plan, folder, told = with_everything(make_plan()), tmp_path_factory.mktemp("pages"), {}
    for language in ("en", "de"):
        speak(language)
        try:
            write_report(plan, folder / "report.html", CREATED)
        finally:
            speak("")
        page = (folder / "report.html").read_text(encoding="utf-8")
        told[language] = re.sub(r'src="data:[^"]*"|<style>.*?</style>', "", page, flags=re.S)
    return told


def test_a_page_says_its_language(pages):
    assert '<html lang="en">' in pages["en"] and '<html lang="de">' in pages["de"]


def test_a_german_page_has_no_english_sentence(pages):
    german = read_translations(TRANSLATIONS / f"{CONTEXT}_de.ts")
    whole = [source for source, words in german.items() if len(source) > 9 and "{" not in source and source != words]
    left_over = [source for source in whole if f">{source}<" in pages["de"]]
    assert left_over == []
    assert "Wie er gefunden wurde" in pages["de"] and "Nur für die Forschung" in pages["de"]


def test_a_german_page_has_the_numbers_of_the_english_one(pages):
    numbers = {name: sorted(re.findall(r"-?\d+\.\d+", page)) for name, page in pages.items()}
    assert numbers["en"] == numbers["de"] and len(numbers["en"]) > 50
    assert not re.search(r"\d,\d", re.sub(r"\(\d[^)]*\)", "", pages["de"]))


def test_a_german_page_names_the_sides_of_the_english_one(pages):
    english, german = (re.findall(r'<h2 class="(left|right)">([^<]*)', pages[name]) for name in ("en", "de"))
    assert [side for side, _ in english] == [side for side, _ in german]
    for side, heading in german:
        assert {"left": "Links", "right": "Rechts"}[side] in heading
