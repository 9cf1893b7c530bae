"""Times JetStream's acknowledged publishing; run by the benchmark environment's own Python.

Arguments: a folder for its store, submitters, seconds, the message in hexadecimal digits. Starts a
``nats-server`` of its own on a free port and prints one JSON object.
"""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import time

import nats
from nats.js.api import StorageType


async def publish(port: int, submitters: int, seconds: float, message: bytes) -> float:
    client = await nats.connect(f"nats://127.0.0.1:{port}", connect_timeout=5)
    stream = client.jetstream()
    await stream.add_stream(name="bench", subjects=["bench"], storage=StorageType.FILE)
    count = 0
    began = time.perf_counter()

    async def submit() -> None:
        nonlocal count
        while time.perf_counter() - began < seconds:
            await stream.publish("bench", message)
            count += 1

    await asyncio.gather(*(submit() for _ in range(submitters)))
    rate = count / (time.perf_counter() - began)
    await client.close()
    return rate


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def main() -> None:
    folder, submitters, seconds, message = sys.argv[1:]
    port = free_port()
    server = shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin")
    command = [server, "--jetstream", "--store_dir", folder, "--addr", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", str(port)], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stderr:
                if "Server is ready" in line:
                    break
            arguments = (port, int(submitters), float(seconds), bytes.fromhex(message))
            rate = asyncio.run(publish(*arguments))
        finally:
            process.terminate()
    print(json.dumps({"rate": rate}))


if __name__ == "__main__":
    main()
