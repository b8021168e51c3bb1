"""Words to telephone sound: synthesizers, 8 kHz conversion, the store of prompts."""
