"""The one registry of tables: columns, types, units and rules, and what is derived from them.

Belongs here: one module per group of assets that describes its tables, and what follows from a description (Arrow
schemas, examination of rows, the schema in the UI, the data dictionary). Does not belong here: reading and writing
(`store`), and what makes the rows (`science`).
"""
