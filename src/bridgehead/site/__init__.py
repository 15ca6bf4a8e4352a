"""The site: settings, routes, the one API, navigation and error pages."""
