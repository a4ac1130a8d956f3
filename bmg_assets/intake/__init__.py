"""The intake of lab files: a file dropped into the inbox becomes accepted casts and a report row by row.

The stages, each a module: `read` (bytes to rows of text; `csv_file`, `workbook` and `table` serve it), `rows` (a row to
a cast or its refusals; `cells`, `numbers`, `days`, `alloys`, `words`, `reading` and `plausible` serve it), `outcome`
(the rows beside what was accepted before), `file` (moving the file, the report beside it), `record` (what is kept of
the intake), `accepted` (all that was accepted), `inbox` (the folders as one resource). `check` judges a file without
taking it in, and `examples` shows what is read.

A new column is one field of `rows.CastRow` with its parser, a field of the same name in `Cast`, and a column of the
table `lab_casts`.

Does not belong here: what casts mean (`bmg_assets.science.casts`), and asking for runs (`bmg_assets.automation`).
"""
