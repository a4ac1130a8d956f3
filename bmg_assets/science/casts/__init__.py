"""What a laboratory's casts say: one cast, the reports of a sample over time, the ladder of sizes, the rounds.

Belongs here: the values and rules that hold whatever file a cast came from. Does not belong here: the reading of files,
cells and words (`bmg_assets.intake`), and what the literature reports.
"""
