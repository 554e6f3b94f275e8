"""nginx in front: every host of the federation, who asked and by which scheme, how much may be sent."""

import os
from collections.abc import Sequence
from pathlib import Path

from config.launcher.programs import Program
from tests.stack.packages import program
from tests.stack.wishes import Addresses

# 65 MB lets the product itself refuse what is larger than its 64 MiB, in its own words, up to a byte more than that.
SETTINGS = """daemon off;
{user}worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 65m;
    keepalive_timeout 30s;
    upstream huilian {{
        server 127.0.0.1:{web} max_fails=0;
        keepalive 16;
    }}
    server {{
{listens}
        server_name localhost *.localhost;
        location / {{
            proxy_pass http://huilian;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_request_buffering on;
            proxy_buffering on;
            proxy_connect_timeout 3s;
            proxy_read_timeout 60s;
        }}
    }}
    server {{
{others}
        server_name _;
        return 444;
    }}
}}
"""


def nginx(data: Path, addresses: Addresses, listen: Sequence[str]) -> Program:
    """The one program that the network sees."""
    folder = data / "nginx"
    text = SETTINGS.format(
        user="user root;\n" if os.geteuid() == 0 else "",
        folder=folder,
        web=addresses.port("web"),
        listens="\n".join(f"        listen {each};" for each in listen),
        others="\n".join(f"        listen {each} default_server;" for each in listen),
    )
    path = folder / "nginx.conf"
    path.write_text(text)
    arguments = [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(path)]
    return Program("nginx", arguments, {"PATH": os.defpath}, stop_within=5)
