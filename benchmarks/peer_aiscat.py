"""Times aiscat's dict mode on a file; run by the benchmark environment's own Python.

aiscat is GPL and stands in no other environment. Prints one JSON object.
"""

import json
import sys
import time
from pathlib import Path

import aiscat

BLOCK = 1 << 20


def main() -> None:
    data = Path(sys.argv[1]).read_bytes()
    wall, cpu = time.perf_counter(), time.process_time()
    decoder, count = aiscat.Decoder(format="dictionary"), 0
    for at in range(0, len(data), BLOCK):
        decoder.feed(data[at : at + BLOCK])
        while decoder.next() is not None:
            count += 1
    took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    print(json.dumps({**took, "messages": count, "version": aiscat.__version__}))


if __name__ == "__main__":
    main()
