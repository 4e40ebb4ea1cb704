"""The files of the repository, as git sees them: those kept, and those about to be."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

LINK = re.compile(r"\]\(([^)\s]+)\)|\b(?:src|srcset|href)=\"([^\"]+)\"")


def repository_files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(file for file in files if file.is_file())


def text_of(file: Path) -> str:
    """The file's text; nothing for a picture or a font."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def links_in(document: Path) -> list[str]:
    return [link or element for link, element in LINK.findall(text_of(document))]
