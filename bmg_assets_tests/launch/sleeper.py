"""A service for tests: starts a process of its own, writes both their numbers, and waits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    if "deaf" in sys.argv:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    path = Path(sys.argv[1])
    part = path.with_suffix(".part")
    part.write_text(f"{os.getpid()} {child.pid}")
    part.rename(path)
    if "failing" in sys.argv:
        child.kill()
        sys.exit(7)
    time.sleep(600)
