"""The doors of the product over HTTP: Twilio's webhooks, the API, health and figures. Decides nothing about care."""
