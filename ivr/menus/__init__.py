"""The studio of the menus: drafts of whole flows, what speaks for them, and how they go live."""
