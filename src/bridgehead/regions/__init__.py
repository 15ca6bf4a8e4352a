"""Regions as folders of tables: reading one, checking it, and handing it to the engines. No region is named in code."""
