"""The subset of Twilio's REST API that the emulator answers."""
