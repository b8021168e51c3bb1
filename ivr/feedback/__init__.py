"""Calls that the line places to ask whether a complaint is solved."""
