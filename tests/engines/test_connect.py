"""A server of Spark Connect, as a user would start it, comes to the same bundle as polars."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from invented import QUICK_JAVA, export_folder

from netact.engines import aggregate
from netact.importers import read_network

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Return the address of a Spark Connect server in a process of its own."""
    if shutil.which("java") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Java is missing; in CI it must be there")
        pytest.skip("Spark needs Java")
    import pyspark

    home = Path(pyspark.__file__).parent
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": 2,
        "spark.ui.enabled": "false",
    }
    command = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy.SparkSubmit", "--master", "local[1]"]
    command += [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    environment["JDK_JAVA_OPTIONS"] = QUICK_JAVA
    log = tmp_path / "server.log"
    with (
        log.open("w") as told,
        subprocess.Popen(
            [*command, "--class", SERVER, "spark-internal"], env=environment, cwd=tmp_path, stdout=told, stderr=told
        ) as process,
    ):
        try:
            until = time.monotonic() + 120
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()[-2000:]
                    assert time.monotonic() < until, log.read_text()[-2000:]
                    time.sleep(0.2)
            yield f"sc://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.mark.slow
def test_a_server_of_spark_connect_comes_to_the_same_bundle(server: str, tmp_path: Path) -> None:
    folder = export_folder(tmp_path / "in", rows=200)
    here = read_network(aggregate(folder, tmp_path / "here.netact", engine="polars").path)
    done = aggregate(folder, tmp_path / "there.netact", master=server)
    there = read_network(done.path)
    assert done.engine == "spark"
    scores = [network.accounts["whole_pagerank"].fill_null(0).to_numpy() for network in (here, there)]
    assert np.abs(scores[0] - scores[1]).sum() <= done.pagerank_bound
    bare = [replace(network, accounts=network.accounts.drop("whole_pagerank")) for network in (here, there)]
    assert bare[0].fingerprint == bare[1].fingerprint
