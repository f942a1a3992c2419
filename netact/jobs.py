"""Run a study."""
