"""A local Twilio: REST subset, TwiML interpreter, phones with keypads. Knows nothing of the product."""
