"""One search over everything the rooms know: what a region's tables hold and what is kept in the database.

Rooms register what they have (`registry.register`) in ``AppConfig.ready``. Records of the database are indexed in the
transaction that changes them (`index.index_record`); what comes from the region's tables is indexed in memory when it
is first asked for, since the tables are there, do not change while they are served, and everybody may see them.
`find.find` asks both in the same words and shows only what the viewer may see.
"""
