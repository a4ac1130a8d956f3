"""What commands show on a terminal: tables in plain text, and the progress of runs and downloads, by `rich`.

Belongs here: widths, columns and bars. Does not belong here: what a command does (the modules above), the sentences
that pages show too (pages).
"""
