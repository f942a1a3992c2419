"""The dashboard: finished reports to explore, and uploads that become reports. It shows what a study file reproduces."""
