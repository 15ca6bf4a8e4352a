"""One importer for every room: template, preview as a diff, all or nothing, and the same again changes nothing."""
