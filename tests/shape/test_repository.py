"""What a clone must be: the same on every machine, with pins that agree and links that lead."""

import json
import re
from pathlib import Path

from tests.shape.files import ROOT, links_in, repository_files, text_of

SOMEBODYS_MACHINE = re.compile(r"(?<![\w./>}-])/(?:root|home|Users|work)/\w")

SECTION = re.compile(r"^#+ +(.+)$", flags=re.MULTILINE)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    named = {
        str(file.relative_to(ROOT)): found
        for file in repository_files()
        if (found := SOMEBODYS_MACHINE.findall(text_of(file)) + own_folder_in(text_of(file)))
    }

    assert named == {}


def test_the_pins_name_no_registry() -> None:
    naming = [file.name for file in repository_files("requirements*.txt") if "://" in text_of(file)]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert naming == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_pin_carries_a_hash_and_is_the_same_in_every_environment() -> None:
    tested = pins_of("requirements-dev.txt")

    for name in ("requirements.txt", "requirements-bootstrap.txt"):
        shared = {package: pin for package, pin in pins_of(name).items() if package in tested}
        assert shared == {package: tested[package] for package in shared}
    for file in repository_files("requirements*.txt"):
        assert (file.name, unhashed_pins(text_of(file))) == (file.name, [])


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in repository_files("*.md")
        for link in links_in(document)
        if not leads_somewhere(document, link)
    ]

    assert broken == []


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {
        target
        for document in repository_files("*.md", ".ci/run")
        for target in re.findall(
            r"(?:`|^)make ([a-z-]+)(?=`|$|\s+#)", text_of(document), re.MULTILINE
        )
    }

    assert named - targets == set()


def test_every_make_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert declared is not None

    explained = re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE)

    assert sorted(explained) == sorted(declared[1].split())


def own_folder_in(text: str) -> list[str]:
    return [str(ROOT)] if f"{ROOT}/" in text else []


def pins_of(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE))


def unhashed_pins(text: str) -> list[str]:
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)
    return [block for block in blocks if block.strip() and "--hash=sha256:" not in block]


def leads_somewhere(document: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return False
    return not anchor or anchor in anchors_of(target)


def anchors_of(document: Path) -> set[str]:
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in SECTION.findall(text_of(document))
    }
