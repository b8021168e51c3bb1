"""The verbs of the menu language: for each, what happens on entering a step and on the event it waits for."""
