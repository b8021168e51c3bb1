"""What telephones, softphones and tests use: no part of Twilio."""
