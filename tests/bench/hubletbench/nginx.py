# SPDX-License-Identifier: Apache-2.0
"""nginx as yardstick: a folder by sendfile, and one fixed JSON answer."""

import socket
import subprocess
import time
from pathlib import Path

CONFIGURATION = """
worker_processes 2;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
daemon off;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /files/ {{ alias {files}/; }}
        location = /fixed {{ default_type application/json; return 200 '{{"sha":"{filler}"}}'; }}
    }}
}}
"""


class Nginx:
    def __init__(self, folder: Path, files: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        folder.mkdir()
        user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, files=files, port=port, filler="0" * 700,
                                                      user=user))
        self.process = subprocess.Popen(["nginx", "-c", configuration], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("nginx did not start: " + (folder / "error.log").read_text())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
