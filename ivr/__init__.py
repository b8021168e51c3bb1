"""The telephone: webhooks, one turn of a call, gateway, routing, call control, messages out."""
