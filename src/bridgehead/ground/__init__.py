"""The ground under the rooms: page declarations, panels, the loaded region, wording of figures and dates."""
