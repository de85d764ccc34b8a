"""From a Change or an Incident to events and messages, and who gets them. Pure."""
