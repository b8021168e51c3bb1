"""Offices and postings in a spreadsheet: read, checked row by row, shown before they are written, and given out."""
