"""What a person can do, whichever way they ask: `cli` prints the outcome, `web` shows it.

Belongs here: one deed per module, from plain values to a result, or to an error in one sentence. Does not belong here:
the words of a terminal or of a page.
"""
