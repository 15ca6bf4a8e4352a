"""Pictures from numbers: maps and charts as SVG, pure functions of plain dataclasses.

Nothing here knows the web, a region or a language: places, numbers and all words come in as parameters, SVG strings
come out. Colours are class names of the stylesheet, so dark screens and print cost nothing.
"""
