"""The law as data, and the engine that derives from a timeline what is owed, by whom and by when.

Pure Python: no Django, no database, no clock. Its only input and output are its own books.
"""
