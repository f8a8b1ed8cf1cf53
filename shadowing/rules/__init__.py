"""Rules, policies and terms that several rooms of the app ask."""
