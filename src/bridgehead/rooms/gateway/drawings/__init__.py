"""Maps and charts of the gateway's pages, in the language of the page."""
