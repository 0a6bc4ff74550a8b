"""Sentences: English for files and programs, and told in the reader's language where a person reads them."""

import json
import pickle

import numpy as np
import pytest

from DLPFCSegmenterLib import sentences
from DLPFCSegmenterLib.doubts import Doubt, doubt, told
from DLPFCSegmenterLib.errors import NotFoundError, UserError
from DLPFCSegmenterLib.sentences import from_data, language_of_system, say, speak, tell, to_data, tr

_OF_TESTS = {
    "{name}: lies {away:.1f} mm off {side}.": "{name}: liegt {away:.1f} mm daneben, {side}.",
    "left": "links",
    "It failed: {error}": "Fehlgeschlagen: {error}",
    "broken {place}": "kaputt {ort}",
}


@pytest.fixture
def german(tmp_path, monkeypatch):
    """A language with the sentences of these tests alone."""
    messages = "".join(
        f"<message><source>{source}</source><translation>{words}</translation></message>"
        for source, words in _OF_TESTS.items()
    )
    file = tmp_path / "DLPFCSegmenter_de.ts"
    file.write_text(f"<TS><context><name>DLPFCSegmenter</name>{messages}</context></TS>", encoding="utf-8")
    monkeypatch.setattr(sentences, "TRANSLATIONS", tmp_path)
    speak("de_DE.UTF-8")
    yield
    speak("")


def test_a_sentence_is_english_text_whatever_the_language(german):
    sentence = say("{name}: lies {away:.1f} mm off {side}.", name="T1.nii", away=2.345, side=say("left"))
    assert sentence == "T1.nii: lies 2.3 mm off left."
    assert json.dumps([sentence]) == '["T1.nii: lies 2.3 mm off left."]'
    assert f"{sentence}" == "T1.nii: lies 2.3 mm off left."


def test_a_sentence_is_told_with_its_own_words_translated(german):
    sentence = say("{name}: lies {away:.1f} mm off {side}.", name="T1.nii", away=2.345, side=say("left"))
    assert tell(sentence) == "T1.nii: liegt 2.3 mm daneben, links."


def test_a_name_is_never_looked_up(german):
    sentence = say("{name}: lies {away:.1f} mm off {side}.", name="left", away=1, side=say("left"))
    assert tell(sentence).startswith("left: ")
    assert tell("left") == "left"


def test_what_no_language_has_is_told_in_english_around_what_it_has(german):
    assert tell(say("Nobody translated {side}.", side=say("left"))) == "Nobody translated links."
    speak("xx")
    assert tr("left") == "left"


def test_a_translation_with_other_places_is_not_used(german):
    assert tr("broken {place}", place="here") == "broken here"


@pytest.mark.parametrize("kind", [UserError, NotFoundError])
def test_an_error_in_an_error_is_told_in_one_language(german, kind):
    inner = kind("{name}: lies {away:.1f} mm off {side}.", name="T1.nii", away=1.0, side=say("left"))
    outer = UserError("It failed: {error}", error=inner)
    assert str(outer) == "It failed: T1.nii: lies 1.0 mm off left."
    assert tell(str(outer)) == "Fehlgeschlagen: T1.nii: liegt 1.0 mm daneben, links."
    assert tell(str(UserError(str(outer)))) == tell(str(outer))


def test_what_cannot_be_printed_comes_into_no_sentence():
    error = UserError("{name}: is damaged.", name="a\nb\x1b")
    assert str(error) == "a\\nb\\x1b: is damaged." == tell(str(error))
    assert str(UserError("a\nb")) == "a\\nb"


@pytest.mark.parametrize("value", [np.float32(2.5), np.int64(2), 2.5, 2, "two", True, None, say("left")])
def test_a_sentence_that_another_process_sent_is_the_same(german, value):
    sentence = say("It failed: {error}", error=value)
    there = from_data(json.loads(json.dumps(to_data(sentence))))
    assert there == sentence
    assert tell(there) == tell(sentence) != sentence


def test_a_text_that_another_process_sent_is_the_same():
    assert from_data(json.loads(json.dumps(to_data("T1.nii")))) == "T1.nii"


@pytest.mark.parametrize("language", ["", "de"])
@pytest.mark.parametrize(("place", "share", "told"), [("{x:.0%}", 0, "0 %"), ("{x:.1%}", 0.246, "24.6 %")])
def test_a_share_has_a_space_before_its_sign_in_each_language(language, place, share, told):
    try:
        speak(language, lambda source: source.replace("lost", "verloren"))
        assert tell(say(f"{place} lost", x=share)).startswith(f"{told} ")
        assert say("{x:g} % and {name}", x=90, name="50%") == "90 % and 50%", "names are as they are"
    finally:
        speak("")


def test_an_error_is_pickled_with_its_sentence(german):
    error = pickle.loads(pickle.dumps(UserError("It failed: {error}", error=say("left"))))
    assert tell(str(error)) == "Fehlgeschlagen: links"


def test_a_doubt_is_told_with_the_words_of_its_table_and_the_names_of_its_files(german):
    speak(
        "de",
        lambda source: {"The {name} was given {away:.0f} mm away from the scalp; check it.": "{name}?"}.get(
            source, source
        ),
    )
    assert tell(doubt("fiducial_off_scalp", name="left", away=9.0)) == "links?"
    assert tell(doubt("bold_off", name="left", away=9.0)).startswith("left: ")


def test_a_doubt_that_was_read_again_is_told_like_the_first(german):
    first = doubt("mask_other_side", "left", source="left", other="right", planned="left")
    again = Doubt(str.__str__(first), first.key, json.loads(json.dumps(first.numbers)), "left")
    assert again == first and tell(again) == tell(first)
    assert "the links one is planned" in tell(first)


def test_a_doubt_in_the_words_of_an_error_is_told_like_the_error(german):
    error = UserError("It failed: {error}", error=say("left"))
    assert tell(told(error, "no_coil")) == "Fehlgeschlagen: links"


def test_a_doubt_of_another_version_keeps_its_text(german):
    assert tell(Doubt("Once said so.", "bold_off", {"far": 3})) == "Once said so."


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANGUAGE": "de:en", "LANG": "fr_FR.UTF-8"}, "de"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "C"),
        ({"LANG": "de_DE.UTF-8"}, "de_DE.UTF-8"),
        ({}, ""),
    ],
)
def test_the_language_is_the_environments(monkeypatch, environment, language):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_system() == language
