"""The studio of the voice: what prompts say, who speaks them, and what goes live with the next publishing."""
