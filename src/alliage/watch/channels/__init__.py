"""By what a notification leaves the node: webhook, e-mail, MQTT."""
