"""How numbers, dates, times and amounts are said and written in each language."""
