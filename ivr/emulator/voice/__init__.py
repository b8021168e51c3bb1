"""Real sound: a WebRTC gateway, and the mixer that says who hears what. Loaded only where an emulator carries voice."""
