"""The nginx of this machine, with a configuration of a document in a folder of the test's own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "no nginx found: install nginx"
FRAME = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
SBIN = "/usr/sbin"


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{SBIN}")


def nginx_is_required() -> bool:
    return os.environ.get("REQUIRE_NGINX", "") not in {"", "0"}


@contextmanager
def running_nginx(nginx: str, servers: str, folder: Path) -> Iterator[None]:
    configuration = folder / "nginx.conf"
    configuration.write_text(FRAME.format(folder=folder, servers=servers))
    process = subprocess.Popen([nginx, "-e", "stderr", "-p", folder, "-c", configuration])
    try:
        yield
    finally:
        process.terminate()
        process.wait()
