"""Engine of statutes: a text to provisions, provisions to duties, versions and their differences, exports."""
