"""Sentences for the people who change menus, in their language: differences, proofs, replays."""
