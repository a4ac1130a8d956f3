"""Reads the store again and again while others write it: `python -m bmg_assets_tests.distributed.readers URL COUNT`.

Prints how often it read, and each error with how often it came, as JSON.
"""

import json
import sys
import time
from collections import Counter

from bmg_assets.science.errors import BmgError
from bmg_assets.store.queries import answer, leave_out_damaged, open_views
from bmg_assets.store.store import NotInStoreError, Store

BETWEEN_READS_S = 0.15
QUERIES = (
    "SELECT target_system, count(*) FROM prediction_grid GROUP BY ALL",
    "SELECT count(*) FROM candidates JOIN system_overview USING (target_system)",
    "SELECT count(*) FROM literature.alloys",
)


def main() -> None:
    """Read, and print what came of it."""
    store, count = Store(url=sys.argv[1]), int(sys.argv[2])
    errors: Counter[str] = Counter()
    for number in range(count):
        try:
            _read(store, number)
        except NotInStoreError:
            pass  # not made yet
        except (BmgError, OSError, ValueError) as error:
            errors[f"{type(error).__name__}: {error}"] += 1
        time.sleep(BETWEEN_READS_S)
    print(json.dumps({"reads": count, "errors": errors}))


def _read(store: Store, number: int) -> None:
    if number % 2:
        for system in store.partitions_of("candidates")[:3]:
            store.read_table("candidates", system)
        return
    sql = QUERIES[number // 2 % len(QUERIES)]
    with open_views(store) as connection:
        damaged = leave_out_damaged(connection, store, sql)
        answer(connection, sql)
    if damaged:
        raise BmgError("; ".join(damaged))


if __name__ == "__main__":
    main()
