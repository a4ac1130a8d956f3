"""`python -m bmg_assets_tests.dependencies`: vulnerabilities and licences; `--store` keeps the database's answer."""

import sys

from bmg_assets_tests.dependencies.audit import STORED, Answer, ask, locked_versions, said_of
from bmg_assets_tests.dependencies.licences import licences, not_accepted, summary


def main(arguments: list[str]) -> int:
    """Print what was found; 1 where something must be done."""
    found, answer = licences(), ask()
    if "--store" in arguments:
        if answer is None:
            print("The advisory database is out of reach; the stored answer stays.", file=sys.stderr)
            return 1
        answer.store(STORED)
    said = answer or Answer.stored()
    print(said_of(said, answer is None, locked_versions()))
    print(summary(found) + ".")
    wrong = [*said.sentences(), *not_accepted(found)]
    print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
