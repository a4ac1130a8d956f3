"""Published literature and what the laboratory declares in files: declarations, verified downloads, readers.

Belongs here: from a file or an address to rows of text and declared settings. Does not belong here: what a row means
(`science/literature`), and files of casts (`intake`).
"""
