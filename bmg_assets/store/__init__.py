"""Where results lie: the registry of tables, Parquet files, views, the literature database, files of models.

Belongs here: how a table or a file is written as a whole, read and queried, and the IO managers that do so for assets.
Does not belong here: the content of a table, except for its description in `tables`.
"""
