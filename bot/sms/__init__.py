"""The edge to Twilio: sending, webhooks and the loopback stand-in. It knows nothing of patients, plans or records."""
