"""Citations against documents: a small one of our own, and the two real ones where they are there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.rulebook.load import load_rulebook
from bot.rulebook.sources import Verdict, digest_of, sentences_of, verify_sources

TESTS = Path(__file__).parents[1]
SMALL_RULES = TESTS / "small_rules"
SMALL_DOCUMENTS = TESTS / "small_rules_documents"
SHIPPED = TESTS.parent / "rules"
REAL_DOCUMENTS = TESTS.parents[1] / "shared" / "documents"
WORDS_IN_A_ROW = 9

needs_documents = pytest.mark.skipif(
    not REAL_DOCUMENTS.is_dir(),
    reason="the two documents do not lie beside this checkout (../shared/documents)",
)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("One. Two! Three? Four", ("One.", "Two!", "Three?", "Four")),
        ("It holds. 7 of them stay together. Done.", ("It holds. 7 of them stay together.", "Done.")),
        ("No cut before e.g. small letters.", ("No cut before e.g. small letters.",)),
        ("  White.   Space.  ", ("White.", "Space.")),
        ("Über. Österreich.", ("Über.", "Österreich.")),
        ("(In brackets.) Then more.", ("(In brackets.) Then more.",)),
        ("", ()),
        ("   ", ()),
    ],
)
def test_where_sentences_end(line: str, sentences: tuple[str, ...]) -> None:
    assert sentences_of(line) == sentences


def test_every_citation_of_the_small_rules_holds() -> None:
    report = verify_sources(load_rulebook(SMALL_RULES), SMALL_DOCUMENTS)
    assert [(check.caveat, check.at, check.verdict) for check in report.citations] == [
        ("little-known", "G:1:3", Verdict.OK),
        ("stomach", "G:3:1", Verdict.OK),
        ("stomach", "G:3:3", Verdict.OK),
    ]
    assert report.faults == ()
    assert report.statements == 3
    report.require()


@pytest.mark.parametrize(
    ("old", "new", "verdict", "words"),
    [
        ("Does it help", "Will it help", Verdict.MISMATCH, "does not match: the sentence there has SHA-256"),
        ("Raw garlic can upset the stomach. ", "", Verdict.MISMATCH, "stomach: G:3:1"),
        (" Ask a pharmacist about other medicines.", "", Verdict.MISSING_SENTENCE, "does not have"),
    ],
)
def test_a_changed_document_is_noticed(
    tmp_path: Path, old: str, new: str, verdict: Verdict, words: str
) -> None:
    text = (SMALL_DOCUMENTS / "garlic.txt").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "garlic.txt").write_text(text.replace(old, new), encoding="utf-8")
    report = verify_sources(load_rulebook(SMALL_RULES), tmp_path)
    assert verdict in {check.verdict for check in report.faults}
    with pytest.raises(SourceError, match=words):
        report.require()


def test_a_missing_document_is_told_for_each_citation(tmp_path: Path) -> None:
    report = verify_sources(load_rulebook(SMALL_RULES), tmp_path)
    assert {check.verdict for check in report.faults} == {Verdict.MISSING_FILE}
    assert len(report.faults) == 3
    assert "garlic.txt is not there" in str(report.faults[0])


def test_a_missing_folder_of_documents() -> None:
    with pytest.raises(SourceError, match="there is no such folder"):
        verify_sources(load_rulebook(SMALL_RULES), SMALL_DOCUMENTS / "nowhere")


def test_windows_line_ends_and_white_space_do_not_matter(tmp_path: Path) -> None:
    text = (SMALL_DOCUMENTS / "garlic.txt").read_text(encoding="utf-8")
    (tmp_path / "garlic.txt").write_bytes(text.replace("\n", "  \r\n").encode())
    assert verify_sources(load_rulebook(SMALL_RULES), tmp_path).faults == ()


def test_the_digest_of_a_sentence() -> None:
    path = SMALL_DOCUMENTS / "garlic.txt"
    caveat = load_rulebook(SMALL_RULES).caveats[0]
    assert digest_of(path, 1, 3) == caveat.statements[0].sha256


@pytest.mark.parametrize(("line", "sentence"), [(1, 9), (99, 1), (0, 1), (1, 0), (-1, 1)])
def test_the_digest_of_no_sentence(line: int, sentence: int) -> None:
    with pytest.raises(SourceError, match="there is no sentence"):
        digest_of(SMALL_DOCUMENTS / "garlic.txt", line, sentence)


def test_the_digest_in_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not there"):
        digest_of(tmp_path / "none.txt", 1, 1)


@needs_documents
def test_every_shipped_citation_holds() -> None:
    report = verify_sources(load_rulebook(SHIPPED), REAL_DOCUMENTS)
    assert [str(check) for check in report.faults] == []
    assert len(report.citations) > 40


@needs_documents
def test_a_document_that_changed_by_one_letter_breaks_its_citations(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(REAL_DOCUMENTS, tmp_path / "documents"))
    rulebook = load_rulebook(SHIPPED)
    file = copy / rulebook.documents[0].file
    file.chmod(0o644)
    file.write_text(
        file.read_text(encoding="utf-8").replace("individual responses", "Individual responses"), "utf-8"
    )
    faults = {check.at for check in verify_sources(rulebook, copy).faults}
    assert faults == {"A:1:4", "A:7:5"}


def rows_of_words(text: str) -> set[tuple[str, ...]]:
    """Give all rows of nine words."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
    return {tuple(words[start : start + WORDS_IN_A_ROW]) for start in range(len(words) - WORDS_IN_A_ROW + 1)}


@needs_documents
def test_the_rules_take_no_sentence_from_the_documents() -> None:
    theirs: set[tuple[str, ...]] = set()
    for document in REAL_DOCUMENTS.glob("*.txt"):
        theirs |= rows_of_words(document.read_text(encoding="utf-8"))
    for path in sorted(SHIPPED.rglob("*")):
        if path.is_file() and path.suffix != ".onnx":
            shared = rows_of_words(path.read_text(encoding="utf-8")) & theirs
            assert not shared, f"{path.name}: {' '.join(next(iter(shared)))}"
