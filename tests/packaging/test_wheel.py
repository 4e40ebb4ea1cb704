"""What people install: the built wheel in an empty environment, away from the repository."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.engines.site import Site, running_site
from tests.shape.files import ROOT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("admit-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `admit` of an environment that holds the pinned requirements and the wheel."""
    environment = tmp_path_factory.mktemp("installed")
    call(sys.executable, "-m", "venv", environment)
    pip = (environment / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    call(*pip, "install", "--require-hashes", "-r", ROOT / "requirements.txt")
    call(*pip, "install", "--no-deps", wheel)
    call(*pip, "check")
    return environment / "bin" / "admit"


@pytest.fixture(scope="module")
def site(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), admit=installed) as site:
        yield site


def test_the_wheel_carries_the_assets_the_templates_and_the_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for kind in ("static/manifest.json", "templates/", "migrations/versions/0001"):
        assert [name for name in names if name.startswith("admit/") and kind in name] != []
    assert [name for name in names if name.startswith(("tests/", "bench/", "scripts/"))] == []


def test_the_installed_product_shows_its_pages_with_their_styles(site: Site) -> None:
    page = httpx2.get(f"{site.url}/")
    style = httpx2.get(f"{site.url}{stylesheet_of(page.text)}")

    assert (page.status_code, style.status_code) == (200, 200)
    assert style.headers["content-type"].startswith("text/css")


def test_serve_alone_answers_after_the_migration(installed: Path, tmp_path: Path) -> None:
    call(installed, "migrate", cwd=tmp_path)

    with running_site(
        tmp_path, command="serve", settings={"ADMIT_DATA_DIR": "var"}, admit=installed
    ) as site:
        assert httpx2.get(f"{site.url}/healthz").status_code == 200
        assert site.stop() == 0


def stylesheet_of(page: str) -> str:
    (_, after) = page.split('rel="stylesheet"', maxsplit=1)
    return after.split('href="', maxsplit=1)[1].split('"', maxsplit=1)[0]


def call(*command: object, cwd: Path | None = None) -> None:
    run = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
