"""The menu language: YAML flows, prompt catalogues, calendars; loader, checker and pure interpreter."""
