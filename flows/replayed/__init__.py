"""Calls that were made, played again."""
